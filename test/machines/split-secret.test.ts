import assert from 'node:assert/strict';
import { test } from 'node:test';
import { determine, interpolated, inverse, opened, type Share, valueAt } from '../../machines/split-secret/words.ts';
import splitSecret from '../../machines/split-secret.ts';
import { subsetsOf } from '../../src/core/problems/secret-sharing.ts';
import type { Json, JsonObject, NodeView, View } from '../../src/core/protocol.ts';
import type { Scenario, ScheduledFault, ScheduledInput } from '../../src/core/scenario.ts';
import { stepMachine } from '../../src/core/step.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations } from './drive.ts';
import { tried, verdictIn } from './lessons.ts';
import { dice, stormOf } from './storms.ts';
import { runsOr, traitor, treason } from './treason.ts';

const group = (servers: number) => nodesOf({ D: 'dealer', S: ['server', servers], R: 'reader' });
const split = (secret: Json, atMs = 0): ScheduledInput => ({ atMs, node: 'D', input: 'split', data: { secret } });
const reading = (atMs: number): ScheduledInput => ({ atMs, node: 'R', input: 'read', data: {} });
const run = (servers: number, parameters: JsonObject, more: Partial<Scenario> = {}): Finished =>
  runScenario(
    splitSecret,
    scenarioOf(splitSecret, group(servers), parameters, { inputs: [split(1234), reading(200)], ...more }),
  );
const shareOf = ({ world }: Finished, id: string) => world.view.node(id).context.share as Share | null;

const asPublished: readonly Share[] = [1494, 329, 965, 176, 1188, 775].map((y, i) => ({ x: i + 1, y }));
const parabola = [1234, 166, 94];

test('1234 + 166x + 94x² modulo 1613 has the points (1,1494) (2,329) (3,965) (4,176) (5,1188) (6,775)', () => {
  for (const { x, y } of asPublished) assert.equal(valueAt(parabola, x, 1613), y);
  const finished = run(6, { coefficients: [166, 94] });
  assert.deepEqual(
    ['S1', 'S2', 'S3', 'S4', 'S5', 'S6'].map((id) => shareOf(finished, id)),
    asPublished,
  );
  assert.deepEqual(finished.decisions.R, [1234]);
});

test('every three of the six shares give the secret', () => {
  const all = [...subsetsOf(asPublished, 3)];
  assert.equal(all.length, 20);
  for (const three of all) assert.equal(interpolated(three, 0, 1613), 1234);
});

/** All polynomials modulo p with `length` coefficients, the secret first. */
function* polynomials(length: number, p: number): Generator<number[]> {
  for (let code = 0; code < p ** length; code++) {
    yield Array.from({ length }, (_, i) => Math.floor(code / p ** i) % p);
  }
}
/** How many polynomials through these points there are with each secret. */
function counted(points: readonly Share[], length: number, p: number): number[] {
  const counts = Array.from({ length: p }, () => 0);
  for (const polynomial of polynomials(length, p)) {
    if (points.every(({ x, y }) => valueAt(polynomial, x, p) === y)) counts[polynomial[0] as number]! += 1;
  }
  return counts;
}

test('no two shares narrow a secret down: counted over all polynomials modulo 7, each secret fits equally many', () => {
  for (const places of subsetsOf([1, 2, 3, 4, 5, 6], 2)) {
    for (let code = 0; code < 49; code++) {
      const points = places.map((x, i) => ({ x, y: i === 0 ? code % 7 : Math.floor(code / 7) }));
      assert.deepEqual(counted(points, 3, 7), [1, 1, 1, 1, 1, 1, 1]);
    }
  }
  assert.deepEqual(counted([{ x: 4, y: 2 }], 3, 7), [7, 7, 7, 7, 7, 7, 7]);
});

