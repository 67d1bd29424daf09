/** The report of a run: expectations judged, faults with what they touched, and the verdict that the exit code says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assign, setup } from 'xstate';
import { compareVectors } from '../../src/core/clocks.ts';
import { defineProtocol, type NodeInput } from '../../src/core/protocol.ts';
import { type RunReport, reportRun } from '../../src/core/report.ts';
import { createRun, runToEnd } from '../../src/core/run.ts';
import type { Expectation, Scenario } from '../../src/core/scenario.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { chatter, chatterScenario } from '../fixtures/chatter.ts';

function reportOf(changes: Partial<Scenario>, untilMs = 60_000): RunReport {
  const run = createRun(chatterScenario(3, changes), chatter);
  const quiet = runToEnd(run, untilMs);
  return reportRun(run.world, quiet);
}
const judge = (expectation: Expectation, untilMs?: number) =>
  reportOf({ expect: [expectation] }, untilMs).expectations[0];

test('an expectation is met, unmet, or unknown when the run was stopped before', () => {
  assert.equal(judge({ property: 'talk/quiet', verdict: 'holds' })?.met, true);
  assert.equal(judge({ property: 'talk/quiet', verdict: 'violated' })?.met, false);
  assert.equal(judge({ property: 'talk/quiet', verdict: 'violated' }, 1)?.met, null);
  assert.equal(judge({ property: 'talk/none', verdict: 'holds' })?.met, false);
  assert.equal(judge({ reached: { node: 'N1', state: 'waiting' } })?.met, true);
  assert.equal(judge({ reached: { node: 'N1', state: 'nowhere' } })?.met, false);
  assert.equal(judge({ reached: { node: 'N1', state: 'waiting' } }, 1)?.met, null);
  assert.equal(judge({ decided: { N0: 'x' } }, 1)?.met, null);
  assert.equal(judge({ blocked: [], beforeMs: 5000 })?.met, true);
  assert.equal(judge({ blocked: ['N1'], beforeMs: 5000 })?.met, false);
});

test('messages are counted, of one kind or of all', () => {
  const { costs } = reportOf({});
  assert.equal(judge({ messages: costs.messages })?.met, true);
  assert.equal(judge({ messages: costs.byKind.word as number, kind: 'word' })?.met, true);
  assert.equal(judge({ messages: costs.messages + 1 })?.met, false);
  assert.equal(judge({ messages: costs.messages }, 0)?.met, null);
});

test('a scripted fault that touched nothing is inert and fails the run', () => {
  const bites = reportOf({ faults: [{ at: 5, fault: { type: 'crash', node: 'N1' } }] });
  assert.equal(bites.faults[0]?.inert, false);
  assert.equal(bites.verdict, 'met');
  const idle = reportOf({ faults: [{ at: 5, fault: { type: 'drop', from: 'N2', to: 'N1', kind: 'farewell' } }] });
  assert.equal(idle.faults[0]?.inert, true);
  assert.equal(idle.verdict, 'not met');
});

test('a scripted fault whose moment never came stands in the report, inert', () => {
  const when = { node: 'N0', on: 'sends', what: 'farewell', nth: 1 } as const;
  const { faults, verdict } = reportOf({ faults: [{ when, fault: { type: 'crash', node: 'N0' } }] });
  assert.deepEqual(faults, [
    { fault: { type: 'crash', node: 'N0' }, at: null, index: null, origin: 'script', touched: 0, inert: true },
  ]);
  assert.equal(verdict, 'not met');
});

test('a run that is stopped before its end leaves open what was still to come; at its own end nothing is', () => {
  const faults = [{ at: 500, fault: { type: 'crash', node: 'N1' } }] as const;
  const expect = [
    { blocked: ['N1'], beforeMs: 500 },
    { blocked: [], beforeMs: 500 },
    { blocked: ['N1'] },
  ] satisfies Expectation[];
  const stopped = reportOf({ faults, expect }, 1);
  assert.deepEqual(
    stopped.expectations.map(({ met }) => met),
    [null, null, null],
  );
  assert.equal(stopped.faults[0]?.inert, false);
  assert.equal(stopped.verdict, 'unknown');
  assert.equal(reportOf({ faults, expect: [] }, 1).verdict, 'unknown', 'a fault that has yet to strike is enough');
  const ended = reportOf({ faults, expect, untilMs: 1 }, 1);
  assert.deepEqual(
    ended.expectations.map(({ met }) => met),
    [false, true, false],
  );
  assert.equal(ended.faults[0]?.inert, true);
  assert.equal(ended.verdict, 'not met');
});

test('a run in which a machine failed is not met: it has not shown what it would have done', () => {
  const thrower = setup({ types: {} as { events: { type: 'say' }; input: NodeInput } }).createMachine({
    on: {
      say: {
        actions: assign(() => {
          throw new Error('no words');
        }),
      },
    },
  });
  const failing = defineProtocol({ id: 'failing', roles: { talker: thrower }, messages: [], inputs: ['say'] });
  const verdictOf = (input: string): RunReport['verdict'] => {
    const inputs = [{ atMs: 0, node: 'N0', input, data: {} }];
    const run = createRun(chatterScenario(3, { protocol: 'failing', inputs, expect: [] }), failing);
    return reportRun(run.world, runToEnd(run)).verdict;
  };
  assert.equal(verdictOf('say'), 'not met');
  assert.equal(verdictOf('nothing'), 'met');
});

test('a violation that nobody expected fails the run, an expected one does not', () => {
  const broken = {
    ...chatter,
    properties: [
      { name: 'talk/never', kind: 'always', clauses: {}, test: () => ({ why: 'it always fails' }) } as const,
    ],
  };
  const verdictOf = (expect: readonly Expectation[]): string => {
    const run = createRun(chatterScenario(2, { expect }), broken);
    return reportRun(run.world, runToEnd(run)).verdict;
  };
  assert.equal(verdictOf([]), 'not met');
  assert.equal(verdictOf([{ property: 'talk/never', verdict: 'violated' }]), 'met');
});

test('a violated property is told with its causal past: what could have brought it about, and nothing else', async () => {
  const { scenario, protocol } = await loadScenario('three-generals');
  const run = createRun(scenario, protocol);
  const quiet = runToEnd(run);
  const broken = reportRun(run.world, quiet, run.trace).properties.find(({ verdict }) => verdict === 'violated');
  assert.ok(broken?.past && broken.at !== null);
  const event = run.trace[broken.at];
  for (const index of broken.past) {
    const earlier = run.trace[index];
    assert.ok(earlier && event && index < broken.at);
    assert.ok(earlier.node === event.node || compareVectors(earlier.vector, event.vector) !== 'concurrent');
  }
  const lie = run.trace.find(({ sends }) => sends.some((sent) => sent.lie));
  assert.ok(lie && broken.past.includes(lie.index), 'the lie is part of it');
});
