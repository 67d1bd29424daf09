import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ballotAbove, type Command, execute, nothing } from '../../machines/multi-paxos/words.ts';
import multiPaxos from '../../machines/multi-paxos.ts';
import type { Effect, Json, JsonObject } from '../../src/core/protocol.ts';
import type { Scenario, ScheduledFault, ScheduledInput } from '../../src/core/scenario.ts';
import { stepMachine } from '../../src/core/step.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { type Finished, inputOf, nodesOf, runScenario, scenarioOf, walk } from './drive.ts';
import { tried, verdictIn } from './lessons.ts';
import { runsOr } from './random-crashes.ts';
import { dice, stormOf, tally } from './storms.ts';

const group = (replicas: number, clients = 1) => nodesOf({ R: ['replica', replicas], C: ['client', clients] });
const idsOf = (nodes: Scenario['nodes'], role: string) => Object.keys(nodes).filter((id) => nodes[id] === role);
const write = (atMs: number, node: string, value: string, to?: string): ScheduledInput => ({
  atMs,
  node,
  input: 'write',
  data: to === undefined ? { value } : { value, to },
});
const lead = (atMs: number, node: string): ScheduledInput => ({ atMs, node, input: 'lead', data: {} });
const read = (atMs: number, node: string): ScheduledInput => ({ atMs, node, input: 'read', data: {} });

/** Reads and writes at random times; every write writes another value. */
function operations(seed: number, clients: readonly string[], count: number, withinMs: number): ScheduledInput[] {
  const { below, pick } = dice(seed + 1_000_003);
  return Array.from({ length: count }, (_, i) =>
    below(3) === 0 ? read(below(withinMs), pick(clients)) : write(below(withinMs), pick(clients), `v${i}`),
  );
}
const stormy = (seed: number, nodes: Scenario['nodes'], parameters: JsonObject = {}, calmAtMs = 6000): Scenario =>
  scenarioOf(multiPaxos, nodes, parameters, {
    seed,
    untilMs: calmAtMs + 10_000,
    faults: stormOf(seed, { victims: idsOf(nodes, 'replica'), everybody: Object.keys(nodes), calmAtMs }),
    inputs: operations(seed, idsOf(nodes, 'client'), 6, calmAtMs),
  });

test('under a stable leader a command costs 2(n-1) messages and n-1 to learn it, for n from 3 to 10', () => {
  for (let n = 3; n <= 10; n++) {
    for (let seed = 0; seed < 5; seed++) {
      const inputs = [lead(0, 'R1'), write(600, 'C1', 'a'), write(900, 'C1', 'b'), read(910, 'C1')];
      const scenario = scenarioOf(multiPaxos, group(n), {}, { inputs, seed, untilMs: 2500 });
      const { world, verdicts } = runScenario(multiPaxos, scenario);
      assert.equal(verdicts['total-order/delivery'], 'holds');
      assert.equal(world.costs.byKind.prepare, n - 1, 'phase 1 is done once');
      for (const cost of multiPaxos.costs ?? []) {
        const expected = cost.expected({ replica: n, client: 1 }, scenario.parameters);
        assert.equal(cost.measured(world.costs), expected, `${cost.name}, n = ${n}`);
      }
    }
  }
});

test('a ballot belongs to one replica, and the next one is the lowest that is higher', () => {
  for (let n = 1; n <= 7; n++) {
    for (let ballot = 0; ballot < 40; ballot++) {
      const next = Array.from({ length: n }, (_, index) => ballotAbove(ballot, index, n));
      assert.deepEqual(
        next.toSorted((a, b) => a - b),
        Array.from({ length: n }, (_, i) => ballot + 1 + i),
      );
    }
  }
});