test('what is said to determine the secret leaves one, and nothing else leaves fewer than all: counted', () => {
  const secretsLeft = (points: readonly Share[], drawn: number) =>
    counted(points, drawn + 1, 5).filter((count) => count > 0).length;
  for (let drawn = 0; drawn <= 3; drawn++) {
    for (const places of [[], [0], [1], [0, 2], [1, 3], [2, 3, 4], [0, 1, 2], [1, 2, 3, 4]]) {
      const points = places.map((x) => ({ x, y: valueAt([3, 1, 4, 1].slice(0, drawn + 1), x, 5) }));
      assert.equal(secretsLeft(points, drawn), determine(points, drawn) ? 1 : 5, `${drawn} drawn, at ${places}`);
    }
  }
});

test('a number times its inverse is 1, modulo each prime on offer', () => {
  const { p } = splitSecret.parameters as unknown as { p: { choices: readonly number[] } };
  for (const prime of p.choices) {
    for (let factor = 2; factor * factor <= prime; factor++) assert.notEqual(prime % factor, 0, `${prime} is no prime`);
    for (let value = 1; value < Math.min(prime, 300); value++) assert.equal((value * inverse(value, prime)) % prime, 1);
  }
});

test('k + 1 shares detect one lie, whatever it is; k + 2 correct it and name the liar', () => {
  const field = { k: 3, p: 31 };
  const points = [1, 2, 3, 4, 5].map((x) => ({ x, y: valueAt([7, 11, 13], x, 31) }));
  for (const liar of [1, 2, 3, 4, 5]) {
    for (let lie = 1; lie < 31; lie++) {
      const told = points.map(({ x, y }) => ({ x, y: x === liar ? (y + lie) % 31 : y }));
      for (const four of subsetsOf(told, 4)) {
        const isDetected = opened(four, field, 4) === null;
        assert.equal(
          isDetected,
          four.some(({ x }) => x === liar),
        );
      }
      assert.deepEqual(opened(told, field, 4), { secret: 7, off: told.filter(({ x }) => x === liar) });
    }
  }
});

test('costs are the published ones for every n from 3 to 8', () => {
  for (let n = 3; n <= 8; n++) {
    const { world } = run(n, {});
    for (const { name, expected, measured } of splitSecret.costs ?? []) {
      const roles = { dealer: 1, server: n, reader: 1 };
      assert.equal(measured(world.costs), expected(roles, world.scenario.parameters), `${name}, n = ${n}`);
    }
  }
});

test('the coefficients are drawn: other seeds give other shares of the same secret, and each value comes up', () => {
  const ys = Array.from({ length: 60 }, (_, seed) => shareOf(run(3, { p: 7 }, { inputs: [split(3)], seed }), 'S1')?.y);
  assert.deepEqual([...new Set(ys)].sort(), [0, 1, 2, 3, 4, 5, 6]);
});

test('nobody but the dealer is told the secret, and the dealer forgets it', () => {
  const { world, trace } = run(6, { coefficients: [166, 94] }, { inputs: [split(1234)] });
  assert.ok(trace.flatMap(({ sends }) => sends).every(({ body }) => !JSON.stringify(body).includes('1234')));
  for (const { context, stable } of world.nodes) assert.ok(!JSON.stringify({ ...context, stable }).includes('1234'));
});

test('a secret is dealt once, also when dealer and server have crashed since', () => {
  const again = run(
    4,
    {},
    {
      inputs: [split(1234), split(99, 300), reading(600)],
      faults: [
        { at: 100, fault: { type: 'crash', node: 'D' } },
        { at: 150, fault: { type: 'restart', node: 'D' } },
        { at: 100, fault: { type: 'crash', node: 'S1' } },
        { at: 150, fault: { type: 'restart', node: 'S1' } },
      ],
    },
  );
  assert.equal(again.world.costs.byKind.share, 4);
  assert.deepEqual(again.decisions.R, [1234]);
});

