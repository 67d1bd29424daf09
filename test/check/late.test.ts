/** Any way through a space in which traitors speak late can be carried out as a run, and is the same there. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { runPath } from '../../src/check/counterexample.ts';
import type { Path } from '../../src/check/explore.ts';
import { createModel, type Model } from '../../src/check/model.ts';
import type { Move } from '../../src/check/moves.ts';
import { Transitions } from '../../src/check/transitions.ts';
import { writeRecording } from '../../src/cli/check-record.ts';
import { canonicalJson } from '../../src/core/json.ts';
import { readRecordingFile } from '../../src/record/reader.ts';
import { replayRecording } from '../../src/record/replay.ts';
import { loadScenario } from '../../src/scenario/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'havoc-late-'));
after(() => rmSync(folder, { recursive: true }));
const spaces = fileURLToPath(new URL('spaces/', import.meta.url));

/** At each state the way that the next of these numbers falls upon. The texts: what each node has come to. */
function wander(model: Model, draws: readonly number[]): { path: Path; nodes: readonly string[] } {
  const transitions = new Transitions(model, { inputs: true, anyFault: true });
  const roots = transitions.roots();
  const pick = <T>(ways: readonly T[], draw: number): T | undefined => ways[draw % ways.length];
  const root = pick(roots, draws[0] as number) as (typeof roots)[number];
  const moves = [...root.moves];
  let { vector } = root;
  for (const draw of draws.slice(1)) {
    const ways: { vector: Int32Array; move: Move }[] = [];
    transitions.expand(vector, vector.length, (next, length, move) =>
      ways.push({ vector: next.slice(0, length), move: move() }),
    );
    const way = pick(ways, draw);
    if (way === undefined) break;
    vector = way.vector;
    moves.push(way.move);
  }
  const { steps } = transitions;
  const locals = model.ids.map((_, node) => steps.local(node, vector[node] as number));
  const traitors = model.ids.filter((_, node) => locals[node]?.honest === false);
  return {
    path: { moves, traitors, letters: steps.letters.all },
    nodes: locals.map(({ state, decisions }) => canonicalJson([state?.value ?? null, state?.context ?? {}, decisions])),
  };
}

for (const [space, overrides] of [
  ['oral-messages', []],
  ['oral-messages', ['network.order=fifo', 'budget.drop=1']],
  ['signed-messages-four-2', []],
  ['byzantine-quorum', []],
] as const) {
  test(`${space} ${overrides.join(' ')}: a run comes to the states of its path, and its recording verifies`, async () => {
    const loaded = await loadScenario(join(spaces, `${space}.yaml`), { overrides: [...overrides] });
    const { scenario, protocol } = loaded;
    const model = createModel(scenario, protocol);
    let late = 0;
    const draw = fc.noBias(fc.nat());
    fc.assert(
      fc.property(fc.array(draw, { minLength: 20, maxLength: 60 }), (draws) => {
        const { path, nodes } = wander(model, draws);
        const run = runPath(model, protocol, path);
        assert.ok(typeof run !== 'string', String(run));
        const { world } = run.run;
        assert.deepEqual(
          world.nodes.map(({ state, decisions }) =>
            canonicalJson([state?.value ?? null, state?.context ?? {}, decisions]),
          ),
          nodes,
        );
        assert.deepEqual(world.assumptions, []);
        if (run.acts.some(({ act }) => act.type === 'traitor' && act.lateMs !== undefined)) late += 1;
        const file = join(folder, `${space}.jsonl`);
        writeRecording(loaded, run, file);
        assert.equal(replayRecording(readRecordingFile(file), protocol).divergence, null);
        rmSync(file);
      }),
      { numRuns: 40, seed: 1 },
    );
    assert.ok(late > 0, 'nothing was late');
  });
}
