import assert from 'node:assert/strict';
import { test } from 'node:test';
import causality from '../../machines/causality.ts';
import { compareVectors } from '../../src/core/clocks.ts';
import type { JsonObject } from '../../src/core/protocol.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations } from './drive.ts';
import { tried, verdictIn } from './lessons.ts';
import { stormOf, tally } from './storms.ts';
import { runsOr } from './treason.ts';

const talk = (n: number, parameters: JsonObject, more: Partial<Scenario> = {}): Finished =>
  runScenario(causality, scenarioOf(causality, nodesOf({ P: ['process', n] }), parameters, more));
interface Stamped {
  readonly name: string;
  readonly lamport: number;
  readonly vector: readonly number[];
  readonly sent?: string;
  readonly received?: string;
}
const eventsOf = ({ world }: Finished): (Stamped & { node: string })[] =>
  world.nodes.flatMap(({ id, delivered }) => delivered.map((item) => ({ node: id, ...(item as unknown as Stamped) })));

/** Happens-before as a graph, closed by walking it: nothing of the protocol's own reckoning is used. */
function happensBefore(events: ReturnType<typeof eventsOf>): (a: number, b: number) => boolean {
  const next = events.map((event, i) =>
    events.flatMap((other, j) =>
      (j === i + 1 && other.node === event.node) || (event.sent !== undefined && other.received === event.sent)
        ? [j]
        : [],
    ),
  );
  const reach = events.map((_, from) => {
    const seen = new Set<number>();
    const open = [from];
    for (let at = open.pop(); at !== undefined; at = open.pop())
      for (const to of next[at] as number[])
        if (!seen.has(to)) {
          seen.add(to);
          open.push(to);
        }
    return seen;
  });
  return (a, b) => (reach[a] as Set<number>).has(b);
}

test('the time-line of the lectures: LT(snd) = 2, LT(rcv) = max(1, 2) + 1, VT(A) < VT(D), B and D not comparable', () => {
  const inputs = [
    { atMs: 10, node: 'P', input: 'event', data: { name: 'A' } },
    { atMs: 15, node: 'Q', input: 'event', data: { name: 'C' } },
    { atMs: 20, node: 'P', input: 'tell', data: { to: 'Q' } },
    { atMs: 30, node: 'P', input: 'event', data: { name: 'B' } },
    { atMs: 200, node: 'Q', input: 'event', data: { name: 'delivery' } },
    { atMs: 210, node: 'Q', input: 'event', data: { name: 'D' } },
  ];
  const finished = runScenario(causality, scenarioOf(causality, { P: 'process', Q: 'process' }, {}, { inputs }));
  const stamps = Object.fromEntries(eventsOf(finished).map(({ name, lamport, vector }) => [name, [lamport, vector]]));
  assert.deepEqual(stamps, {
    A: [1, [1, 0]],
    'sending of P#1': [2, [2, 0]],
    B: [3, [3, 0]],
    C: [1, [0, 1]],
    'receipt of P#1': [3, [2, 2]],
    delivery: [4, [2, 3]],
    D: [5, [2, 4]],
  });
  assert.equal(finished.verdicts['logical-clocks/smaller-but-concurrent'], 'holds');
});

test('vector order equals happens-before exactly; Lamport’s clock keeps it, and its converse fails', () => {
  let converseFails = 0;
  for (let seed = 0; seed < 20; seed++) {
    const finished = talk(4, { chatter: 6 }, { seed });
    const events = eventsOf(finished);
    const before = happensBefore(events);
    for (const [i, a] of events.entries())
      for (const [j, b] of events.entries()) {
        if (i === j) continue;
        assert.equal(compareVectors(a.vector, b.vector) === 'before', before(i, j), `${a.name}, ${b.name}`);
        if (before(i, j)) assert.ok(a.lamport < b.lamport);
        else if (a.lamport < b.lamport && !before(j, i)) converseFails += 1;
      }
  }
  assert.ok(converseFails > 100);
});

