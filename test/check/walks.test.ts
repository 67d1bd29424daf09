/** Random walks: what they choose by, and that a violation they find is the wrong variant's doing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createChooser, sourceOf, type WalkName } from '../../src/check/choosers.ts';
import { explore } from '../../src/check/explore.ts';
import type { Letter } from '../../src/check/messages.ts';
import { type Doing, nothingYet } from '../../src/check/moves.ts';
import { namedStream } from '../../src/core/rng.ts';
import { resolveScenarioText } from '../../src/scenario/load.ts';
import { loadSpace, walksOf } from './spaces.ts';

const places = ['a', 'b', 'c', 'd', 'e'];
const draws = 20_000;

/** Which of the places was chosen, again and again on one walk, with all of them always there. */
function chosen(by: WalkName, seed: number): string[] {
  const chooser = createChooser(by, namedStream(seed, 'walks'));
  chooser.begin();
  return Array.from({ length: draws }, () => places[chooser.choose(places)] as string);
}
const share = (from: readonly string[], counts: (place: string, i: number) => boolean): number =>
  from.filter(counts).length / from.length;
const isAgain =
  (from: readonly string[]) =>
  (place: string, i: number): boolean =>
    place === from[i - 1];

test('even choices do not depend on the one before; by priorities the source in front mostly stays there', () => {
  const evenly = chosen('uniform', 1);
  assert.ok(Math.abs(share(evenly, isAgain(evenly)) - 1 / places.length) < 0.02);
  const inTurn = chosen('priorities', 1);
  assert.ok(share(inTurn, isAgain(inTurn)) > 0.6);
});

test('no source waits for ever, however low its first priority is', () => {
  for (const seed of [1, 2, 3]) {
    const inTurn = chosen('priorities', seed);
    assert.deepEqual([...new Set(inTurn)].sort(), places, `seed ${seed}`);
  }
});

test('of a source that is in front, all choices are equally likely', () => {
  const chooser = createChooser('priorities', namedStream(1, 'walks'));
  chooser.begin();
  const firsts = Array.from({ length: draws }, () => chooser.choose(['a', 'a', 'a']) === 0).filter(Boolean);
  assert.ok(Math.abs(firsts.length / draws - 1 / 3) < 0.02);
});

test('what two nodes say to one another is one source; a crash, a copy and a loss are others', () => {
  const letters = [{ from: 0, to: 2 } as Letter, { from: 2, to: 0 } as Letter, { from: 0, to: 1 } as Letter];
  const source = (parts: Partial<Doing>): string => sourceOf({ ...nothingYet(), kind: 'deliver', ...parts }, letters);
  assert.equal(source({ letter: 0 }), source({ letter: 1 }));
  const others = [
    source({ letter: 0 }),
    source({ letter: 2 }),
    source({ letter: 0, keep: true }),
    source({ letter: 0, kind: 'drop' }),
    source({ letter: 0, node: 2, manner: { crashAfter: 1, says: null } }),
    source({ kind: 'fire', node: 2 }),
    source({ kind: 'restart', node: 2 }),
    source({ kind: 'heal' }),
  ];
  assert.equal(new Set(others).size, others.length);
  assert.equal(
    source({ kind: 'crash', node: 2 }),
    source({ kind: 'fire', node: 2, manner: { crashAfter: 1, says: null } }),
  );
});

test('walks by priorities are the same for the same seed, others for another, and never complete', async () => {
  const { scenario, protocol } = await resolveScenarioText(
    `protocol: two-phase-commit
nodes: { C: coordinator, P1: participant, P2: participant }
parameters: { requestLimit: 1 }
inputs: [{ at: 0ms, node: C, input: begin, transaction: t1 }]`,
    'test.yaml',
  );
  const walk = async (seed: number) => {
    const walks = { count: 20, seed, by: 'priorities', lengthMax: 30 } as const;
    const { states, transitions, ends, complete, walkBy } = await explore(scenario, protocol, { walks });
    return { states, transitions, ends, complete, walkBy };
  };
  const one = await walk(1);
  assert.deepEqual(await walk(1), one);
  assert.notDeepEqual(await walk(2), one);
  assert.deepEqual([one.complete, one.walkBy], [false, 'priorities']);
});

test('raft with the right rule for old entries: as many states as show the wrong one’s violation show none', async () => {
  const walk = async (overrides: readonly string[], statesMax?: number) => {
    const { scenario, protocol } = await loadSpace('raft-old-term', overrides);
    const properties = protocol.properties.filter(({ name }) => name === 'total-order/uniformity');
    const options = { ...walksOf('raft-old-term', scenario), statesMax };
    const { states, properties: findings } = await explore(scenario, { ...protocol, properties }, options);
    return { states, verdicts: findings.map(({ verdict }) => verdict) };
  };
  const wrong = await walk([]);
  assert.deepEqual(wrong.verdicts, ['violated']);
  const right = await walk(['parameters.commitOldTerms=false'], 3 * wrong.states);
  assert.deepEqual(right, { states: 3 * wrong.states, verdicts: ['unknown'] });
});
