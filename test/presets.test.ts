import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { reportRun } from '../src/core/report.ts';
import { createRun, runToEnd } from '../src/core/run.ts';
import { listPresets, loadScenario, resolveScenarioText } from '../src/scenario/load.ts';

const asked = [
  'partition-during-commit',
  'coordinator-crash-before-decision',
  'participant-votes-no',
  'unlogged-vote',
  'duelling-proposers',
  'leader-crash-after-accept',
  'amnesiac-acceptor',
  'minority-partition',
  'three-generals',
  'four-generals',
  'four-generals-two-traitors',
  'seven-generals',
];
const seeds = Number(process.env.HAVOC_RUNS ?? 50);
const presets = listPresets().filter(({ path }) => !path.includes('challenges'));

test('the presets that everybody needs are there', () => {
  const ids = presets.map(({ id }) => id);
  for (const id of asked) assert.ok(ids.includes(id), id);
});

for (const { id, path } of presets) {
  test(`${id}: with many seeds, every fault bites, every expectation is met, and one in four twice the same`, async () => {
    const { scenario, protocol } = await loadScenario(path);
    const report = (seed: number) => {
      const run = createRun({ ...scenario, seed }, protocol);
      return reportRun(run.world, runToEnd(run));
    };
    for (let seed = 0; seed < seeds; seed++) {
      const first = report(seed);
      const unmet = first.expectations.filter(({ met }) => met !== true);
      const inert = first.faults.filter(({ inert: missed }) => missed);
      assert.deepEqual({ seed, unmet, inert, verdict: first.verdict }, { seed, unmet: [], inert: [], verdict: 'met' });
      if (seed % 4 === 0) assert.equal(report(seed).digest, first.digest);
    }
  });

  test(`${id}: has a lesson, and what the lesson tells to try exists`, async () => {
    const text = readFileSync(path, 'utf8');
    const { scenario, protocol } = await resolveScenarioText(text, path);
    assert.ok(scenario.topic !== '' && scenario.summary !== '' && scenario.expect.length > 0);
    for (const heading of ['WHAT TO WATCH', 'WHAT TO TRY', 'ASK YOURSELF']) assert.ok(scenario.learn.includes(heading));
    for (const [, override] of scenario.learn.matchAll(/--set (\S+)/g)) {
      await resolveScenarioText(text, path, { overrides: [override as string] });
    }
    for (const [, other] of scenario.learn.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)) {
      const known = Object.hasOwn(protocol.messages, other as string) || presets.some((preset) => preset.id === other);
      assert.ok(known, `the lesson speaks of ${other}`);
    }
  });
}

/** What a lesson claims about a changed parameter. */
const claims: readonly (readonly [preset: string, override: string, property: string, verdict: string])[] = [
  ['unlogged-vote', 'parameters.logVote=true', 'atomic-commit/agreement', 'holds'],
  ['impatient-participant', 'parameters.decisionTimeout=4s', 'atomic-commit/agreement', 'violated'],
  ['amnesiac-acceptor', 'parameters.stablePromises=true', 'paxos/one-chosen', 'holds'],
  ['half-quorum', 'parameters.quorum=majority', 'paxos/one-chosen', 'holds'],
  ['ignored-acceptance', 'parameters.ignoreAccepted=false', 'paxos/one-chosen', 'holds'],
  ['leader-crash-after-accept', 'parameters.ignoreAccepted=true', 'paxos/one-chosen', 'violated'],
  ['duelling-proposers', 'parameters.backoff=40ms', 'paxos/chosen', 'holds'],
  ['three-generals', 'parameters.defaultOrder=attack', 'byzantine-generals/IC2', 'holds'],
  ['six-generals', 'parameters.defaultOrder=attack', 'byzantine-generals/IC2', 'holds'],
  ['traitor-commander', 'parameters.m=0', 'byzantine-generals/IC1', 'violated'],
  ['four-generals-two-traitors', 'parameters.m=2', 'byzantine-generals/IC1', 'holds'],
  ['partition-during-commit', 'parameters.impatient=true', 'atomic-commit/agreement', 'violated'],
];

for (const [preset, override, property, verdict] of claims) {
  test(`${preset} with ${override}: ${property} is ${verdict}, as its lesson says`, async () => {
    for (let seed = 0; seed < 20; seed++) {
      const { scenario, protocol } = await loadScenario(preset, { overrides: [override], seed });
      const run = createRun(scenario, protocol);
      const { properties } = reportRun(run.world, runToEnd(run));
      assert.equal(properties.find(({ name }) => name === property)?.verdict, verdict, `seed ${seed}`);
    }
  });
}