test('a new leader proposes, in each slot, what was accepted there in the highest ballot, whoever tells it first', () => {
  const nodes = group(5);
  const machine = multiPaxos.roles.replica!;
  const { parameters } = scenarioOf(multiPaxos, nodes);
  const input = { self: 'R1', role: 'replica', nodes, parameters, stable: { promised: 8 }, seed: 1 };
  const told = (from: string, ballot: number, value: string) => {
    const command: Command = { client: 'C1', number: ballot, operation: 'write', value };
    return { type: 'promise', from, ballot: 11, accepted: [{ slot: 2, ballot, command }] };
  };
  const reports = [told('R2', 7, 'older'), told('R3', 8, 'latest')];
  for (const order of [reports, reports.toReversed()]) {
    let { state } = stepMachine(machine, null, null, input);
    ({ state } = stepMachine(machine, state, { type: 'lead' }, input));
    let effects: readonly Effect[] = [];
    for (const report of order) ({ state, effects } = stepMachine(machine, state, report, input));
    const asked = effects.flatMap((effect) =>
      effect.type === 'send' && effect.message.type === 'accept' && effect.to === 'R2' ? [effect.message] : [],
    );
    assert.deepEqual(
      asked.map(({ slot, command }) => [slot, (command as Command).value]),
      [
        [1, null],
        [2, 'latest'],
      ],
    );
  }
});

test('the register executes slot by slot, stops before a hole, skips what does nothing and what it has done', () => {
  const command = (number: number, value: string): Command => ({ client: 'C', number, operation: 'write', value });
  const fresh = { known: 0, register: null, executed: [] };
  const holed = execute({ ...fresh, chosen: { 1: command(1, 'a'), 3: command(2, 'b') } });
  assert.deepEqual([holed.known, holed.register], [1, 'a']);
  const filled = execute({ ...holed, chosen: { ...holed.chosen, 2: nothing, 4: command(1, 'a') } });
  assert.deepEqual([filled.known, filled.register, filled.executed.length], [4, 'b', 2]);
});

for (const n of [3, 5]) {
  test(`${n} replicas: after a storm of crashes, partitions and delays nothing is violated, and all is delivered`, () => {
    const count = runsOr(80);
    const result = tally(multiPaxos, count, (seed) => stormy(seed, group(n, 2)));
    assert.deepEqual(result.violated, []);
    for (const name of ['total-order/delivery', 'leader/eventually-one', 'multi-paxos/chosen']) {
      assert.equal(result.holds[name], count, name);
    }
    assert.ok((result.holds['multi-paxos/two-leaders'] ?? 0) > 0, 'the storms must be rough enough for two leaders');
  });
}

test('no schedule of deliveries, timers, crashes, restarts, losses and duplicates breaks the order', () => {
  const nodes = group(3, 2);
  const inputs = idsOf(nodes, 'replica').flatMap((to) =>
    ['C1', 'C2'].map((id) => inputOf(id, 'write', { value: id, to })),
  );
  const reached: Record<string, number> = {};
  for (let seed = 0; seed < runsOr(200); seed++) {
    const { below } = dice(seed);
    const numbers = Array.from({ length: 300 }, () => below(2 ** 30));
    const world = walk(multiPaxos, scenarioOf(multiPaxos, nodes, {}, { seed }), numbers, { inputs, timersPercent: 5 });
    for (const { property, settledAt, failure } of world.properties) {
      if (property.kind === 'always') assert.equal(failure, null, `seed ${seed}: ${property.name}`);
      else if (settledAt !== null) reached[property.name] = (reached[property.name] ?? 0) + 1;
    }
  }
  assert.ok((reached['multi-paxos/chosen'] ?? 0) > runsOr(200) / 3, JSON.stringify(reached));
});

