import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Entry, execute, isUpToDate, merged } from '../../machines/raft/words.ts';
import raft from '../../machines/raft.ts';
import type { Fault } from '../../src/core/faults.ts';
import type { JsonObject } from '../../src/core/protocol.ts';
import type { Scenario, ScheduledFault, ScheduledInput } from '../../src/core/scenario.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { inputOf, nodesOf, runScenario, scenarioOf, walk } from './drive.ts';
import { tried, verdictIn } from './lessons.ts';
import { runsOr } from './random-crashes.ts';
import { dice, requestsOf, stormOf, tally } from './storms.ts';
import { traitor } from './treason.ts';

const group = (servers: number, clients = 1) => nodesOf({ S: ['server', servers], C: ['client', clients] });
const idsOf = (nodes: Scenario['nodes'], role: string) => Object.keys(nodes).filter((id) => nodes[id] === role);
const request = (atMs: number, node: string, command: string, to?: string): ScheduledInput => ({
  atMs,
  node,
  input: 'request',
  data: to === undefined ? { command } : { command, to },
});
const stand = (atMs: number, node: string): ScheduledInput => ({ atMs, node, input: 'stand', data: {} });
const entry = (term: number, number: number): Entry => ({ term, client: 'C', number, command: `x${number}` });

test('a request costs 2(n-1) messages, for n from 3 to 10', () => {
  for (let n = 3; n <= 10; n++) {
    for (let seed = 0; seed < 5; seed++) {
      const inputs = [request(2500, 'C1', 'a'), request(2700, 'C1', 'b'), request(2720, 'C1', 'c')];
      const scenario = scenarioOf(raft, group(n), {}, { inputs, seed, untilMs: 4000 });
      const { world, verdicts } = runScenario(raft, scenario);
      assert.equal(verdicts['total-order/delivery'], 'holds');
      for (const cost of raft.costs ?? []) {
        const expected = cost.expected({ server: n, client: 1 }, scenario.parameters);
        assert.equal(cost.measured(world.costs), expected, `${cost.name}, n = ${n}`);
      }
    }
  }
});

test('an election in which one server stands costs 2(n-1) messages', () => {
  for (let n = 3; n <= 10; n++) {
    const { world } = runScenario(raft, scenarioOf(raft, group(n), {}, { inputs: [stand(0, 'S1')], untilMs: 400 }));
    assert.equal((world.costs.byKind['request-vote'] ?? 0) + (world.costs.byKind.vote ?? 0), 2 * (n - 1));
    assert.equal(world.nodes[0]?.path, 'leader');
  }
});

test('the more up-to-date log is the one with the later last term, and of two such the longer', () => {
  const log = [entry(1, 1), entry(2, 2)];
  assert.ok(isUpToDate({ lastLogIndex: 1, lastLogTerm: 3 }, log));
  assert.ok(isUpToDate({ lastLogIndex: 2, lastLogTerm: 2 }, log));
  assert.ok(!isUpToDate({ lastLogIndex: 1, lastLogTerm: 2 }, log));
  assert.ok(!isUpToDate({ lastLogIndex: 9, lastLogTerm: 1 }, log));
});

test('a follower deletes from the first conflict on, and never what an old message merely does not mention', () => {
  const log = [entry(1, 1), entry(1, 2), entry(1, 3)];
  assert.equal(merged(log, 0, [entry(1, 1)]), log);
  assert.equal(merged(log, 3, []), log);
  assert.deepEqual(merged(log, 1, [entry(2, 9)]), [entry(1, 1), entry(2, 9)]);
});

test('a request that is in the log twice is executed once', () => {
  const executed = execute([], [entry(1, 1), entry(2, 1), entry(2, 2)]);
  assert.deepEqual(
    executed.map(({ place, number }) => [place, number]),
    [
      [1, 1],
      [2, 2],
    ],
  );
});

