/** The steps of a lesson as they are written: what is understood, and every mistake at its place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseResolvedScenario } from '../../src/scenario/resolved.ts';
import { example, mistakesIn, read } from './example.ts';

/** 26 lines come before the steps. */
const withSteps = (...steps: readonly string[]): string =>
  `${example}lesson:\n${steps.map((step) => `  - ${step}\n`).join('')}`;
const waitingFor = (condition: string): string => withSteps(`{ do: Look., when: ${condition} }`);

test('every form of a condition is read, with full names, milliseconds, and null for any', async () => {
  const forms: readonly (readonly [string, object])[] = [
    ['{ node: C, sends: commit }', { node: 'C', sends: 'commit' }],
    ['{ node: P1, receives: any, nth: 2 }', { node: 'P1', receives: null, nth: 2 }],
    ['{ node: C, enters: collecting.late }', { node: 'C', enters: 'collecting.late' }],
    ['{ node: C, decides: commit }', { node: 'C', decides: 'commit' }],
    ['{ node: C, delivers: any }', { node: 'C', delivers: null }],
    ['{ fault: crash, node: P1, by: person }', { fault: 'crash', node: 'P1', by: 'person' }],
    ['{ fault: traitor, node: P1, behaviour: equivocate }', { fault: 'traitor', node: 'P1', behaviour: 'equivocate' }],
    ['{ fault: any }', { fault: 'any' }],
    ['{ input: begin, node: C }', { input: 'begin', node: 'C' }],
    ['{ node: P1, is: crashed }', { node: 'P1', is: 'crashed' }],
    ['{ node: P1, in: voted }', { node: 'P1', in: 'voted' }],
    ['{ blocked: [P1, P2] }', { blocked: ['P1', 'P2'] }],
    ['{ decided: { P1: commit, P2: null } }', { decided: { P1: 'commit', P2: null } }],
    ['{ violated: agreement }', { violated: 'atomic-commit/agreement' }],
    ['{ achieved: vote/termination }', { achieved: 'vote/termination' }],
    ['{ quiet: true }', { quiet: true }],
    ['{ time: 1.5s }', { timeMs: 1500 }],
    [
      '{ parameters: { voteTimeout: 2s, votes: { P1: no } } }',
      { parameters: { voteTimeout: 2000, votes: { P1: 'no' } } },
    ],
    ['{ branched: true }', { branched: true }],
    ['{ viewing: past }', { viewing: 'past' }],
    ['{ inspecting: P2 }', { inspecting: 'P2' }],
    ['{ all: [{ quiet: true }, { time: 2s }] }', { all: [{ quiet: true }, { timeMs: 2000 }] }],
    [
      '{ any: [{ fault: heal }, { node: C, decides: any }] }',
      { any: [{ fault: 'heal' }, { node: 'C', decides: null }] },
    ],
  ];
  for (const [written, meant] of forms) {
    const scenario = await read(waitingFor(written));
    assert.deepEqual(scenario.lesson, [{ do: 'Look.', when: meant }], written);
    // and a recording's header holds it as it is
    assert.deepEqual(parseResolvedScenario(JSON.parse(JSON.stringify(scenario)), 'r.jsonl:1').lesson, scenario.lesson);
  }
});

test('a scenario without a lesson has none, and a step needs no condition', async () => {
  assert.equal((await read(example)).lesson, undefined);
  assert.deepEqual((await read(withSteps('{ do: Read this. }'))).lesson, [{ do: 'Read this.' }]);
});