/** What a client saw: when it asked, when it was answered, and what the answer says. */
interface Operation {
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly place: number;
  readonly kind: 'read' | 'write';
  readonly value: Json;
}
function historyOf({ trace }: Finished): Operation[] {
  const asked = new Map<string, number[]>();
  const history: Operation[] = [];
  for (const { choice, node, effects, atMs } of trace) {
    if (choice.type === 'input' && node !== null) asked.set(node, [...(asked.get(node) ?? []), atMs]);
    for (const effect of effects) {
      if (effect.type !== 'decide') continue;
      const { place, ...said } = effect.value as JsonObject;
      const [kind, value] = Object.entries(said)[0] as ['read' | 'write', Json];
      const askedMs = asked.get(node as string)?.shift() as number;
      history.push({ askedMs, answeredMs: atMs, place: Number(place), kind, value });
    }
  }
  return history;
}
/** Linearizable, with the places as the witness: they respect real time, and every read gives the last value written. */
function unlinearizable(history: readonly Operation[], writes: ReadonlyMap<number, Json>): string | null {
  for (const a of history) {
    if (history.some((b) => a.answeredMs < b.askedMs && a.place >= b.place)) return `place ${a.place} is out of time`;
    const before = [...writes].filter(([place]) => place < a.place).sort(([one], [two]) => two - one)[0];
    const current = before?.[1] ?? null;
    if (a.kind === 'read' && a.value !== current) return `a read at ${a.place} gave ${a.value}, not ${current}`;
  }
  return null;
}
const writesOf = ({ world }: Finished): Map<number, Json> =>
  new Map(
    world.nodes.flatMap(({ delivered }) =>
      delivered.flatMap((item): [number, Json][] => {
        const { place, operation, value } = item as JsonObject;
        return operation === 'write' ? [[Number(place), value as Json]] : [];
      }),
    ),
  );

test('the register is linearizable for its clients, whatever happens to its replicas', () => {
  let reads = 0;
  for (let seed = 0; seed < runsOr(60); seed++) {
    const run = runScenario(multiPaxos, stormy(seed, group(3, 3), {}, 4000));
    const history = historyOf(run);
    reads += history.filter(({ kind }) => kind === 'read').length;
    assert.equal(unlinearizable(history, writesOf(run)), null, `seed ${seed}`);
    assert.equal(run.verdicts['register/linearizable'], 'holds', `seed ${seed}`);
  }
  assert.ok(reads > runsOr(60));
});

test('the check for linearizability finds a stale read and an order against the clock', () => {
  const at = (askedMs: number, place: number, kind: 'read' | 'write', value: Json): Operation => ({
    askedMs,
    answeredMs: askedMs + 10,
    place,
    kind,
    value,
  });
  const writes = new Map<number, Json>([
    [1, 'a'],
    [2, 'b'],
  ]);
  assert.equal(unlinearizable([at(0, 1, 'write', 'a'), at(20, 2, 'write', 'b'), at(40, 3, 'read', 'b')], writes), null);
  assert.ok(unlinearizable([at(0, 1, 'write', 'a'), at(20, 2, 'write', 'b'), at(40, 3, 'read', 'a')], writes));
  assert.ok(unlinearizable([at(0, 2, 'write', 'b'), at(20, 1, 'write', 'a')], writes));
});

/** Usurpers: leaders come and go by order, and the links out of the last one are mostly dead. */
function usurpers(seed: number, parameters: JsonObject): Scenario {
  const nodes = group(3, 5);
  const replicas = idsOf(nodes, 'replica');
  const { below, pick } = dice(seed);
  const faults: ScheduledFault[] = [];
  const inputs: ScheduledInput[] = [];
  idsOf(nodes, 'client').forEach((client, i) => {
    const at = i * 400;
    const leader = pick(replicas);
    const spared = below(2) === 0 ? [] : [pick(replicas.filter((id) => id !== leader))];
    faults.push({ at, fault: { type: 'heal' } });
    inputs.push(lead(at + 10, leader));
    const cutOff = replicas.filter((id) => id !== leader && !spared.includes(id));
    for (const to of cutOff) faults.push({ at: at + 180, fault: { type: 'cut', from: leader, to, drop: true } });
    inputs.push(write(at + 200, client, `v${i}`, leader));
    if (below(2) === 0) faults.push({ at: at + 380, fault: { type: 'crash', node: leader } });
    faults.push({ at: at + 390, fault: { type: 'restart', node: leader } });
  });
  const slow = { leaderTimeout: 30_000, retryTimeout: 60_000 };
  const latency = { kind: 'uniform', minMs: 2, maxMs: 20 } as const;
  const network = { latency, order: 'unordered', loss: 0, duplicate: 0 } as const;
  return scenarioOf(multiPaxos, nodes, { ...slow, ...parameters }, { seed, untilMs: 2400, faults, inputs, network });
}