for (const [n, clients] of [
  [3, 2],
  [5, 2],
] as const) {
  test(`${n} servers: after a storm of crashes, partitions and delays nothing is violated, and all is delivered`, () => {
    const nodes = group(n, clients);
    const count = runsOr(80);
    const result = tally(raft, count, (seed) =>
      scenarioOf(
        raft,
        nodes,
        {},
        {
          seed,
          untilMs: 16_000,
          faults: stormOf(seed, { victims: idsOf(nodes, 'server'), everybody: Object.keys(nodes) }),
          inputs: requestsOf(seed, idsOf(nodes, 'client'), 5, 6000),
        },
      ),
    );
    assert.deepEqual(result.violated, []);
    for (const name of ['total-order/delivery', 'leader/eventually-one', 'total-order/two-delivered']) {
      assert.equal(result.holds[name], count, name);
    }
    assert.ok((result.holds['raft/two-leaders'] ?? 0) > 0, 'the storms must be rough enough for two leaders');
  });
}

test('no schedule of deliveries, timers, crashes, restarts, losses and duplicates breaks the order', () => {
  const nodes = group(3, 2);
  const servers = idsOf(nodes, 'server');
  const inputs = servers.flatMap((to) => ['C1', 'C2'].map((id) => inputOf(id, 'request', { command: id, to })));
  let delivered = 0;
  for (let seed = 0; seed < runsOr(200); seed++) {
    const { below } = dice(seed);
    const numbers = Array.from({ length: 250 }, () => below(2 ** 30));
    const world = walk(raft, scenarioOf(raft, nodes, {}, { seed }), numbers, { inputs });
    for (const { property, settledAt, failure } of world.properties) {
      if (property.kind === 'always') assert.equal(failure, null, `seed ${seed}: ${property.name}`);
      else if (property.name === 'total-order/two-delivered' && settledAt !== null) delivered += 1;
    }
  }
  assert.ok(delivered > runsOr(200) / 4, `only ${delivered} runs delivered anything twice`);
});

/** Reigns: short terms, each with a leader of the generator's choice, who sometimes takes a request that nobody copies. */
function reigns(seed: number, parameters: JsonObject): Scenario {
  const nodes = group(3, 8);
  const servers = idsOf(nodes, 'server');
  const { below, pick } = dice(seed);
  const faults: ScheduledFault[] = [];
  const inputs: ScheduledInput[] = [];
  const part = (at: number, one: readonly string[]): void => {
    const rest = Object.keys(nodes).filter((id) => !one.includes(id));
    faults.push({ at, fault: { type: 'partition', groups: [one, rest], drop: true } });
  };
  idsOf(nodes, 'client').forEach((client, i) => {
    const at = i * 400;
    const leader = pick(servers);
    part(at, [leader, pick(servers.filter((id) => id !== leader))]);
    for (const waitMs of [10, 80, 150]) inputs.push(stand(at + waitMs, leader));
    if (below(2) === 0) return;
    part(at + 320, [leader, client]);
    inputs.push(request(at + 330, client, `c${i}`, leader));
  });
  const slow = { electionTimeout: 30_000, heartbeatInterval: 60, retryTimeout: 60_000, blankEntry: false };
  return scenarioOf(raft, nodes, { ...slow, ...parameters }, { seed, untilMs: 3400, faults, inputs, network: quick });
}
const quick = {
  latency: { kind: 'uniform', minMs: 2, maxMs: 20 },
  order: 'unordered',
  loss: 0,
  duplicate: 0,
} as const;

/** Rivals: two servers stand at about the same time, and the third crashes and restarts in the midst of it. */
function rivals(seed: number, parameters: JsonObject): Scenario {
  const nodes = group(3);
  const servers = idsOf(nodes, 'server');
  const { below, pick } = dice(seed);
  const faults: { at: number; fault: Fault }[] = [];
  const inputs: ScheduledInput[] = [];
  for (let at = 0; at < 1800; at += 300) {
    const node = pick(servers);
    const crashAt = at + 10 + below(50);
    for (const rival of servers.filter((id) => id !== node)) inputs.push(stand(at + below(15), rival));
    faults.push({ at: crashAt, fault: { type: 'crash', node } });
    faults.push({ at: crashAt + 1 + below(5), fault: { type: 'restart', node } });
  }
  const slow = { electionTimeout: 30_000, heartbeatInterval: 60 };
  const uneven = { ...quick, latency: { kind: 'uniform', minMs: 2, maxMs: 60 } } as const;
  return scenarioOf(raft, nodes, { ...slow, ...parameters }, { seed, untilMs: 2000, faults, inputs, network: uneven });
}