test('the clocks cost no message: n k for k messages a process', () => {
  for (let n = 3; n <= 10; n++) {
    const { world } = talk(n, { chatter: 3 }, { seed: n });
    for (const { expected, measured } of causality.costs ?? [])
      assert.equal(measured(world.costs), expected({ process: n }, world.scenario.parameters));
  }
});

const storm = (parameters: JsonObject) => (seed: number) => {
  const nodes = nodesOf({ P: ['process', 3 + (seed % 3)] });
  const ids = Object.keys(nodes);
  const faults = stormOf(seed, { victims: ids, everybody: ids, calmAtMs: 1500, episodes: 4 });
  const network = { ...scenarioOf(causality, nodes).network, loss: (seed % 4) / 20, duplicate: (seed % 5) / 20 };
  return scenarioOf(causality, nodes, { chatter: 4, ...parameters }, { faults, seed, network });
};

test('crashes, losses, copies and partitions: both clocks stay right', () => {
  const { violated, holds, runs } = tally(causality, runsOr(300), storm({}));
  assert.deepEqual(violated, []);
  assert.ok((holds['logical-clocks/smaller-but-concurrent'] ?? 0) > 0.95 * runs);
});

for (const { parameters, breaks } of causality.wrongVariants ?? [])
  test(`${JSON.stringify(parameters)} breaks ${breaks} within 20 seeds`, () => {
    const { violated } = tally(causality, 20, storm(parameters), (run) => run.verdicts[breaks] === 'violated');
    assert.ok(violated.at(-1)?.what.some((what) => what.startsWith(breaks)));
  });

test('one process that lies about its clocks spoils the order of two honest ones', () => {
  const inputs = ['A', 'B'].map((name, i) => ({ atMs: i, node: 'P1', input: 'event', data: { name } }));
  const tell = (atMs: number, node: string, to: string) => ({ atMs, node, input: 'tell', data: { to } });
  const more = { inputs: [...inputs, tell(10, 'P1', 'P2'), tell(100, 'P2', 'P3')] };
  const lie = { at: 0, fault: { type: 'traitor', node: 'P2', behaviour: 'wrong-value' } } as const;
  assert.deepEqual(violations(talk(3, {}, more).world), []);
  assert.match(violations(talk(3, {}, { ...more, faults: [lie] }).world).join(), /receipt of P2#1 at P3/);
});

test('a jump of the clocks goes through every process once and is a consistent cut, whatever overtakes it', async () => {
  const jump = { atMs: 120, node: 'P1', input: 'jump', data: { jump: 1000 } };
  for (let n = 2; n <= 6; n++) {
    const quiet = talk(n, {}, { inputs: [jump] });
    assert.equal(quiet.world.costs.byKind.flood, n * (n - 1));
    for (let seed = 0; seed < 20; seed++) {
      const run = talk(n, { chatter: 6, pause: 40 }, { inputs: [jump, { ...jump, node: 'P2' }], seed });
      assert.deepEqual(violations(run.world), []);
      assert.equal(run.verdicts['logical-clocks/jumped'], 'holds');
      const stamps = run.world.nodes.map(({ delivered }) =>
        delivered.map((item) => Number((item as JsonObject).lamport)),
      );
      for (const times of stamps) {
        const jumps = times.filter((time, i) => time >= 1000 && Number(times[i - 1] ?? 0) < 1000);
        assert.equal(jumps.length, 1);
      }
    }
  }
  for (let seed = 0; seed < 10; seed++) {
    assert.equal(verdictIn(await tried('jump-ahead', seed), 'logical-clocks/jump-cuts'), 'holds');
    const alone = await tried('jump-ahead', seed, ['takeOver=false']);
    assert.equal(verdictIn(alone, 'logical-clocks/jump-cuts'), 'violated', `seed ${seed}`);
  }
});
