/** The counts that other model checkers publish for their own examples, written here as machines: docs/check.md. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Exploration, type ExploreOptions, explore } from '../../src/check/explore.ts';
import type { JsonObject, Protocol } from '../../src/core/protocol.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { changRoberts, changRobertsScenario } from './published/chang-roberts.ts';
import { lamportMutex, lamportMutexScenario } from './published/lamport-mutex.ts';
import { protocolOf, type Specification, scenarioFor, transactionCommit } from './published/one-machine.ts';
import { paxosCommit, paxosCommitScenario } from './published/paxos-commit.ts';
import { paxosSpecification } from './published/paxos-specification.ts';
import { pingPong, pingPongScenario } from './published/ping-pong.ts';
import { registerScenario, registers } from './published/registers.ts';

/** those that take a minute */
const all = process.env.HAVOC_CHECK_ALL !== undefined;
const noop: ExploreOptions = { reductions: new Set(['noop']) };
const onSet: ExploreOptions = { network: 'set' };

async function whole(scenario: Scenario, protocol: Protocol, options: ExploreOptions): Promise<Exploration> {
  const found = await explore(scenario, protocol, options);
  assert.ok(found.complete);
  assert.deepEqual(
    found.properties.filter(({ verdict }) => verdict !== 'holds'),
    [],
  );
  return found;
}

/** TLC counts what a constraint leaves out among the generated. */
const generated = ({ transitions, pruned }: Exploration): number => transitions + pruned;

test('Stateright: ping-pong has 4094 states up to 5 on a network that loses and doubles, 14 up to 1, 11 without losses', async () => {
  const states = async (limit: number, loss: number, options: ExploreOptions): Promise<number> =>
    (await whole(pingPongScenario(limit, loss), pingPong, options)).states;
  assert.equal(await states(5, 0.5, onSet), 4094);
  assert.equal(await states(1, 0.5, onSet), 14);
  assert.equal(await states(5, 0, onSet), 11);
  assert.equal(await states(5, 0, noop), 11);
});

test('Stateright: a register of one copy has 93 states, that of Attiya, Bar-Noy and Dolev 544', async () => {
  assert.equal((await whole(registerScenario('single', 1, 2), registers, noop)).states, 93);
  assert.equal((await whole(registerScenario('server', 2, 2), registers, noop)).states, 544);
});

test('TLA+: the election of Chang and Roberts has 137 states, 227 generated, to a depth of 10', async () => {
  const found: Exploration[] = [];
  for (let choice = 0; choice < 8; choice++) {
    const takesPart = [1, 2, 4].map((bit) => (choice & bit) !== 0);
    found.push(await whole(changRobertsScenario(takesPart), changRoberts, { ifTaken: true }));
  }
  const sum = (of: (each: Exploration) => number): number => found.reduce((total, each) => total + of(each), 0);
  assert.equal(
    sum(({ states }) => states),
    137,
  );
  assert.equal(sum(generated), 227);
  assert.equal(Math.max(...found.map(({ depth }) => depth)), 10);
});

const ofOneMachine = <State extends JsonObject>(specification: Specification<State>) =>
  whole(scenarioFor(specification), protocolOf(specification), {});

test('TLA+: transaction commit has 34 states, 94 generated, to a depth of 7', async () => {
  const { states, transitions, depth } = await ofOneMachine(transactionCommit);
  assert.deepEqual([states, transitions, depth], [34, 94, 7]);
});

test('TLA+: the specification of Paxos has 3921 states, 23563 generated, to a depth of 17', async () => {
  const { states, transitions, depth } = await ofOneMachine(paxosSpecification);
  assert.deepEqual([states, transitions, depth], [3921, 23_563, 17]);
});

test("TLA+: Lamport's mutual exclusion has 724274 states, 2729079 generated, to a depth of 61", {
  skip: !all,
}, async () => {
  const found = await whole(lamportMutexScenario(3, 6), lamportMutex, {});
  assert.deepEqual([found.states, generated(found), found.depth], [724_274, 2_729_079, 61]);
});

test('TLA+: Paxos Commit has 1321761 states, 16959159 generated, to a depth of 28', { skip: !all }, async () => {
  const { states, transitions, depth } = await whole(paxosCommitScenario, paxosCommit, onSet);
  assert.deepEqual([states, transitions, depth], [1_321_761, 16_959_159, 28]);
});
