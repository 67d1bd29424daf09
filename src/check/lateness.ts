/**
 * How late what traitors have sent comes, in a run that a path is made. The path only says that time goes on without it;
 * in a run a message arrives at some time, so the run is made twice: once to see how long each is waited for in vain.
 */
import type { Treachery, Word } from '../core/faults.ts';
import type { NodeId } from '../core/protocol.ts';
import type { Run } from '../core/run.ts';
import type { Envelope, World } from '../core/world.ts';

/** By traitor: of each message that it is to send, how much longer than usual it is on its way, in ms. */
export type Lateness = ReadonlyMap<NodeId, readonly number[]>;

/** How late each came in this run, or is when it ends. @param words what each traitor says instead of each message */
export function latenessIn({ trace, world }: Run, words: ReadonlyMap<NodeId, readonly Word[]>): Lateness {
  const cameMs = new Map(
    trace.flatMap(({ choice, atMs }) => (choice.type === 'deliver' ? [[choice.message, atMs]] : [])),
  );
  const lateMs = ({ id, deliverAtMs }: Envelope): number => Math.max(0, (cameMs.get(id) ?? world.nowMs) - deliverAtMs);
  const sentBy = (node: NodeId): Envelope[] =>
    trace.flatMap(({ sends }) => sends.filter(({ from, copyOf }) => from === node && copyOf === undefined));
  return new Map(
    [...words].map(([node, said]) => {
      const sent = sentBy(node);
      return [node, said.map((word) => (word === 'nothing' ? 0 : lateMs(sent.shift() as Envelope)))];
    }),
  );
}

/** What the traitor says, and how late, as far as it is anything but the truth in time. */
export function scriptOf(node: NodeId, words: readonly Word[], lateMs: readonly number[] = []): Treachery {
  const end = words.findLastIndex((word, i) => word !== 'truth' || (lateMs[i] ?? 0) > 0) + 1;
  const script = { type: 'traitor', node, behaviour: 'scripted', says: words.slice(0, end) } as const;
  return lateMs.some((ms) => ms > 0) ? { ...script, lateMs: lateMs.slice(0, end) } : script;
}

/** When the next timer fires. */
export const nextTimerMs = ({ nodes }: World): number =>
  Math.min(...nodes.flatMap(({ timers }) => timers.map(({ fireAtMs }) => fireAtMs)));
