/** States that differ only by which of several interchangeable nodes is which, counted once. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setup } from 'xstate';
import { type Exploration, type ExploreOptions, explore } from '../../src/check/explore.ts';
import { CheckError } from '../../src/check/model.ts';
import type { ReductionName } from '../../src/check/reductions.ts';
import { effects, type NodeInput, type Property, type Protocol } from '../../src/core/protocol.ts';
import { resolveScenarioText } from '../../src/scenario/load.ts';
import { havoc } from '../fixtures/program.ts';
import { smallSpaces } from './small.ts';
import { tlaScenario, tlaTwoPhase } from './tla-two-phase.ts';

const verdicts = ({ properties }: Exploration) => properties.map(({ name, verdict }) => `${name} ${verdict}`);
const symmetric = (...others: ReductionName[]) => ({ reductions: new Set<ReductionName>(['symmetry', ...others]) });
const onSet = { network: 'set' as const, ...symmetric() };

/** What a resource manager is, what the transaction manager knows of it, and whether it has said that it is prepared. */
type Resource = readonly [state: 'w' | 'p' | 'c' | 'a', isKnown: boolean, hasSaid: boolean];
interface TwoPhase {
  readonly manager: 'i' | 'c' | 'a';
  readonly resources: readonly Resource[];
}

/** The two-phase commit of TLA+, without machines or messages; what was decided is what has been said. */
function nextOf({ manager, resources }: TwoPhase): TwoPhase[] {
  const found: TwoPhase[] = [];
  if (manager === 'i') {
    found.push({ manager: 'a', resources });
    if (resources.every(([, isKnown]) => isKnown)) found.push({ manager: 'c', resources });
  }
  for (const [i, [state, isKnown, hasSaid]] of resources.entries()) {
    const then = (...resource: Resource): void => {
      found.push({ manager, resources: resources.with(i, resource) });
    };
    if (manager === 'i' && hasSaid) then(state, true, hasSaid);
    if (state === 'w') then('p', isKnown, true);
    if (state === 'w') then('a', isKnown, hasSaid);
    if (manager !== 'i') then(manager, isKnown, hasSaid);
  }
  return found;
}

/** How many states there are, and how many when the resource managers have no names. */
function countTwoPhase(count: number): [states: number, nameless: number] {
  const seen = new Set<string>();
  const nameless = new Set<string>();
  const waiting: TwoPhase[] = [{ manager: 'i', resources: Array.from({ length: count }, () => ['w', false, false]) }];
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    const text = JSON.stringify(state);
    if (seen.has(text)) continue;
    seen.add(text);
    nameless.add(state.manager + state.resources.map((resource) => resource.join()).sort());
    waiting.push(...nextOf(state));
  }
  return [seen.size, nameless.size];
}

test('as many states of two-phase commit are left as there are when resource managers have no names', async () => {
  for (const [count, states, nameless] of [
    [3, 288, 80],
    [5, 8832, 314],
  ] as const) {
    assert.deepEqual(countTwoPhase(count), [states, nameless]);
    const whole = await explore(tlaScenario(count), tlaTwoPhase, { network: 'set' });
    for (const exact of [false, true]) {
      const found = await explore(tlaScenario(count), tlaTwoPhase, { ...onSet, exact });
      assert.deepEqual([whole.states, found.states, found.depth], [states, nameless, whole.depth]);
      assert.deepEqual(verdicts(found), verdicts(whole));
    }
  }
});

/** A violation must not end it: both count everything. */
const withoutEnd = (protocol: Protocol): Protocol => ({
  ...protocol,
  properties: protocol.properties.map((each) =>
    each.kind === 'always'
      ? { ...each, kind: 'sometimes' as const, test: (view, memory) => each.test(view, memory) !== true }
      : each,
  ),
});

test('in every protocol symmetry changes no verdict, or is refused in one line', async () => {
  const compared: string[] = [];
  for (const { id, scenario: whatever, protocol } of await smallSpaces(5)) {
    const judged = withoutEnd(protocol);
    // whom a broadcast that a crash cuts off has told depends on the scenario's order
    const scenario = { ...whatever, budget: { ...whatever.budget, crash: 0 } };
    let found: Exploration;
    try {
      found = await explore(scenario, judged, symmetric());
    } catch (error) {
      assert.ok(error instanceof CheckError, `${id}: ${error}`);
      assert.match(error.message, /^(the reduction symmetry|symmetry would be wrong) .*$/);
      continue;
    }
    const whole = await explore(scenario, judged);
    assert.deepEqual([found.depth, verdicts(found)], [whole.depth, verdicts(whole)], id);
    assert.ok(found.states < whole.states, id);
    compared.push(id);
  }
  assert.ok(compared.length >= 5, `only ${compared}`);
});

