/** Going on with a run that was recorded: its lines are written again into a recording of its own, which then grows. */
import { checkpointEvery, digestWorld } from '../core/digest.ts';
import type { World } from '../core/world.ts';
import type { Entry } from './format.ts';
import type { Recorder } from './writer.ts';

/** @param world how the run stood after the last of these lines */
export function copyInto(recorder: Recorder, entries: readonly Entry[], world: World): void {
  const every = checkpointEvery(world.ids.length);
  const blockOf = (events: number): number => Math.floor(events / every);
  let checked = 0;
  for (const entry of entries) {
    copy(recorder, entry);
    if (entry.kind === 'checkpoint' || entry.kind === 'branch') checked = blockOf(entry.i);
  }
  // a recording that was cut off may end just where a checkpoint was due
  if (blockOf(world.events) > checked) recorder.onCheckpoint(world.events, world.nowMs, digestWorld(world));
}

function copy(recorder: Recorder, entry: Entry): void {
  const { i, atMs } = entry;
  switch (entry.kind) {
    case 'act':
      recorder.onAct(i, atMs, entry.act);
      break;
    case 'checkpoint':
      recorder.onCheckpoint(i, atMs, entry.digest);
      break;
    case 'note':
      recorder.onNote(i, atMs, entry.text);
      break;
    case 'mark':
      recorder.onMark(i, atMs, entry.text, entry.of);
      break;
    case 'claim':
      recorder.onClaim(i, atMs, entry.claim);
      break;
    case 'branch':
      recorder.onBranch(i, atMs, entry.from);
      break;
    case 'pause':
      recorder.onPause(i, atMs, entry.paused);
      break;
    case 'wall':
      // real time between inputs, which the new recording measures itself
      break;
  }
}
