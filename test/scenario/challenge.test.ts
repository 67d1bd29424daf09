/** The challenge block as it is written: what is understood, and every mistake at its place. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { Scenario } from '../../src/core/scenario.ts';
import { challengeShape } from '../../src/scenario/challenge-shape.ts';
import type { LoadOptions } from '../../src/scenario/load.ts';
import { parseResolvedScenario } from '../../src/scenario/resolved.ts';
import { example, mistakesIn, read } from './example.ts';

/** 26 lines come before the goal's. */
const withGoal = (goal: string, more = ''): string => `${example}challenge:\n  goal: ${goal}\n  points: 10\n${more}`;

const forms: readonly (readonly [written: string, meant: object])[] = [
  ['{ violated: agreement }', { violated: 'atomic-commit/agreement' }],
  ['{ holds: vote/termination }', { holds: 'vote/termination' }],
  ['{ reached: { node: P1, state: voted } }', { reached: { node: 'P1', state: 'voted' } }],
  ['{ decided: { P1: commit, P2: null, P3: any } }', { decided: { P1: 'commit', P2: null, P3: 'any' } }],
  ['{ blocked: [P1, P2] }', { blocked: ['P1', 'P2'] }],
  ['{ count: { messages: commit, at-least: 2 } }', { count: { messages: 'commit', 'at-least': 2 } }],
  ['{ count: { enters: voted, node: P1, exactly: 1 } }', { count: { enters: 'voted', node: 'P1', exactly: 1 } }],
  [
    '{ concurrent: [{ node: P1, sends: any }, { node: P2, receives: commit, nth: 2 }] }',
    {
      concurrent: [
        { node: 'P1', sends: null },
        { node: 'P2', receives: 'commit', nth: 2 },
      ],
    },
  ],
  ['{ cut: consistent, crossing: { exactly: 2 } }', { cut: 'consistent', crossing: { exactly: 2 } }],
  ['{ bivalent-for: 20 }', { 'bivalent-for': 20 }],
  ['{ any: [{ not: { violated: agreement } }] }', { any: [{ not: { violated: 'atomic-commit/agreement' } }] }],
  [
    '{ before: [{ fault: crash, node: C }, { violated: agreement }] }',
    { before: [{ fault: 'crash', node: 'C' }, { violated: 'atomic-commit/agreement' }] },
  ],
  ['{ after: [{ blocked: [P1] }, { input: begin }] }', { after: [{ blocked: ['P1'] }, { input: 'begin' }] }],
  [
    '{ all: [ { blocked: [P1, P2] }, { not: { violated: atomic-commit/agreement } } ] }',
    { all: [{ blocked: ['P1', 'P2'] }, { not: { violated: 'atomic-commit/agreement' } }] },
  ],
];
for (const [written, meant] of forms) {
  test(`a goal is read: ${written}`, async () => {
    const scenario = await read(withGoal(written));
    assert.deepEqual(scenario.challenge, { points: 10, goal: meant, budget: {} });
    // and a recording's header holds it as it is
    const again = parseResolvedScenario(JSON.parse(JSON.stringify(scenario)), 'r.jsonl:1');
    assert.deepEqual(again.challenge, scenario.challenge);
  });
}

test('the block of the documentation is read as it stands, and what check explores is its budget', async () => {
  const block = `challenge: { points: 10, goal: { all: [ { blocked: [P1, P2] }, { not: { violated: atomic-commit/agreement } } ] },
             budget: { crash: 1, pause: 2 }, bonus: { fewest-faults: 2 }, instance: per-student }\n`;
  const { challenge } = await read(`${example}${block}`);
  assert.deepEqual(
    [challenge?.budget, challenge?.bonus, challenge?.instance],
    [{ crash: 1, pause: 2 }, { 'fewest-faults': 2 }, 'per-student'],
  );
  const own = example.replace(/^budget:.*\n/m, '');
  assert.deepEqual((await read(`${own}${block}`)).budget, { crash: 1 });
});

const goals: readonly (readonly [goal: string, mistake: string])[] = [
  ['{ blokced: [P1] }', '27:9: unknown goal `blokced`; did you mean blocked?'],
  ['{ blocked: [P9] }', '27:21: there is no node `P9`; did you mean P1?'],
  ['{ violated: agrement }', '27:21: vote has no property `agrement`; did you mean atomic-commit/agreement?'],
  [
    '{ reached: { node: P1, sate: voted } }',
    '27:32: unknown key `sate` in `challenge.goal.reached`; did you mean state?',
  ],
  ['{ count: { messages: comit, at-least: 1 } }', '27:30: vote has no message `comit`; did you mean commit?'],
  ['{ count: { messages: commit } }', '27:18: how many? add at-least, at-most or exactly'],
  ['{ count: { at-least: 1 } }', '27:18: count either `messages` (a kind, or any) or `enters` (a state)'],
  [
    '{ count: { messages: any, exactly: 1, at-most: 2 } }',
    '27:35: `exactly` says it all: leave out at-least and at-most',
  ],
  [
    '{ count: { messages: any, at-leest: 1 } }',
    '27:35: unknown key `at-leest` in `challenge.goal.count`; did you mean at-least?',
  ],
  ['{ all: [] }', '27:16: `all` is `[]`, but must be 1 or more'],
  ['{ all: [{ not: { blocked: [P7] } }] }', '27:36: there is no node `P7`; did you mean P1?'],
  ['{ before: [{ node: P1, snds: commit }, { blocked: [P1] }] }', '27:20: unknown goal `snds`; did you mean sends?'],
  [
    '{ concurrent: [{ blocked: [P1] }, { input: begin }] }',
    '27:24: unknown goal `blocked`; there are sends, receives, enters, decides, delivers, fault, input',
  ],
  ['{ cut: straight }', '27:16: `cut` is `straight`; there are consistent, inconsistent'],
  [
    'blocked',
    '27:9: a goal must be a mapping with one of violated, holds, reached, decided, blocked, count, concurrent, cut, bivalent-for, all, any, not, before, after',
  ],
];
for (const [goal, mistake] of goals) {
  test(`a mistake in a goal is told at its place: ${goal}`, async () => {
    assert.deepEqual(await mistakesIn(withGoal(goal)), [mistake]);
  });
}

