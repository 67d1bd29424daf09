/**
 * Time in the synchronous model: it stands still while messages are on their way, and then goes on to the next timers.
 * What traitors have sent need not be waited for: time may go on without it, and it is late.
 */
import type { Letter } from './messages.ts';
import { isAcross } from './network.ts';
import type { Successor } from './successor.ts';

/** Whose messages are on their way and can arrive. One that a traitor may not keep back counts as an honest node's. */
type Awaited = 'honest nodes' | 'traitors' | 'nobody';

/** Lets time pass in `next`, if nobody has to be waited for. */
export function passTime(s: Successor, length: number): Awaited {
  if (!s.model.synchronous) return 'honest nodes';
  const awaited = awaitedIn(s, length);
  if (awaited === 'nobody') goOn(s);
  return awaited;
}

function awaitedIn(s: Successor, length: number): Awaited {
  const { next, steps, layout } = s;
  const partition = s.partition(next);
  let awaited: Awaited = 'nobody';
  for (let at = layout.network; at < length; at++) {
    const letter = steps.letters.all[next[at] as number] as Letter;
    if (partition !== undefined && isAcross(partition, letter)) continue;
    if (steps.local(letter.from, next[letter.from] as number).honest || !steps.mayBeLate(letter)) return 'honest nodes';
    awaited = 'traitors';
  }
  return awaited;
}

/** To the next timers, in `next`. False: there are none, or they are due. */
export function goOn({ next, steps, layout }: Successor): boolean {
  let leastMs = Number.POSITIVE_INFINITY;
  for (let node = 0; node < layout.nodes; node++)
    for (const { leftMs } of steps.local(node, next[node] as number).timers) leastMs = Math.min(leastMs, leftMs);
  if (leastMs === 0 || leastMs === Number.POSITIVE_INFINITY) return false;
  for (let node = 0; node < layout.nodes; node++)
    next[node] = steps.aged(node, steps.local(node, next[node] as number), leastMs);
  return true;
}

export function isTimerDue({ steps, layout }: Successor, vector: Int32Array): boolean {
  for (let node = 0; node < layout.nodes; node++)
    if (steps.local(node, vector[node] as number).timers.some(({ leftMs }) => leftMs <= 0)) return true;
  return false;
}
