/** The seeded schedule: which choice is due next. Entries whose message or timer is gone are passed over. */
import { type Entry, peek, pop } from './agenda.ts';
import { nodeOf } from './draft.ts';
import type { World } from './world.ts';

/** Is this entry still what it was when it was put on the agenda? */
export function isDue(world: World, entry: Entry): boolean {
  const { choice } = entry;
  if (choice.type === 'deliver') {
    const message = world.pending.get(choice.message);
    return message !== undefined && message.held === null && message.deliverAtMs === entry.atMs;
  }
  if (choice.type === 'fire') return nodeOf(world, choice.node).timers.some(({ token }) => token === entry.token);
  return true;
}

/** The next entry, left where it is; null: nothing is left to happen by itself. */
export function nextEntry(world: World): Entry | null {
  for (let entry = peek(world.agenda); entry !== undefined; entry = peek(world.agenda)) {
    if (isDue(world, entry)) return entry;
    pop(world.agenda);
  }
  return null;
}

/** The next entry, taken off the agenda. The caller performs it, or puts it to no other use. */
export function takeEntry(world: World): Entry | null {
  const entry = nextEntry(world);
  if (entry !== null) pop(world.agenda);
  return entry;
}
