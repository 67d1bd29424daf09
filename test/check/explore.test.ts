/** The explorer's counts and verdicts, against published ones and against the slow explorer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explore } from '../../src/check/explore.ts';
import type { Property } from '../../src/core/protocol.ts';
import { resolveScenarioText } from '../../src/scenario/load.ts';
import { actorPaxos, actorPaxosScenario } from './actor-paxos.ts';
import { exploreSlowly } from './reference.ts';
import { tlaScenario, tlaTwoPhase } from './tla-two-phase.ts';

const distinct = [12, 56, 288, 1568, 8832];

test('the TLA+ two-phase commit has as many states as TLC counts', async () => {
  for (const [i, states] of distinct.entries()) {
    const found = await explore(tlaScenario(i + 1), tlaTwoPhase, { network: 'set' });
    assert.equal(found.states, states);
    assert.ok(found.complete);
    assert.deepEqual(
      found.properties.map(({ verdict }) => verdict),
      ['holds', 'holds'],
    );
  }
});

test('with 3 resource managers it generates 1146 states to a depth of 11, as TLC does', async () => {
  const found = await explore(tlaScenario(3), tlaTwoPhase, { network: 'set' });
  assert.equal(found.transitions, 1146);
  assert.equal(found.depth, 11);
});

test('a hash that takes all states for one is noticed', async () => {
  const collide = (_: Int32Array, __: number, out: Uint32Array): void => void out.fill(7);
  const blind = await explore(tlaScenario(3), tlaTwoPhase, { network: 'set', hash: collide });
  assert.notEqual(blind.states, 288);
  const exact = await explore(tlaScenario(3), tlaTwoPhase, { network: 'set', hash: collide, exact: true });
  assert.equal(exact.states, 288);
  assert.equal(exact.transitions, 1146);
});

test('at a limit the verdict is unknown', async () => {
  const found = await explore(tlaScenario(3), tlaTwoPhase, { network: 'set', statesMax: 100 });
  assert.equal(found.complete, false);
  assert.match(found.stopped ?? '', /limit of 100 states/);
  assert.equal(found.properties[0]?.verdict, 'unknown');
});

interface Case {
  readonly protocol: string;
  readonly rest: string;
  /** where the space has no end */
  readonly depth?: number;
  readonly readsAnyFault?: boolean;
}
const twoPhase = `
nodes: { C: coordinator, P1: participant, P2: participant }
parameters: { requestLimit: 1 }
inputs: [{ at: 0ms, node: C, input: begin, transaction: t1 }]`;
const paxos = `
nodes: { P1: proposer, A1: acceptor, A2: acceptor, L: learner }
inputs: [{ at: 0ms, node: P1, input: propose, value: X }]`;
const floodSet = `
nodes: { P1: node, P2: node, P3: node }
parameters: { f: 1, rounds: 1, values: { P1: 1, P2: 2, P3: 3 } }`;
const cases: readonly Case[] = [
  { protocol: 'two-phase-commit', rest: twoPhase, depth: 9, readsAnyFault: true },
  {
    protocol: 'two-phase-commit',
    rest: `${twoPhase}\nbudget: { crash: 1, restart: 1 }`,
    depth: 6,
    readsAnyFault: true,
  },
  { protocol: 'two-phase-commit', rest: `${twoPhase}\nbudget: { drop: 1 }`, depth: 7, readsAnyFault: true },
  { protocol: 'paxos', rest: paxos, depth: 8 },
  { protocol: 'paxos', rest: `${paxos}\nbudget: { crash: 1, restart: 1 }`, depth: 6 },
  { protocol: 'flood-set', rest: floodSet },
  { protocol: 'flood-set', rest: `${floodSet}\nbudget: { crash: 1 }`, depth: 8 },
  { protocol: 'flood-set', rest: `${floodSet}\nbudget: { crash: 1 }\nfailures: fail-stop`, depth: 6 },
];

for (const { protocol: id, rest, depth, readsAnyFault = false } of cases) {
  const name = `${id}${/budget.*/.exec(rest)?.[0] ?? ''}${rest.includes('fail-stop') ? ' fail-stop' : ''}`;
  test(`the slow explorer agrees on ${name}`, async () => {
    const { scenario, protocol } = await resolveScenarioText(`protocol: ${id}${rest}`, 'test.yaml');
    const slow = exploreSlowly(scenario, protocol, readsAnyFault, depth);
    // a violation must not end it: both count everything
    const properties = protocol.properties.map((each) =>
      each.kind === 'always' ? { ...each, kind: 'sometimes' as const, test: refuted(each) } : each,
    );
    const bounded = depth === undefined ? scenario : { ...scenario, constraint: { depth } };
    const fast = await explore(bounded, { ...protocol, properties });
    const found = fast.properties.flatMap(({ name, verdict, kind }) =>
      kind === 'sometimes' && verdict === 'holds' ? [name] : [],
    );
    const { states, transitions } = fast;
    const both = [...slow.violated, ...slow.reached].sort();
    assert.deepEqual(
      { states, transitions, depth: fast.depth, found: found.sort() },
      { states: slow.states, transitions: slow.transitions, depth: slow.depth, found: both },
    );
    assert.ok(fast.states > 50, `${fast.states} states are too few to say anything`);
  });
}

const refuted =
  ({ test: succeeds }: Property): Property['test'] =>
  (view, memory) =>
    succeeds(view, memory) !== true;

test('a register on Paxos has the states that Stateright counts: 16668 of them, 32971 generated, to a depth of 21', async () => {
  const found = await explore(actorPaxosScenario(2), actorPaxos, { reductions: new Set(['noop']) });
  const { states, transitions, depth, complete } = found;
  assert.deepEqual(
    { states, transitions, depth, complete },
    { states: 16_668, transitions: 32_971, depth: 21, complete: true },
  );
});
