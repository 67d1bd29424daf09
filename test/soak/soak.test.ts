/** What a soak is worth: that it stays inside the bound, finds what is planted, and finds nothing else. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { assign, setup } from 'xstate';
import { defineProtocol, type NodeInput, type Protocol } from '../../src/core/protocol.ts';
import type { Scenario, ScheduledFault } from '../../src/core/scenario.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { type Case, drawCase, type Field, protocolOf, subjectsIn } from '../../src/soak/case.ts';
import { fieldOf, gatherField } from '../../src/soak/field.ts';
import { differsLive } from '../../src/soak/live.ts';
import { soak } from '../../src/soak/soak.ts';
import { tryCase } from '../../src/soak/trial.ts';
import { chatterScenario } from '../fixtures/chatter.ts';
import { type Ended, havoc as run } from '../fixtures/program.ts';

/** the same seeds every time; `HAVOC_RUNS` for more of them */
const runs = Number(process.env.HAVOC_RUNS ?? 100);
let field: Field;
before(async () => {
  field = await gatherField();
});

const fieldFrom = async (...presets: readonly string[]): Promise<Field> =>
  fieldOf(await Promise.all(presets.map((name) => loadScenario(name))));
const protocols = new Map<string, Protocol>();
async function caseOf(of: Field, seed: number): Promise<{ drawn: Case; protocol: Protocol }> {
  const id = protocolOf(of, seed);
  const preset = of.grounds[id]?.[0]?.scenario.name as string;
  const protocol = protocols.get(id) ?? (await loadScenario(preset)).protocol;
  protocols.set(id, protocol);
  return { drawn: drawCase(of, seed, protocol), protocol };
}

test('random faults within the bound violate nothing, runs repeat, and threads change nothing', async () => {
  const soaked = await soak({ field, seed: 0, runs, threads: 2, isOver: () => false });
  assert.deepEqual(soaked.findings, []);
  assert.deepEqual([soaked.runs, soaked.live > 0], [runs, true]);
  assert.ok(Object.keys(field.grounds).length > 20, 'every protocol has a preset that stands what it scripts');
});

test('every wrong variant is broken by its preset, or by a storm', async () => {
  const hidden = field.variants.filter(({ isShown }) => !isShown);
  const shy: string[] = [];
  for (const variant of hidden) {
    const place = field.variants.indexOf(variant);
    const turn = Object.keys(field.grounds).length + place;
    let caught = false;
    for (let round = 0; round < 150 && !caught; round++) {
      const { drawn, protocol } = await caseOf(field, turn + round * subjectsIn(field));
      assert.equal(drawn.variant, place);
      caught = tryCase(drawn, protocol, variant.breaks).caught;
    }
    if (!caught) shy.push(`${variant.protocol} ${JSON.stringify(variant.parameters)}`);
  }
  assert.deepEqual(shy, []);
});

test('a protocol that breaks inside its bound is found, with its seed', async () => {
  const right = await fieldFrom('one-proposer', 'minority-partition');
  const grounds = right.grounds.paxos?.map((ground) => ({
    ...ground,
    scenario: { ...ground.scenario, parameters: { ...ground.scenario.parameters, ignoreAccepted: true } },
  }));
  const planted: Field = { grounds: { paxos: grounds ?? [] }, variants: [] };
  const findings = async (of: Field) => {
    const found = [];
    for (let seed = 0; seed < 120; seed++) {
      const { drawn, protocol } = await caseOf(of, seed);
      found.push(...tryCase(drawn, protocol).findings);
    }
    return found;
  };
  assert.deepEqual(await findings({ ...right, variants: [] }), []);
  const found = await findings(planted);
  assert.ok(found.length > 5);
  for (const { kind, what } of found) assert.match(`${kind}: ${what}`, /violation: (paxos\/one-chosen|consensus\/)/);
});

const wholeCase = (scenario: Scenario): Case => ({ seed: 1, scenario, claims: [], variant: null });
const watching = (clockMs: () => number): Protocol => {
  const watcher = setup({
    types: {} as { context: { at: number }; input: NodeInput; events: { type: 'say' } },
  }).createMachine({ context: { at: 0 }, on: { say: { actions: assign({ at: clockMs }) } } });
  return defineProtocol({ id: 'planted', roles: { talker: watcher }, messages: [], inputs: ['say'] });
};

