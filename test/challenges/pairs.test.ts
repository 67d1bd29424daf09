/** Whatever can be broken has a counterpart that cannot, and the counterpart stands what breaks the other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Goal } from '../../src/core/challenge-goal.ts';
import { type Banked, bank, challengeOf, isPossible } from './bank.ts';
import { solutionOf } from './own-solutions.ts';
import { judged } from './play.ts';

/** Of these a theorem says that no protocol stands the same attack. */
const withoutRemedy = new Map([
  ['last-messenger-challenge', 'no number of messengers makes two generals sure of each other (Gray 1978)'],
  [
    'nobody-gets-in',
    'without clocks nobody can tell who is slow inside from who is down (Delporte-Gallet et al. 2005)',
  ],
  ['one-side-commits', 'whatever the commit protocol, some partition makes somebody wait (Skeen and Stonebraker 1983)'],
]);

/** Does it want a property violated that should always hold, or somebody blocked? */
function breaks(goal: Goal): boolean {
  if ('violated' in goal || 'blocked' in goal) return true;
  if ('all' in goal) return goal.all.some(breaks);
  return 'any' in goal && goal.any.some(breaks);
}

const named = (id: string | undefined): Banked | undefined => bank.find((each) => each.id === id);

test('every challenge that breaks a property or blocks a node has a pair that is impossible, but for three', () => {
  const breakable = bank.filter((each) => isPossible(each) && breaks(challengeOf(each).goal));
  assert.ok(breakable.length >= 30);
  const alone = breakable.filter((each) => challengeOf(each).pair === undefined).map(({ id }) => id);
  assert.deepEqual(alone, [...withoutRemedy.keys()]);
});

test('of a pair one can be done and the other cannot, and whoever cannot be done has one', () => {
  for (const each of bank) {
    const { pair } = challengeOf(each);
    if (pair === undefined) {
      assert.ok(isPossible(each), `${each.id} has no pair`);
      continue;
    }
    const other = named(pair);
    assert.ok(other !== undefined && isPossible(other) !== isPossible(each), `${each.id} and ${pair}`);
  }
});

test('what breaks the one does not break its pair', () => {
  let played = 0;
  for (const each of bank.filter((other) => !isPossible(other))) {
    const { pair = '' } = challengeOf(each);
    const other = named(pair) as Banked;
    const script = solutionOf(pair, other.loaded.scenario);
    // another number of nodes, or another protocol: there the same acts mean nothing
    if (script === undefined || !isLike(each, other)) continue;
    played += 1;
    assert.notEqual(judged(each.loaded, script).met, true, `${pair} for ${each.id}`);
  }
  assert.ok(played >= 10, `${played}`);
});

const isLike = ({ loaded: a }: Banked, { loaded: b }: Banked): boolean =>
  a.protocol.id === b.protocol.id && Object.keys(b.scenario.nodes).every((id) => id in a.scenario.nodes);
