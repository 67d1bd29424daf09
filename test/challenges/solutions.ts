/** A known solution of every challenge that can be met, as a person's acts; own-solutions.ts has those that differ by student. */
import { acts, crash, delay, dropping, partition, pause, restart, resume, traitor } from './acts.ts';
import type { Script } from './play.ts';

/** These have a solution that the explorer finds. */
export const explored: readonly string[] = ['hasty-voters', 'marker-overtaken', 'answer-first'];

export const solutions: Readonly<Record<string, Script>> = {
  'block-two-phase-commit': acts([{ node: 'C', receives: 'yes', nth: 2 }, crash('C')]),
  'promise-forgotten': acts(
    [{ node: 'P2', sends: 'yes', nth: 1 }, crash('P2')],
    [{ node: 'C', decides: 'commit' }, restart('P2')],
  ),
  'three-phases-and-a-cut': acts([{ node: 'C', sends: 'pre-commit', nth: 1 }, partition('C P1', 'P2 P3')]),
  'presumed-abort': acts([{ node: 'A1', receives: 'phase-2b', nth: 1 }, crash('A1', 1)]),
  'half-is-not-enough': acts([0, partition('P1 A1 A2', 'P2 A3 A4')]),
  'acceptor-without-memory': acts(
    [0, partition('P1 A1 A2', 'P2 A3')],
    [500, crash('A2')],
    [600, partition('P1 A1', 'P2 A2 A3'), restart('A2')],
  ),
  'acceptance-ignored': acts([
    { node: 'P1', decides: 'X' },
    { type: 'input', node: 'P2', input: 'propose', data: { value: 'Y' } },
  ]),
  'nothing-is-chosen': acts([0, delay(120, 'P1', null, 'accept'), delay(120, 'P2', null, 'accept')]),
  'too-few-rounds': acts([0, crash('P1', 1), crash('P2', 5)]),
  'three-generals-challenge': acts([0, traitor('L2', 'wrong-value')]),
  'last-word': acts([0, traitor('C', 'equivocate', ['L3']), traitor('L3', 'omit', ['L2'])]),
  'different-lists': acts([0, traitor('D', 'wrong-value', ['B'])]),
  'two-deliveries': acts([0, traitor('S', 'equivocate', ['R2'])]),
  'another-primary': acts([0, crash('R0')]),
  'both-replicas-lie': acts([
    0,
    traitor('R0', 'equivocate', ['R2']),
    traitor('R3', 'equivocate', ['R2']),
    delay(200, 'R0', null, 'reply'),
    delay(200, 'R3', null, 'reply'),
  ]),
  'two-inside': acts([0, delay(300, 'P1', 'P2', 'request', 1)]),
  'majority-of-answers': acts([0, delay(260, 'P2', 'P1'), delay(260, 'P3', 'P1')]),
  'nobody-gets-in': acts([0, crash('P3')]),
  'second-leader': acts([10, pause('N5')], [1000, resume('N5')]),
  'two-of-two-views': acts([500, dropping('N1 N2', 'N3 N4 N5')]),
  'tokens-vanish': acts([0, delay(500, 'P2', 'P3', undefined, 1)]),
  'marker-overtaken': acts([0, delay(200, 'P1', 'P2', 'marker', 1)]),
  phantom: acts([0, delay(600, 'A', 'R1', 'release', 1)]),
  'answer-first': acts([0, delay(500, 'P1', 'P3', undefined, 1)]),
  'two-accounts': acts([0, delay(200, 'P1', 'P2', undefined, 1)]),
  'neither-before-nor-after': acts([
    15,
    { type: 'input', node: 'P', input: 'tell', data: { to: 'Q' } },
    { type: 'input', node: 'Q', input: 'tell', data: { to: 'P' } },
  ]),
  'full-channels': { ...acts([20, { type: 'hold' }], [400]), claims: [{ cut: [40, 40, 40, 40] }] },
  'effect-without-cause': { ...acts([2000]), claims: [{ cut: [0, 100, 100] }] },
  'slow-is-dead': acts([300, pause('N2')], [1500, resume('N2')]),
  'six-rounds': acts([0, delay(400, 'P2', 'P1'), delay(400, 'P1', 'P2'), delay(400, 'P2', 'P3')]),
  'dragged-apart': acts([0, traitor('X', 'equivocate', ['P1', 'P2', 'P3'])]),
  'executed-and-lost': acts([600, dropping('R1 C1', 'R2 R3 C2')]),
  'a-stale-read': acts([0, delay(5000, 'K1', 'R2'), delay(5000, 'K1', 'R3'), delay(5000, 'R1', 'K2')]),
  'a-lie-for-a-secret': acts([0, traitor('S2', 'wrong-value')]),
  'two-liars-agree': acts([0, traitor('S3', 'wrong-value'), traitor('S7', 'wrong-value')]),
};