const others: readonly (readonly [lines: string, mistake: string])[] = [
  ['  budget: { crsh: 1 }\n', '29:13: nothing is charged as `crsh`; did you mean crash?'],
  ['  budget: { heal: 1 }\n', '29:13: `heal` ends a fault and costs nothing: leave it out'],
  ['  budget: { reorder: 1 }\n', '29:13: `reorder` is charged as schedule: write schedule'],
  ['  bonus: { fewest: 1 }\n', '29:12: unknown key `fewest` in `challenge.bonus`; did you mean fewest-faults?'],
  ['  instance: per-pupil\n', '29:13: `instance` is `per-pupil`; there is per-student'],
  ['  salt: x\n', '29:3: there is a salt but no `instance: per-student` that it goes into'],
  ['  variants: [{}, {}]\n', '29:3: there are variants but no `instance: per-student`, so that nobody gets one'],
  ['  instance: per-student\n  variants: [{}]\n', '30:13: `variants` is `[{}]`, but must be 2 or more'],
  [
    '  instance: per-student\n  variants:\n    - {}\n    - { challenge.goal: { blocked: [P9] } }\n',
    '32:37: there is no node `P9`; did you mean P1?',
  ],
  [
    '  instance: per-student\n  variants:\n    - {}\n    - { parametres.votes: { P1: no } }\n',
    '32:9: there is no `parametres` to set; did you mean parameters?',
  ],
  [
    '  instance: per-student\n  variants:\n    - {}\n    - { challenge.points: 99 }\n',
    '32:9: `challenge.points` must be the same in every variant; of the challenge goal, budget, hints may differ',
  ],
  [
    '  instance: per-student\n  variants:\n    - {}\n    - { seed: 3 }\n',
    '32:9: `seed` must be the same in every variant; of the challenge goal, budget, hints may differ',
  ],
  ['  instance: per-student\n  variants:\n    - {}\n    - { a..b: 3 }\n', '32:9: `a..b` is no path in a scenario'],
  ['  difficulty: esay\n', '29:15: `difficulty` is `esay`; did you mean easy?'],
  [
    '  author: me\n',
    '29:3: unknown key `author` in `challenge`; there are points, goal, budget, bonus, instance, variants, salt, answer, argument, difficulty, pair, hints',
  ],
];
for (const [lines, mistake] of others) {
  test(`a mistake in the block is told at its place: ${lines.trim()}`, async () => {
    assert.deepEqual(await mistakesIn(withGoal('{ blocked: [P1] }', lines)), [mistake]);
  });
}

test('a student’s seed picks one of the variants, what stands on the command line counts above it, and no recording has them', async () => {
  const variants =
    '  instance: per-student\n  variants:\n    - {}\n    - { until: 9s, challenge.goal: { blocked: [P2] } }\n';
  const text = withGoal('{ blocked: [P1] }', variants);
  const load = (options: LoadOptions) => read(text, options.overrides, options.instance);
  const shown = ({ seed, untilMs, challenge }: Scenario) => [seed, untilMs, challenge?.goal];
  assert.deepEqual(shown(await load({ instance: 8 })), [8, 60_000, { blocked: ['P1'] }]);
  assert.deepEqual(shown(await load({ instance: 9 })), [9, 9_000, { blocked: ['P2'] }]);
  assert.deepEqual(shown(await load({ instance: 9, overrides: ['until=7s'] })), [9, 7_000, { blocked: ['P2'] }]);
  assert.deepEqual(Object.keys((await load({})).challenge ?? {}), ['goal', 'points', 'instance', 'budget']);
});

test('a challenge needs a goal and points', async () => {
  assert.deepEqual(await mistakesIn(`${example}challenge: { points: 3 }\n`), ['26:12: `goal` is missing']);
});

test('every form and every block of the documentation has the shape that is read', () => {
  const guide = readFileSync(new URL('../../docs/challenges.md', import.meta.url), 'utf8');
  const shown = [...guide.matchAll(/^\| `(\{ .*?\})` \|/gm)]
    .map(([, form]) => form as string)
    .filter((form) => !form.includes('...'));
  assert.ok(shown.length >= 11);
  for (const form of shown) {
    const { error } = challengeShape.safeParse({ points: 1, goal: parse(form) });
    assert.equal(error, undefined, form);
  }
  const [, block = ''] = /```yaml\n(challenge:[\s\S]*?)```/.exec(guide) ?? [];
  assert.equal(challengeShape.safeParse(parse(block).challenge).error, undefined);
});