test('a machine that looks at a real clock is a mismatch', () => {
  let calls = 0;
  const drawn = wholeCase(chatterScenario(3, { protocol: 'planted' }));
  const [finding] = tryCase(
    drawn,
    watching(() => calls++),
  ).findings;
  assert.match(`${finding?.kind}: ${finding?.what}`, /^mismatch: two runs differ/);
  assert.deepEqual(
    tryCase(
      drawn,
      watching(() => 7),
    ).findings,
    [],
  );
});

test('a machine that throws is a failed node', () => {
  const throwing = watching(() => {
    throw new Error('planted');
  });
  const [finding] = tryCase(wholeCase(chatterScenario(3, { protocol: 'planted' })), throwing).findings;
  assert.match(`${finding?.kind}: ${finding?.what}`, /^failure: N\d failed: .*planted/);
});

test('a run over threads that ends otherwise is a mismatch', async () => {
  const { scenario, protocol } = await loadScenario('all-vote-yes');
  const drawn = wholeCase({ ...scenario, seed: 5 });
  const { digest } = tryCase(drawn, protocol);
  assert.equal(await differsLive(drawn, protocol, digest), null);
  assert.match((await differsLive(wholeCase({ ...scenario, seed: 6 }), protocol, digest)) ?? '', /another state/);
});

/** Whom the faults of this type strike. */
const struck = (faults: readonly ScheduledFault[], type: 'crash' | 'traitor'): Set<string> =>
  new Set(faults.flatMap(({ fault }) => (fault.type === type ? [fault.node] : [])));

test('no storm makes more nodes faulty than the bound allows, and some make as many', async () => {
  const full = new Set<string>();
  for (let seed = 0; seed < 4000; seed++) {
    const { drawn, protocol } = await caseOf(field, seed);
    if (drawn.variant !== null || protocol.bound === undefined) continue;
    const { scenario } = drawn;
    const roles = Object.fromEntries(Map.groupBy(Object.values(scenario.nodes), (role) => role).entries());
    const counts = Object.fromEntries(Object.entries(roles).map(([role, nodes]) => [role, nodes.length]));
    const most = protocol.bound.greatest(Object.keys(scenario.nodes).length, counts, scenario.parameters);
    const traitors = struck(scenario.faults, 'traitor');
    const faulty =
      protocol.bound.of === 'traitors' ? traitors : new Set([...traitors, ...struck(scenario.faults, 'crash')]);
    assert.ok(faulty.size <= most, `seed ${seed}: ${[...faulty].join(' ')}, and f ≤ ${most}`);
    if (most > 0 && faulty.size === most) full.add(protocol.id);
  }
  assert.ok(full.size > 8, [...full].join(' '));
});

test('a preset with more traitors than the bound allows is no evidence; what violates a property is outside its bound', async () => {
  const generals = await fieldFrom('four-generals', 'four-generals-two-traitors');
  assert.equal(generals.grounds['oral-messages']?.length, 1);
  const leases = await fieldFrom('lease-in-time', 'lease-long-pause', 'lease-slow-clock');
  const paused = leases.grounds.lease?.find(({ scenario }) => scenario.name === 'lease-long-pause');
  assert.ok(paused?.claims['lease/no-stale-write']?.includes('pause client'));
  assert.equal(paused?.claims['lease/one-primary'], undefined);
});

test('the same seed draws the same run; another seed another', async () => {
  const [one, same, other] = await Promise.all([7, 7, 7 + subjectsIn(field)].map((seed) => caseOf(field, seed)));
  assert.deepEqual(one?.drawn, same?.drawn);
  assert.notDeepEqual(one?.drawn.scenario, other?.drawn.scenario);
});

const havoc = (...args: readonly string[]): Promise<Ended> => run(args);

test('the command prints figures, and a run by its seed is a recording that verifies', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'havoc-soak-'));
  try {
    const file = join(folder, 'run.jsonl');
    const { code, stdout } = await havoc('soak', '--runs', '1', '--seed', '30', '--json', '--record', file);
    const report = JSON.parse(stdout);
    assert.equal(code, 0);
    assert.deepEqual([report.runs, report.seeds, report.mismatches], [1, { first: 30, last: 30 }, 0]);
    assert.match(readFileSync(file, 'utf8'), /"end":true/);
    assert.equal((await havoc('replay', '--verify', file)).code, 0);
    assert.equal((await havoc('soak')).code, 64);
    assert.equal((await havoc('soak', '--seconds', '-1')).code, 64);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
