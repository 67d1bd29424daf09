/** The seeded schedule: which choice is due next. Entries whose message or timer is gone are passed over. */
import { type Entry, peek, pop } from './agenda.ts';
import { nodeOf } from './draft.ts';
import { sameJson } from './json.ts';
import type { Choice, World } from './world.ts';

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

/**
 * Everything that may come next, in the order in which it is due. In fifo order a message waits for those before it on
 * its link. In the synchronous model nothing comes after the next timer: by then all messages have arrived.
 */
export function comingEntries(world: World): Entry[] {
  const due = world.agenda.heap.filter((entry) => isDue(world, entry)).sort((a, b) => a.atMs - b.atMs || a.seq - b.seq);
  const { model, network } = world.scenario;
  const timer = due.find(({ choice }) => choice.type !== 'deliver');
  const untilMs = model === 'synchronous' ? (timer?.atMs ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  const links = new Set<string>();
  return due.filter(({ choice, atMs }) => {
    if (atMs > untilMs) return false;
    const message = choice.type === 'deliver' ? world.pending.get(choice.message) : undefined;
    if (message === undefined || network.order !== 'fifo') return true;
    const link = `${message.from}>${message.to}`;
    return !links.has(link) && links.add(link) !== undefined;
  });
}

/** Where the scenario's next input like this one stands; null: none is still to come. */
export function inputToCome(
  { agenda }: World,
  { node, input, data }: Extract<Choice, { type: 'input' }>,
): Entry | null {
  const alike = agenda.heap.filter(
    ({ choice }) =>
      choice.type === 'input' && choice.node === node && choice.input === input && sameJson(choice.data, data),
  );
  return alike.sort((a, b) => a.atMs - b.atMs || a.seq - b.seq)[0] ?? null;
}

/** The next entry, taken off the agenda. The caller performs it, or puts it to no other use. */
export function takeEntry(world: World): Entry | null {
  const entry = nextEntry(world);
  if (entry !== null) pop(world.agenda);
  return entry;
}