test('a server shows its share to readers, not to another server', () => {
  const { parameters } = scenarioOf(splitSecret, group(3));
  const stable = { share: { x: 1, y: 17 } };
  const input = { self: 'S1', role: 'server', nodes: group(3), parameters, stable, seed: 1 };
  const machine = splitSecret.roles.server!;
  const { state } = stepMachine(machine, null, null, input);
  const answers = (from: string) => stepMachine(machine, state, { type: 'ask', from }, input).effects;
  assert.deepEqual(answers('R'), [{ type: 'send', to: 'R', message: { type: 'answer', x: 1, y: 17 } }]);
  assert.deepEqual(answers('S2'), []);
});

test('a dealer says why it cannot split', () => {
  const said = (secret: Json, parameters: JsonObject, servers = 3) => {
    const { trace, world } = run(servers, parameters, { inputs: [split(secret)] });
    assert.equal(world.costs.messages, 0);
    return trace.flatMap(({ notes }) => notes).join();
  };
  assert.match(said(1613, {}), /from 0 to 1612/);
  assert.match(said(1.5, {}), /whole number/);
  assert.match(said('x', {}), /whole number/);
  assert.match(said(3, { p: 7 }, 7), /fewer than 7 different places/);
  assert.match(said(3, { coefficients: [1] }), /2 whole numbers/);
  assert.match(said(3, { coefficients: 'no' }), /2 whole numbers/);
});

/** Crashes, restarts, losses and delays, `liars` lying servers, and readers that ask again when it is over. */
function trouble(seed: number, parameters: JsonObject = {}): Finished {
  const { below } = dice(seed);
  const liars = below(3);
  const k = 1 + below(4);
  const servers = k + 2 * liars + below(2);
  const ids = Object.keys(group(servers)).filter((id) => id.startsWith('S'));
  const faults: ScheduledFault[] = [
    ...treason(seed, ids, liars, 2000),
    ...stormOf(seed, {
      victims: ids,
      everybody: Object.keys(group(servers)),
      troubles: ['crash', 'pause', 'partition', 'cut', 'delay'],
      calmAtMs: 4000,
    }),
  ].map((each) => (each.fault.type === 'partition' ? { ...each, fault: { ...each.fault, drop: false } } : each));
  const inputs = [split(1234), reading(500), reading(3000), reading(12_000), reading(20_000)];
  return run(servers, { k, liars, ...parameters }, { faults, inputs, seed, failures: 'byzantine' });
}

test('inside the bound a reader gets the secret in the end, no lie for it, and accuses liars only', () => {
  let [detected, read] = [0, 0];
  const runs = runsOr(300);
  for (let seed = 0; seed < runs; seed++) {
    const { world, verdicts } = trouble(seed);
    assert.deepEqual(violations(world), [], `seed ${seed}`);
    if (verdicts['secret-sharing/lie-detected'] === 'holds') detected += 1;
    if (world.nodes.some(({ status }) => status !== 'up') || world.costs.dropped > 0) continue;
    assert.equal(verdicts['secret-sharing/recovery'], 'holds', `seed ${seed}`);
    read += 1;
  }
  assert.ok(detected > runs / 20 && read > runs / 10, `${detected} lies detected, ${read} undisturbed`);
});

test('two liars where one is reckoned with: lies that fit together deceive the reader, others only keep it waiting', () => {
  for (let seed = 0; seed < 20; seed++) {
    const read = (...liars: string[]) =>
      run(5, { liars: 1 }, { faults: liars.map((id) => traitor(id)), seed, failures: 'byzantine' });
    assert.deepEqual(read('S1', 'S2').decisions.R, []);
    const deceived = read('S2', 'S3');
    assert.deepEqual(deceived.decisions.R, [1232]);
    assert.equal(deceived.verdicts['secret-sharing/true-secret'], 'violated');
  }
});

test('every wrong variant is caught in the first run, and while readers notice nothing', () => {
  assert.equal(splitSecret.wrongVariants?.length, 4);
  for (const { parameters, breaks } of splitSecret.wrongVariants ?? []) {
    const { verdicts, decisions } = run(5, parameters);
    assert.equal(verdicts[breaks], 'violated', JSON.stringify(parameters));
    assert.deepEqual(decisions.R, [1234]);
  }
});