/** So many seeds are enough to catch each mistake; without it, as many find nothing. */
const enough = 20;
const mistakes: readonly (readonly [JsonObject, string])[] = [
  [{ uniform: false }, 'total-order/uniformity'],
  [{ ignoreAccepted: true }, 'multi-paxos/one-per-slot'],
];
for (const [parameters, breaks] of mistakes) {
  test(`${JSON.stringify(parameters)} breaks ${breaks} within ${enough} seeds, and the right protocol does not`, () => {
    const wrong = tally(
      multiPaxos,
      enough,
      (seed) => usurpers(seed, parameters),
      ({ verdicts }) => verdicts[breaks] === 'violated',
    );
    assert.ok(wrong.violated.some(({ what }) => what.some((text) => text.startsWith(breaks))));
    assert.deepEqual(tally(multiPaxos, enough, (seed) => usurpers(seed, {})).violated, []);
  });
}

test('every wrong variant that the protocol lists is one that is caught here', () => {
  assert.deepEqual(
    multiPaxos.wrongVariants?.map(({ parameters, breaks }) => [parameters, breaks]),
    mistakes.map(([parameters, breaks]) => [parameters, breaks]),
  );
});

test('what a leader executed before it crashed is executed by all, although nobody had heard of it', async () => {
  for (let seed = 0; seed < 20; seed++) {
    const { scenario, protocol } = await loadScenario('multi-paxos-uniform', { seed });
    const { trace, verdicts, world } = runScenario(protocol, scenario);
    const first = trace.find(({ node, effects }) => node !== 'C' && effects.some(({ type }) => type === 'deliver'));
    assert.equal(first?.node, 'R1');
    const told = trace.filter(
      ({ message, atMs }) => message?.from === 'R1' && message.body.type === 'chosen' && atMs < 4000,
    );
    assert.deepEqual(told, []);
    assert.equal(verdicts['total-order/uniformity'], 'holds');
    for (const { role, delivered } of world.nodes) {
      if (role === 'client') continue;
      const values = new Set(delivered.map((item) => (item as JsonObject).value));
      assert.deepEqual([...values], ['pay']);
    }
  }
});

test('a leader that does not wait for the majority pays twice; one that waits, once', async () => {
  const wrong = await tried('multi-paxos-not-uniform', 1);
  assert.equal(verdictIn(wrong, 'total-order/uniformity'), 'violated');
  const right = await tried('multi-paxos-not-uniform', 1, ['parameters.uniform=true']);
  assert.equal(verdictIn(right, 'total-order/uniformity'), 'holds');
  assert.deepEqual(right.decisions.C1, { write: 'withdraw 100', place: 2 });
});

test('a new leader fills the holes, and does not overwrite what may be chosen', async () => {
  const report = await tried('multi-paxos-holes', 1);
  assert.equal(verdictIn(report, 'multi-paxos/hole-filled'), 'holds');
  const wrong = await tried('multi-paxos-holes', 1, ['parameters.ignoreAccepted=true']);
  assert.equal(verdictIn(wrong, 'multi-paxos/hole-filled'), 'not reached');
  const cured = await tried('multi-paxos-forgetful-leader', 1, ['parameters.ignoreAccepted=false']);
  assert.equal(verdictIn(cured, 'multi-paxos/one-per-slot'), 'holds');
  assert.equal(verdictIn(cured, 'total-order/delivery'), 'holds');
});

test('two leaders that usurp each other are safe', async () => {
  for (let seed = 0; seed < 20; seed++) {
    const report = await tried('multi-paxos-two-leaders', seed);
    assert.equal(verdictIn(report, 'multi-paxos/two-leaders'), 'holds');
    assert.equal(verdictIn(report, 'multi-paxos/one-per-slot'), 'holds');
  }
});

test('without a majority no slot is taken; what a majority once accepted is found when one of it comes back', async () => {
  const report = await tried('multi-paxos-majority-down', 1);
  assert.deepEqual(report.decisions.C2, { write: 'b', place: 2 });
  const alone = await tried('multi-paxos-majority-down', 1, [], { untilMs: 4900 });
  assert.equal(alone.decisions.C2, null);
});
