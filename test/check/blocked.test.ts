/** Who is blocked for good: against searching forward from every state, and as the papers have it of atomic commit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBlocked } from '../../src/check/blocked.ts';
import { createModel } from '../../src/check/model.ts';
import { Space } from '../../src/check/space.ts';
import { resolveScenarioText } from '../../src/scenario/load.ts';

const commit = (protocol: string, rest: string): string => `
protocol: ${protocol}
nodes: ${protocol === 'paxos-commit' ? '{ C: site, P1: site, P2: site }' : '{ C: coordinator, P1: participant, P2: participant }'}
inputs: [{ at: 0ms, node: C, input: begin, transaction: t1 }]
${rest}`;
const synchronous = 'model: synchronous\nbound: 60ms\nfailures: crash-stop\nbudget: { crash: 1 }';

async function spaceOf(text: string, statesMax = 100_000): Promise<Space> {
  const { scenario, protocol } = await resolveScenarioText(text, 'test.yaml');
  const space = new Space(createModel(scenario, protocol), { inputs: false, anyFault: false }, statesMax);
  await space.build(async () => null);
  return space;
}

test('two-phase commit: a participant is blocked after six events, when the coordinator is lost in its broadcast', async () => {
  const space = await spaceOf(commit('two-phase-commit', 'parameters: { requestLimit: 1 }\nbudget: { crash: 1 }'));
  const { together, unknown } = findBlocked(space);
  assert.equal(unknown, null);
  assert.deepEqual(
    together.map(({ nodes }) => nodes),
    [['P1'], ['P2'], ['P1', 'P2']],
  );
  const { moves } = space.path(together[0]?.state as number);
  // and the crash itself, armed before it
  assert.equal(moves.length + 1, 6);
  assert.equal(moves.filter((move) => 'manner' in move && move.manner.crashAfter === 1).length, 1);
});

for (const protocol of ['three-phase-commit', 'paxos-commit']) {
  test(`${protocol}: nobody is blocked by one crash, where two-phase commit blocks`, async () => {
    assert.deepEqual(findBlocked(await spaceOf(commit(protocol, synchronous))), { together: [], unknown: null });
    const two = findBlocked(await spaceOf(commit('two-phase-commit', synchronous)));
    assert.ok(two.together.length > 0);
  });
}

test('where the constraint or the limit leaves the rest out, it is not known', async () => {
  const bounded = await spaceOf(commit('three-phase-commit', `${synchronous}\nconstraint: { depth: 8 }`));
  assert.match(findBlocked(bounded).unknown ?? '', /constraint/);
  const limited = await spaceOf(commit('three-phase-commit', synchronous), 100);
  assert.match(findBlocked(limited).unknown ?? '', /limit of 100 states/);
});

test('the nodes found are those for which searching forward finds no decision', async () => {
  const space = await spaceOf(commit('two-phase-commit', synchronous));
  const { together } = findBlocked(space);
  assert.ok(together.length > 2);
  const { model, steps } = space.transitions;
  let stuckStates = 0;
  for (let state = 0; state < space.states; state++) {
    const reached = forwardFrom(space, state);
    const hopeless = model.ids.filter((id, node) => {
      const localIn = (each: number) => steps.local(node, space.vector(each)[node] as number);
      const { status, decisions, path } = localIn(state);
      const asks = reached.some((each) => localIn(each).path.startsWith('prepared'));
      const isHopeless = reached.every((each) => localIn(each).decisions.length === 0);
      return id !== 'C' && status === 'up' && decisions.length === 0 && path !== '' && asks && isHopeless;
    });
    const proven = together.filter((each) => each.state === state);
    for (const { nodes } of proven) assert.ok(nodes.every((id) => hopeless.includes(id)));
    if (hopeless.length === 0) continue;
    stuckStates += 1;
    assert.ok(
      together.some((each) => hopeless.every((id) => each.nodes.includes(id))),
      `${hopeless} in state ${state}`,
    );
  }
  assert.ok(stuckStates > 10, `${stuckStates}`);
});

function forwardFrom(space: Space, state: number): number[] {
  const reached = new Set([state]);
  for (const each of reached) {
    space.forEachNext(each, (to, isFault) => {
      if (!isFault) reached.add(to);
    });
  }
  return [...reached];
}