const twoParticipants = `protocol: two-phase-commit
nodes: { C: coordinator, P1: participant, P2: participant }
inputs: [{ at: 0ms, node: C, input: begin, transaction: t1 }]
`;
for (const [what, others] of [
  ['parameters: { requestLimit: 1 }\nbudget: { drop: 1 }', []],
  ['parameters: { requestLimit: 1 }\nbudget: { drop: 1 }\nnetwork: { order: fifo }', []],
  ['parameters: { requestLimit: 1 }\nbudget: { drop: 1, duplicate: 1 }', ['noop']],
  ['parameters: { requestLimit: 1 }\nbudget: { traitor: 1 }\nconstraint: { depth: 9 }', []],
  ['parameters: { requestLimit: 1, impatient: true }', []],
] as const)
  test(`symmetry changes no verdict of two-phase commit with ${what.replaceAll('\n', ', ')}`, async () => {
    const { scenario, protocol } = await resolveScenarioText(twoParticipants + what, 'test.yaml');
    const whole = await explore(scenario, protocol, { reductions: new Set(others) });
    const found = await explore(scenario, protocol, symmetric(...others));
    assert.deepEqual([found.depth, verdicts(found)], [whole.depth, verdicts(whole)]);
    assert.ok(found.states < 0.7 * whole.states, `${found.states} of ${whole.states}`);
  });

/** A resource manager that only tells that it is prepared when it is the first of them. */
const forPartial = setup({
  types: {} as { context: { self: string }; input: NodeInput },
  actions: effects,
  guards: { isFirst: ({ context }) => context.self === 'R1' },
});
const partial = forPartial.createMachine({
  context: ({ input }: { input: NodeInput }) => ({ self: input.self }),
  initial: 'working',
  states: {
    working: {
      on: {
        prepare: [
          {
            guard: 'isFirst',
            target: 'prepared',
            actions: { type: 'send', params: { to: 'TM', message: { type: 'prepared' } } },
          },
          { target: 'prepared' },
        ],
      },
    },
    prepared: {},
  },
});

const withProperty = (property: Pick<Property, 'memory' | 'test'>): Protocol => ({
  ...tlaTwoPhase,
  properties: [{ name: 'planted', kind: 'sometimes', clauses: {}, ...property }],
});

test('who tells nodes apart that should be alike is found out', async () => {
  const planted: readonly [Protocol, RegExp][] = [
    [
      { ...tlaTwoPhase, roles: { ...tlaTwoPhase.roles, rm: partial as never } },
      /what R1 does on prepare tells R1 and R2 apart/,
    ],
    [
      withProperty({ test: ({ nodes }) => nodes.some(({ id, path }) => id === 'R3' && path === 'aborted') }),
      /planted tells nodes apart/,
    ],
    [
      withProperty({
        memory: {
          initial: false,
          next: (memory, { node, effect }) => memory || (node === 'R2' && effect.type === 'decide'),
        },
        test: () => false,
      }),
      /what planted remembers tells R1 and R2 apart/,
    ],
  ];
  for (const [protocol, why] of planted) await assert.rejects(explore(tlaScenario(3), protocol, onSet), why);
});

test('with crashes in the middle of a broadcast, its order tells nodes apart', async () => {
  const { scenario, protocol } = await resolveScenarioText(`${twoParticipants}budget: { crash: 1 }`, 'test.yaml');
  await assert.rejects(explore(scenario, protocol, symmetric()), /what cuts that step off, tells P1 and P2 apart/);
});

test('symmetry is refused where a scenario has no two nodes alike, and where it is not made for', async () => {
  const plain = tlaScenario(2);
  const refused: readonly [Partial<typeof plain>, ExploreOptions, RegExp][] = [
    [{ parameters: { votes: { R1: 'yes', R2: 'no' } } }, symmetric(), /needs two nodes/],
    [
      { inputs: plain.inputs.filter(({ node, input }) => node !== 'R2' || input !== 'giveUp') },
      symmetric(),
      /needs two/,
    ],
    [{ inputs: plain.inputs.map((each, i) => ({ ...each, atMs: i + 1, anytime: false })) }, symmetric(), /needs two/],
    [{ faults: [{ at: 0, fault: { type: 'traitor', node: 'R1', behaviour: 'silent' } }] }, symmetric(), /needs two/],
    [{ faults: [{ at: 0, fault: { type: 'partition', groups: [['TM', 'R1'], ['R2']] } }] }, symmetric(), /needs two/],
    [{ network: { ...plain.network, links: [{ from: 'TM', to: 'R1', loss: 1 }] } }, symmetric(), /needs two/],
    [{ constraint: { context: { 'seen.R1': 1 } } }, symmetric(), /needs two/],
    [{}, symmetric('por'), /symmetry does not go with por/],
    [{}, { ...symmetric(), order: 'depth' }, /symmetry goes breadth first on one thread only/],
    [{}, { ...symmetric(), workers: 2 }, /symmetry goes breadth first on one thread only/],
    [tlaScenario(8), symmetric(), /more than 5040 orders/],
  ];
  for (const [parts, options, why] of refused)
    await assert.rejects(explore({ ...plain, ...parts }, tlaTwoPhase, options), why);
});

test('a counterexample that symmetry leads to is a recording that verifies', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'havoc-symmetry-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'found.jsonl');
  const by = ['--reductions', 'symmetry', '--set', 'budget.crash=0'];
  const found = await havoc(['check', 'impatient-participant', ...by, '--json', '--counterexample', file]);
  assert.equal(found.code, 1, found.stderr);
  const { reductions, counterexample } = JSON.parse(found.stdout);
  assert.deepEqual(reductions, ['symmetry']);
  const verified = await havoc(['replay', file, '--verify', '--json']);
  assert.equal(verified.code, 0, verified.stderr);
  const { report } = JSON.parse(verified.stdout);
  const settled = report.properties.find(({ name }: { name: string }) => name === counterexample.property);
  assert.equal(settled.verdict, 'violated');
});
