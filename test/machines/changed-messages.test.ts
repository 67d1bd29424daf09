/**
 * Whatever a message is made to say on its way, within the form of its fields, a run goes on: its machines answer or fail,
 * no step takes for ever, and properties are judged.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Json } from '../../src/core/protocol.ts';
import { refusal } from '../../src/core/refusal.ts';
import { actInRun, createRun, type Run, stepRun } from '../../src/core/run.ts';
import type { Act } from '../../src/core/session.ts';
import type { Envelope } from '../../src/core/world.ts';
import { listPresets, loadScenario } from '../../src/scenario/load.ts';

const garbage: readonly Json[] = [1e15, -1, 1.5, 2 ** 31, null, '', 'x', true, [], [null], [{}], [1e15], {}, { a: 1 }];

const isPossible = (run: Run, act: Act): boolean => refusal(run.world, act) === null;

function changeOne(run: Run, message: Envelope, draw: number): void {
  const fields = Object.keys(message.body).filter((field) => field !== 'type' && field !== 'signed');
  const acts = fields.flatMap((field) =>
    garbage.map((value): Act => ({ type: 'corrupt', message: message.id, values: { [field]: value } })),
  );
  const possible = acts.filter((act) => isPossible(run, act));
  if (possible.length > 0) actInRun(run, possible[draw % possible.length] as Act);
}

/** The first preset of each protocol, and all of these: in them such messages once ended the run, or kept a step for ever. */
const once = [
  'multi-paxos-uniform',
  'multi-paxos-holes',
  'multi-paxos-two-leaders',
  'raft-replicated-log',
  'lie-believed',
];
const protocols = new Set<string>();
for (const { id } of listPresets()) {
  const { scenario, protocol } = await loadScenario(id);
  if (Object.keys(scenario.nodes).length > 20) continue;
  if (protocols.has(protocol.id) && !once.includes(id)) continue;
  protocols.add(protocol.id);
  test(`${id}: a changed message keeps no run from going on`, () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 200, maxLength: 200 }), (draws) => {
        const run = createRun({ ...scenario, seed: draws[0] as number }, protocol);
        for (const draw of draws) {
          const pending = [...run.world.pending.values()];
          const message = pending[draw % Math.max(1, pending.length)];
          if (message !== undefined && draw % 4 === 0) changeOne(run, message, draw >> 4);
          const beganMs = performance.now();
          if (stepRun(run) === null) break;
          assert.ok(performance.now() - beganMs < 5000, 'a step takes seconds');
        }
      }),
      { numRuns: once.includes(id) ? 6 : 2, seed: 7, endOnFailure: true },
    );
  });
}