test('a planted breach of each clause is found, and the nodes are named', () => {
  const node = (id: string, role: string, more: Partial<NodeView> = {}): NodeView => ({
    id,
    role,
    status: 'up',
    honest: true,
    everCrashed: false,
    path: 'open',
    context: { accused: [] },
    stable: {},
    decisions: [],
    delivered: [],
    ...more,
  });
  const judge = (name: string, reader: Partial<NodeView>, sent: readonly JsonObject[] = []) => {
    const nodes = [
      node('D', 'dealer'),
      ...['S1', 'S2', 'S3', 'S4'].map((id) => node(id, 'server')),
      node('R', 'reader', reader),
    ];
    const view = {
      nodes,
      parameters: { k: 3, p: 1613, mistake: 'none' },
      inputs: [
        { node: 'D', input: 'split', data: { secret: 9999 } },
        { node: 'D', input: 'split', data: { secret: 5 } },
      ],
      node: (id: string) => nodes.find((each) => each.id === id),
    } as unknown as View;
    return splitSecret.properties.find((each) => each.name === `secret-sharing/${name}`)?.test(view, sent);
  };
  const found = (verdict: unknown) => [(verdict as { clause: string }).clause, (verdict as { nodes: string[] }).nodes];
  const piece = (to: string, owner: string, x: number) => ({ to, owner, share: { x, y: 1 } });
  assert.equal(judge('secrecy', {}, [piece('S1', 'S1', 1), piece('S2', 'S2', 2), piece('R', 'S3', 3)]), true);
  assert.deepEqual(found(judge('secrecy', {}, [piece('S1', 'S2', 2)])), ['own-share', ['S1']]);
  const three = [piece('S1', 'S1', 1), piece('S2', 'S2', 2), piece('S2', 'S2', 3)];
  assert.deepEqual(found(judge('secrecy', {}, three)), ['threshold', ['S1', 'S2']]);
  assert.deepEqual(found(judge('true-secret', { decisions: [6] })), ['true-secret', ['R']]);
  assert.equal(judge('true-secret', { decisions: [5] }), true);
  assert.deepEqual(found(judge('just-accusation', { context: { accused: ['S4'] } })), ['just-accusation', ['R', 'S4']]);
  assert.deepEqual(found(judge('recovery', { path: 'doubting' })), ['recovery', ['R']]);
});

test('what the lessons tell to try comes out as they say', async () => {
  let slandered = 0;
  for (let seed = 0; seed < 10; seed++) {
    const drawn = await tried('three-of-six', seed, ['parameters.coefficients=null']);
    assert.equal(drawn.decisions.R, 1234);
    assert.equal((await tried('too-few-shares', seed, ['parameters.k=2'])).decisions.R, 1234);
    const careful = await tried('lie-believed', seed, ['parameters.liars=1']);
    assert.equal(careful.decisions.R, null);
    const fifth = await tried('lie-detected', seed, ['nodes.S5=server']);
    assert.equal(fifth.decisions.R, 1234);
    const two = { faults: [traitor('S2'), traitor('S3')] };
    const deceived = await tried('lie-corrected', seed, [], two);
    assert.equal(deceived.decisions.R, 1232);
    if (verdictIn(deceived, 'secret-sharing/just-accusation') === 'violated') slandered += 1;
    const seven = ['parameters.liars=2', 'nodes.S6=server', 'nodes.S7=server'];
    assert.equal((await tried('lie-corrected', seed, seven, two)).decisions.R, 1234);
    for (const mistake of ['too-short', 'constant', 'none']) {
      const report = await tried('counted-from-zero', seed, [`parameters.mistake=${mistake}`]);
      assert.equal(verdictIn(report, 'secret-sharing/secrecy'), mistake === 'none' ? 'holds' : 'violated');
    }
    const itself = await tried('helpful-server', seed, ['parameters.mistake=none']);
    assert.equal(verdictIn(itself, 'secret-sharing/secrecy'), 'holds');
  }
  assert.ok(slandered > 0, 'S5, who tells the truth, is accused when it is not the last to answer');
});
