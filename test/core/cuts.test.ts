/** Cuts: which are consistent, what breaks the others, and which consistent one is nearest. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Causality, createCausality, extendCausality, happenedBefore } from '../../src/core/causality.ts';
import { type Cut, examineCut, isInside, moveCut, nearestConsistentCut, straightCut } from '../../src/core/cuts.ts';
import { createRun, type Run, stepRun } from '../../src/core/run.ts';
import { chatter, chatterScenario } from '../fixtures/chatter.ts';
import { course, runOf } from '../fixtures/random-runs.ts';

const causalityOf = ({ world, trace }: Run): Causality => extendCausality(createCausality(world.indexOf), trace);
const insideOf = (run: Run, causality: Causality, cut: Cut): Set<number> =>
  new Set(run.trace.filter((event) => isInside(causality, cut, event)).map(({ index }) => index));

/** By the definition: whatever is in the past of something inside is inside. */
function leftClosed(run: Run, causality: Causality, cut: Cut): boolean {
  const inside = insideOf(run, causality, cut);
  return run.trace.every(
    (a) => inside.has(a.index) || ![...inside].some((b) => happenedBefore(causality, a, run.trace[b]!)),
  );
}

const cutOf = (run: Run, places: readonly number[]): Cut =>
  run.world.ids.map((_, i) => (places[i] ?? 0) % (run.trace.length + 1));
const places = fc.array(fc.nat({ max: 500 }), { minLength: 4, maxLength: 4 });

test('a cut has no offending message exactly when it is closed under the past', () => {
  const seen = { consistent: 0, not: 0 };
  fc.assert(
    fc.property(course, places, (plan, where) => {
      const run = runOf(plan);
      const causality = causalityOf(run);
      const cut = cutOf(run, where);
      const { offences } = examineCut(causality, run.trace, cut);
      seen[offences.length === 0 ? 'consistent' : 'not'] += 1;
      assert.equal(offences.length === 0, leftClosed(run, causality, cut));
      for (const { sent, received } of offences) {
        assert.ok(isInside(causality, cut, run.trace[received]!), 'received inside');
        assert.ok(!isInside(causality, cut, run.trace[sent]!), 'sent outside');
      }
    }),
    { numRuns: 150 },
  );
  assert.ok(seen.consistent > 0 && seen.not > 20);
});

test('the state of one moment is always a consistent cut, and what crosses it is what was on its way', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat({ max: 60 }), (seed, steps) => {
      const run = createRun(chatterScenario(4, { seed }), chatter);
      for (let i = 0; i < steps; i++) stepRun(run);
      const { offences, crossing } = examineCut(causalityOf(run), run.trace, straightCut(4, run.trace.length));
      assert.equal(offences.length, 0);
      assert.deepEqual(
        crossing.map(({ id }) => id).sort((a, b) => a - b),
        [...run.world.pending.keys()].sort((a, b) => a - b),
      );
    }),
    { numRuns: 60 },
  );
});

test('the nearest consistent cut is consistent, and no other is nearer', () => {
  let mended = 0;
  fc.assert(
    fc.property(fc.nat(), places, (seed, where) => {
      // three nodes and few events, so that every cut there is can be tried
      const run = createRun(chatterScenario(3, { seed }), chatter);
      for (let i = 0; i < 16; i++) stepRun(run);
      const causality = causalityOf(run);
      const cut = cutOf(run, where);
      const before = insideOf(run, causality, cut);
      const distance = (other: Cut): number => {
        const after = insideOf(run, causality, other);
        return [...before].filter((i) => !after.has(i)).length + [...after].filter((i) => !before.has(i)).length;
      };
      const found = nearestConsistentCut(causality, run.trace, cut);
      assert.equal(examineCut(causality, run.trace, found).offences.length, 0);
      let least = Number.POSITIVE_INFINITY;
      const ends = run.world.ids.map((id) => [
        0,
        ...run.trace.filter(({ node }) => node === id).map(({ index }) => index + 1),
      ]);
      for (const a of ends[0]!)
        for (const b of ends[1]!)
          for (const c of ends[2]!)
            if (examineCut(causality, run.trace, [a, b, c]).offences.length === 0)
              least = Math.min(least, distance([a, b, c]));
      assert.equal(distance(found), least);
      if (least > 0) mended += 1;
    }),
    { numRuns: 60 },
  );
  assert.ok(mended > 5, `${mended} were inconsistent`);
});

test('the nearest cut of a consistent one is itself', () => {
  fc.assert(
    fc.property(course, places, (plan, where) => {
      const run = runOf(plan);
      const causality = causalityOf(run);
      const cut = nearestConsistentCut(causality, run.trace, cutOf(run, where));
      assert.deepEqual(nearestConsistentCut(causality, run.trace, cut), cut);
    }),
    { numRuns: 60 },
  );
});

test('a line moves over one event of its node at a time, there and back, and stops at the ends', () => {
  const run = createRun(chatterScenario(3), chatter);
  for (let i = 0; i < 20; i++) stepRun(run);
  const own = run.trace.filter(({ node }) => node === 'N1').map(({ index }) => index);
  let cut: Cut = straightCut(3, 0);
  for (const index of own) {
    cut = moveCut(run.trace, cut, 1, 'N1', 1);
    assert.deepEqual(cut, [0, index + 1, 0]);
  }
  assert.equal(moveCut(run.trace, cut, 1, 'N1', 1), cut);
  for (const index of own.toReversed()) {
    cut = moveCut(run.trace, cut, 1, 'N1', -1);
    assert.deepEqual(cut, [0, index, 0]);
  }
  assert.equal(moveCut(run.trace, cut, 1, 'N1', -1), cut);
});