/** So many seeds are enough to catch each mistake; without it, as many find nothing. */
const mistakes: readonly (readonly [JsonObject, string, typeof reigns, number])[] = [
  [{ commitOldTerms: true }, 'total-order/uniformity', reigns, 20],
  [{ stableVote: false }, 'leader/one-per-term', rivals, 20],
];
for (const [parameters, breaks, make, enough] of mistakes) {
  test(`${JSON.stringify(parameters)} breaks ${breaks} within ${enough} seeds, and the right protocol does not`, () => {
    const wrong = tally(
      raft,
      enough,
      (seed) => make(seed, parameters),
      ({ verdicts }) => verdicts[breaks] === 'violated',
    );
    assert.ok(wrong.violated.some(({ what }) => what.some((text) => text.startsWith(breaks))));
    assert.deepEqual(tally(raft, enough, (seed) => make(seed, {})).violated, []);
  });
}

test('every wrong variant that the protocol lists is one that is caught here', () => {
  assert.deepEqual(
    raft.wrongVariants?.map(({ parameters, breaks }) => [parameters, breaks]),
    mistakes.map(([parameters, breaks]) => [parameters, breaks]),
  );
});

test('two leaders at once are in different terms, and the one with the minority commits nothing', async () => {
  const { scenario, protocol } = await loadScenario('raft-two-leaders');
  const { verdicts, trace } = runScenario(protocol, scenario);
  assert.equal(verdicts['raft/two-leaders'], 'holds');
  const minority = trace.filter(({ atMs, node }) => atMs > 600 && atMs < 5000 && (node === 'S1' || node === 'S2'));
  assert.ok(
    minority.some(({ effects }) => effects.some((effect) => effect.type === 'persist' && effect.key === 'log')),
  );
  assert.ok(minority.every(({ effects }) => effects.every(({ type }) => type !== 'deliver')));
});

test('an entry of an old term on a majority is not committed, and may be overwritten; the wrong rule loses it', async () => {
  const right = await tried('raft-figure-8', 1);
  assert.equal(verdictIn(right, 'raft/majority-overwritten'), 'holds');
  assert.equal(verdictIn(right, 'total-order/uniformity'), 'holds');
  const wrong = await tried('raft-figure-8', 1, ['parameters.commitOldTerms=true']);
  assert.equal(verdictIn(wrong, 'total-order/uniformity'), 'violated');
  const cured = await tried('raft-old-term-commit', 1, ['parameters.commitOldTerms=false']);
  assert.equal(verdictIn(cured, 'total-order/uniformity'), 'holds');
});

test('with a blank entry at the start of each term the story of figure 8 stops at its third step', async () => {
  const report = await tried('raft-old-term-commit', 1, ['parameters.blankEntry=true']);
  assert.equal(verdictIn(report, 'total-order/uniformity'), 'holds');
  assert.equal(verdictIn(report, 'raft/majority-overwritten'), 'not reached');
});

test('a vote that is written down is not given twice', async () => {
  const report = await tried('raft-forgotten-vote', 1, ['parameters.stableVote=true']);
  assert.equal(verdictIn(report, 'leader/one-per-term'), 'holds');
  assert.equal(verdictIn(report, 'total-order/uniformity'), 'holds');
});

