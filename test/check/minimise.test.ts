/** Long runs that break a property, found by wandering about, made as small as they go. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explore, type Path } from '../../src/check/explore.ts';
import { Follower } from '../../src/check/follow.ts';
import { Judge } from '../../src/check/judge.ts';
import { minimise, simpler } from '../../src/check/minimise.ts';
import { createModel, type Model } from '../../src/check/model.ts';
import type { Move } from '../../src/check/moves.ts';
import { Transitions } from '../../src/check/transitions.ts';
import { loadScenario } from '../../src/scenario/load.ts';

const tracked = { inputs: true, anyFault: true };

/** Goes any way until the property is violated; where the way ends, or is too long, it begins anew. */
function wander(model: Model, p: number, random: () => number): Path {
  const transitions = new Transitions(model, tracked);
  const judge = new Judge(transitions, tracked);
  const roots = transitions.roots();
  for (;;) {
    const root = roots[Math.floor(random() * roots.length)] as (typeof roots)[number];
    let { vector } = root;
    const moves = [...root.moves];
    for (let length = 0; length < 400; length++) {
      const ways: { vector: Int32Array; move: Move }[] = [];
      transitions.expand(vector, vector.length, (next, end, move) =>
        ways.push({ vector: next.slice(0, end), move: move() }),
      );
      const way = ways[Math.floor(random() * ways.length)];
      if (way === undefined) break;
      vector = way.vector;
      moves.push(way.move);
      judge.look(vector);
      if (judge.succeeds(p)) continue;
      const { steps } = transitions;
      const traitors = model.ids.filter((_, node) => !steps.local(node, vector[node] as number).honest);
      return { moves, traitors, letters: steps.letters.all };
    }
  }
}

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const cases = [
  { preset: 'impatient-participant', property: 'atomic-commit/commit-validity', more: 0 },
  { preset: 'unlogged-vote', property: 'atomic-commit/agreement', more: 3 },
  { preset: 'three-generals', property: 'byzantine-generals/IC2', more: 1 },
  { preset: 'too-late-to-tell', property: 'byzantine-generals/IC1', more: 4 },
];
for (const { preset, property, more } of cases) {
  test(`what wandering finds in ${preset} is minimised, to nearly the shortest`, async () => {
    const { scenario, protocol } = await loadScenario(preset);
    const model = createModel(scenario, protocol);
    const p = protocol.properties.findIndex(({ name }) => name === property);
    const shortest = await explore(scenario, protocol);
    const least = shortest.path(shortest.properties[p]?.state as number).moves.length;
    for (const seed of [1, 2, 3]) {
      const long = wander(model, p, randomFrom(seed));
      const { path, minimal } = await minimise(model, tracked, long, p);
      assert.ok(minimal);
      const said = `${long.moves.length} moves became ${path.moves.length}, the shortest has ${least}`;
      assert.ok(path.moves.length >= least && path.moves.length <= least + more, said);
      assertNothingCanGo(model, path, p);
    }
  });
}

function assertNothingCanGo(model: Model, path: Path, p: number): void {
  const transitions = new Transitions(model, tracked);
  const judge = new Judge(transitions, tracked);
  const follower = new Follower(transitions);
  const moves = follower.adopt(path);
  const violates = (tried: readonly Move[]): boolean =>
    follower.follow(path.traitors, tried, (vector) => {
      judge.look(vector);
      return !judge.succeeds(p);
    }) !== null;
  assert.ok(violates(moves));
  const fixed = model.ids.length + model.atStart.length;
  for (const [at] of moves.entries())
    for (const less of simpler(moves, at, fixed)) assert.ok(!violates(less), `without number ${at} it fails as well`);
}

test('without time to try, the run stays as it was and is not called minimal', async () => {
  const { scenario, protocol } = await loadScenario('unlogged-vote');
  const model = createModel(scenario, protocol);
  const p = protocol.properties.findIndex(({ name }) => name === 'atomic-commit/agreement');
  const long = wander(model, p, randomFrom(1));
  const { path, minimal } = await minimise(model, tracked, long, p, { effort: 1 });
  assert.equal(minimal, false);
  assert.equal(path.moves.length, long.moves.length);
});