const conditions: readonly (readonly [condition: string, mistake: string])[] = [
  ['{ falt: crash }', '27:24: unknown condition `falt`; did you mean fault?'],
  ['{ node: C, entres: ready }', '27:24: unknown condition `entres`; did you mean enters?'],
  [
    '{ node: C }',
    '27:24: a condition must be a mapping with one of sends, receives, enters, decides, delivers, fault, input, is, in, blocked, decided, violated, achieved, quiet, time, bound, parameters, branched, viewing, inspecting, all, any',
  ],
  ['{ fault: crsh }', '27:33: `fault` is `crsh`; did you mean crash?'],
  ['{ fault: crash, node: P9 }', '27:46: there is no node `P9`; did you mean P1?'],
  ['{ fault: crash, by: me }', '27:44: `by` is `me`; there are person, script'],
  ['{ fault: traitor, behaviour: silnt }', '27:53: `behaviour` is `silnt`; did you mean silent?'],
  ['{ node: C, sends: comit }', '27:42: vote has no message `comit`; did you mean commit?'],
  ['{ node: C, enters: colecting }', '27:43: a chair has no state `colecting`; did you mean collecting?'],
  ['{ node: P9, enters: ready }', '27:32: there is no node `P9`; did you mean P1?'],
  ['{ node: C, sends: any, nth: 0 }', '27:52: `nth` is `0`, but must be 1 or more'],
  ['{ node: C, sends: any, nht: 2 }', '27:47: unknown key `nht` in a condition; did you mean nth?'],
  ['{ node: C, is: crahsed }', '27:39: `is` is `crahsed`; did you mean crashed?'],
  ['{ node: P1, in: votd }', '27:40: a member has no state `votd`; did you mean voted?'],
  ['{ blocked: [P1, P22] }', '27:40: there is no node `P22`; did you mean P2?'],
  ['{ blocked: P1 }', '27:35: `blocked` is `P1`, but must be a list'],
  ['{ decided: { P7: commit } }', '27:37: there is no node `P7`; did you mean P1?'],
  ['{ violated: agrement }', '27:36: vote has no property `agrement`; did you mean atomic-commit/agreement?'],
  [
    '{ achieved: termination }',
    '27:36: `termination` may mean atomic-commit/termination or vote/termination; write the full name',
  ],
  ['{ time: 5 }', '27:32: the duration 5 has no unit; did you mean 5ms or 5s?'],
  ['{ bound: exceeded }', '27:33: vote states no bound that could be exceeded'],
  ['{ input: beginn }', '27:33: vote has no input `beginn`; did you mean begin?'],
  ['{ parameters: { voteTimeuot: 1s } }', '27:40: vote has no parameter `voteTimeuot`; did you mean voteTimeout?'],
  ['{ parameters: { voteTimeout: 1 } }', '27:53: the duration 1 has no unit; did you mean 1ms or 1s?'],
  ['{ viewing: pst }', '27:35: `viewing` is `pst`; did you mean past?'],
  ['{ inspecting: P4 }', '27:38: there is no node `P4`; did you mean P1?'],
  ['{ all: [{ quiet: true }, { falt: crash }] }', '27:49: unknown condition `falt`; did you mean fault?'],
  ['{ any: [{ node: C, enters: colecting }] }', '27:51: a chair has no state `colecting`; did you mean collecting?'],
  ['{ any: [{ time: 3 }] }', '27:40: the duration 3 has no unit; did you mean 3ms or 3s?'],
];

for (const [condition, mistake] of conditions) {
  test(`the condition ${condition} is reported at its place`, async () => {
    assert.deepEqual(await mistakesIn(waitingFor(condition)), [mistake]);
  });
}

test('a step is a mapping with `do`, and a question stands beside its answer', async () => {
  const steps: readonly (readonly [step: string, mistake: string])[] = [
    ['{ dó: x }', '27:7: unknown key `dó` in a step of the lesson; did you mean do?'],
    ['{ when: { quiet: true } }', '27:5: `do` is missing'],
    ['{ do: Look., whn: { quiet: true } }', '27:18: unknown key `whn` in a step of the lesson; did you mean when?'],
    ['{ do: Look., ask: "Why?" }', '27:18: the question has no answer; add `answer`'],
    ['{ do: Look., answer: So. }', '27:18: the answer has no question; add `ask`'],
    ['just words', '27:5: `lesson` entry 1 is `just words`, but must be a mapping'],
  ];
  for (const [step, mistake] of steps) assert.deepEqual(await mistakesIn(withSteps(step)), [mistake], step);
});