test('k terms in a row have no leader when timeouts are not random, for every k', () => {
  for (const k of [1, 5, 40]) {
    const scenario = scenarioOf(raft, group(5), { electionSpread: 0 }, { untilMs: 500 * k + 499 });
    const { world, verdicts } = runScenario(raft, scenario);
    assert.equal(verdicts['leader/elected'], 'not reached');
    assert.equal(world.nodes[0]?.context.term, k);
  }
});

test('random timeouts end a split election', () => {
  const elected = tally(raft, 60, (seed) => scenarioOf(raft, group(5), {}, { seed, untilMs: 6000 }));
  assert.equal(elected.holds['leader/eventually-one'], 60);
});

test('a server that restarts keeps term, vote and log, and executes the log anew', () => {
  const faults: ScheduledFault[] = [
    { at: 900, fault: { type: 'crash', node: 'S2' } },
    { at: 1200, fault: { type: 'restart', node: 'S2' } },
  ];
  const inputs = [stand(0, 'S1'), request(400, 'C1', 'a')];
  const { world, verdicts } = runScenario(raft, scenarioOf(raft, group(3), {}, { inputs, faults, untilMs: 2500 }));
  const second = world.nodes[1]!;
  assert.deepEqual(second.stable.vote, { term: 1, votedFor: 'S1' });
  assert.deepEqual(
    (second.stable.log as unknown as Entry[]).map(({ command }) => command),
    [null, 'a'],
  );
  assert.deepEqual(
    second.delivered.map((item) => (item as JsonObject).place),
    [1, 1],
  );
  assert.equal(verdicts['total-order/no-gaps'], 'holds');
});

test('without a majority nothing is committed; with it again, everything is', () => {
  const down = (node: string): ScheduledFault => ({ at: 400, fault: { type: 'crash', node } });
  const up = (node: string): ScheduledFault => ({ at: 4000, fault: { type: 'restart', node } });
  const inputs = [stand(0, 'S1'), request(500, 'C1', 'a', 'S1')];
  const faults = ['S3', 'S4', 'S5'].flatMap((node) => [down(node), up(node)]);
  const before = runScenario(raft, scenarioOf(raft, group(5), {}, { inputs, faults, untilMs: 3900 }));
  assert.equal(before.verdicts['total-order/delivered'], 'not reached');
  const after = runScenario(raft, scenarioOf(raft, group(5), {}, { inputs, faults, untilMs: 8000 }));
  assert.equal(after.verdicts['total-order/delivery'], 'holds');
});

test('a leader never changes or removes an entry of its own log while it leads', () => {
  const nodes = group(5, 2);
  for (let seed = 0; seed < 20; seed++) {
    const { trace } = runScenario(
      raft,
      scenarioOf(
        raft,
        nodes,
        {},
        {
          seed,
          untilMs: 6000,
          faults: stormOf(seed, { victims: idsOf(nodes, 'server'), everybody: Object.keys(nodes), calmAtMs: 4000 }),
          inputs: requestsOf(seed, ['C1', 'C2'], 5, 4000),
        },
      ),
    );
    const logs = new Map<string, string[]>();
    for (const { node, before, after, effects } of trace) {
      for (const effect of effects) {
        if (effect.type !== 'persist' || effect.key !== 'log' || node === null) continue;
        const log = (effect.value as unknown as Entry[]).map((each) => JSON.stringify(each));
        const old = logs.get(node) ?? [];
        if (before === 'leader' && after === 'leader') assert.deepEqual(log.slice(0, old.length), old);
        logs.set(node, log);
      }
    }
  }
});

test('one traitor is enough: a server that votes for everybody elects two leaders in one term', () => {
  const network = { latency: { kind: 'constant', ms: 20 }, order: 'unordered', loss: 0, duplicate: 0 } as const;
  const faults = [traitor('S2', { behaviour: 'wrong-value', kinds: ['vote'], targets: ['S3'] })];
  const inputs = [stand(10, 'S1'), stand(15, 'S3')];
  const { verdicts } = runScenario(raft, scenarioOf(raft, group(3), {}, { inputs, faults, network, untilMs: 400 }));
  assert.equal(verdicts['leader/one-per-term'], 'violated');
});
