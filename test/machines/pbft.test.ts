import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inheritedFrom, isCertificate, isPrePrepare, isViewChange } from '../../machines/pbft/proofs.ts';
import {
  type Certificate,
  digestOf,
  executedIn,
  faultsOf,
  type PrePrepare,
  type Prepare,
  quorumOf,
  type Request,
  type Signed,
  type SignedRequest,
  type ViewChange,
} from '../../machines/pbft/words.ts';
import pbft from '../../machines/pbft.ts';
import type { JsonObject } from '../../src/core/protocol.ts';
import type { Scenario, ScheduledFault, ScheduledInput } from '../../src/core/scenario.ts';
import { stepMachine } from '../../src/core/step.ts';
import { type Finished, nodesOf, runScenario, scenarioOf } from './drive.ts';
import { tried, verdictIn } from './lessons.ts';
import { runsOr } from './random-crashes.ts';
import { dice, requestsOf, stormOf, tally } from './storms.ts';
import { traitor, treason } from './treason.ts';

const group = (replicas: number, clients = 1) => nodesOf({ R: ['replica', replicas], C: ['client', clients] });
const idsOf = (nodes: Scenario['nodes'], role: string) => Object.keys(nodes).filter((id) => nodes[id] === role);
const request = (atMs: number, node: string, command: string): ScheduledInput => ({
  atMs,
  node,
  input: 'request',
  data: { command },
});
const crash = (at: number, node: string): ScheduledFault => ({ at, fault: { type: 'crash', node } });
const commandsOf = ({ world }: Finished, node: string) =>
  world.view.node(node).delivered.map((item) => (item as JsonObject).command);
const play = (nodes: Scenario['nodes'], more: Partial<Scenario>, parameters: JsonObject = {}) =>
  runScenario(pbft, scenarioOf(pbft, nodes, parameters, { failures: 'byzantine', ...more }));

test('the normal case costs what is published, for n from 3 to 10; with four replicas 3 + 9 + 12', () => {
  const network = { latency: { kind: 'constant', ms: 20 }, order: 'unordered', loss: 0, duplicate: 0 } as const;
  for (let n = 3; n <= 10; n++) {
    const inputs = ['a', 'b', 'c', 'd', 'e'].map((command) => request(0, 'C1', command));
    const { world, verdicts } = play(group(n), { inputs, network });
    assert.equal(verdicts['pbft/answers'], 'holds');
    for (const cost of pbft.costs ?? []) {
      const expected = cost.expected({ replica: n, client: 1 }, world.scenario.parameters);
      if (expected === null) assert.equal(faultsOf(n), 0);
      else assert.equal(cost.measured(world.costs), expected, `${cost.name}, n = ${n}`);
    }
    if (n !== 4) continue;
    const { byKind } = world.costs;
    assert.deepEqual([byKind['pre-prepare'], byKind.prepare, byKind.commit], [5 * 3, 5 * 9, 5 * 12]);
  }
});

test('whatever the delays, a request costs 2n(n-1) messages between replicas while nobody loses patience', () => {
  const [between] = pbft.costs ?? [];
  for (let seed = 0; seed < 20; seed++) {
    const inputs = [request(0, 'C1', 'a'), request(10, 'C2', 'b'), request(300, 'C1', 'c')];
    const { world } = play(group(4, 2), { inputs, seed });
    assert.equal(between?.measured(world.costs), 24);
  }
});

test('any two quorums share an honest replica; with 3f + 1 replicas a quorum is 2f + 1', () => {
  for (let n = 1; n <= 40; n++) {
    assert.ok(2 * quorumOf(n) - n > faultsOf(n));
    assert.ok(quorumOf(n) <= n - faultsOf(n), 'the honest alone are a quorum');
    assert.ok(n > 3 * faultsOf(n) && n <= 3 * faultsOf(n) + 3);
  }
  for (let f = 0; f <= 10; f++) assert.equal(quorumOf(3 * f + 1), 2 * f + 1);
});

const members = { replicas: ['R1', 'R2', 'R3', 'R4'], clients: ['C1'] };
const signed = <S>(signer: string, statement: S): Signed<S> => ({
  signer,
  statement,
  signature: 'checked by the world',
});
const asked = (number: number): Signed<Request> => signed('C1', { type: 'request', number, command: `x${number}` });
const proposed = (view: number, sequence: number, what: SignedRequest, signer = members.replicas[view % 4] as string) =>
  signed<PrePrepare>(signer, { type: 'pre-prepare', view, sequence, digest: digestOf(what), request: what });
const agreed = (signer: string, { statement: { view, sequence, digest } }: Signed<PrePrepare>) =>
  signed<Prepare>(signer, { type: 'prepare', view, sequence, digest });
const proof = (prePrepare: Signed<PrePrepare>, ...backups: string[]): Certificate => ({
  prePrepare,
  prepares: backups.map((backup) => agreed(backup, prePrepare)),
});
const wants = (signer: string, view: number, prepared: readonly Certificate[]): Signed<ViewChange> =>
  signed(signer, { type: 'view-change', view, stable: 0, checkpoint: [], prepared });

test('a number is given by the primary of the view, to a request that a client signed', () => {
  assert.ok(isPrePrepare(proposed(0, 1, asked(1)), members));
  assert.ok(isPrePrepare(proposed(1, 1, null), members));
  assert.ok(!isPrePrepare(proposed(0, 1, asked(1), 'R2'), members));
  const invented = signed('R1', { type: 'request', number: 1, command: 'x' } as const);
  assert.ok(!isPrePrepare(proposed(0, 1, invented), members));
  const { statement } = proposed(0, 1, asked(1));
  assert.ok(!isPrePrepare(signed('R1', { ...statement, digest: digestOf(asked(2)) }), members));
});

test('prepared takes the primary and two different backups, about the same request, number and view', () => {
  const prePrepare = proposed(0, 1, asked(1));
  assert.ok(isCertificate(proof(prePrepare, 'R2', 'R3'), members));
  assert.ok(!isCertificate(proof(prePrepare, 'R2'), members));
  assert.ok(!isCertificate(proof(prePrepare, 'R2', 'R2'), members));
  assert.ok(!isCertificate(proof(prePrepare, 'R2', 'R1'), members), 'the primary is no backup');
  assert.ok(!isCertificate(proof(prePrepare, 'R2', 'C1'), members));
  const other = { prePrepare, prepares: [agreed('R2', prePrepare), agreed('R3', proposed(0, 2, asked(1)))] };
  assert.ok(!isCertificate(other, members));
});

test('a view change is believed with its proofs, and only about earlier views', () => {
  const good = proof(proposed(0, 1, asked(1)), 'R2', 'R3');
  assert.ok(isViewChange(wants('R2', 1, [good]), members));
  assert.ok(!isViewChange(wants('R2', 1, [proof(proposed(0, 1, asked(1)), 'R2')]), members));
  assert.ok(!isViewChange(wants('R2', 0, [good]), members));
  assert.ok(!isViewChange(wants('C1', 1, [good]), members));
  const unproved = signed('R2', { ...wants('R2', 1, []).statement, stable: 4 });
  assert.ok(!isViewChange(unproved, members));
});

test('a new view inherits, for each number, what was prepared in the latest view; gaps are filled with nothing', () => {
  const older = proof(proposed(0, 1, asked(1)), 'R2', 'R3');
  const newer = proof(proposed(1, 1, asked(2)), 'R3', 'R4');
  const third = proof(proposed(1, 3, asked(3)), 'R3', 'R4');
  const inherited = inheritedFrom([wants('R2', 2, [older]), wants('R3', 2, [newer, third]), wants('R4', 2, [])]);
  assert.deepEqual(
    inherited.map(({ sequence, digest }) => [sequence, digest]),
    [
      [1, digestOf(asked(2))],
      [2, digestOf(null)],
      [3, digestOf(asked(3))],
    ],
  );
  assert.deepEqual(inheritedFrom([wants('R2', 1, [])]), []);
});

test('a request with two numbers is executed once, and one that does nothing not at all', () => {
  const executed = executedIn([asked(1), null, asked(1), asked(2)]);
  assert.deepEqual(
    executed.map(({ place, command }) => [place, command]),
    [
      [1, 'x1'],
      [2, 'x2'],
    ],
  );
});

test('a backup agrees to one request for each number of a view: the first that it is told', () => {
  const nodes = group(4);
  const { parameters } = scenarioOf(pbft, nodes);
  const input = { self: 'R2', role: 'replica', nodes, parameters, stable: {}, seed: 1 };
  const machine = pbft.roles.replica!;
  let { state } = stepMachine(machine, null, null, input);
  const told: unknown[] = [];
  for (const what of [asked(1), asked(2)]) {
    const word = proposed(0, 1, what);
    const result = stepMachine(machine, state, { ...word.statement, signed: word, from: 'R1' }, input);
    state = result.state;
    told.push(...result.effects.flatMap((effect) => (effect.type === 'send' ? [effect.message.digest] : [])));
  }
  assert.deepEqual([...new Set(told)], [digestOf(asked(1))]);
  const kept = state.context.prePrepares as unknown as Record<string, Signed<PrePrepare>>;
  assert.equal(kept['0/1']?.statement.digest, digestOf(asked(1)));
});

test('who catches up believes two replicas that say the same, and neither one alone nor a client', () => {
  const nodes = group(4);
  const machine = pbft.roles.replica!;
  const { parameters } = scenarioOf(pbft, nodes);
  const input = { self: 'R1', role: 'replica', nodes, parameters, stable: {}, seed: 1 };
  const delivered = (...states: readonly (readonly [from: string, request: SignedRequest])[]) => {
    let { state } = stepMachine(machine, null, null, input);
    const items: unknown[] = [];
    for (const [from, what] of states) {
      const result = stepMachine(machine, state, { type: 'state', from, sequence: 0, requests: [what] }, input);
      state = result.state;
      items.push(...result.effects.flatMap((effect) => (effect.type === 'deliver' ? [effect.item] : [])));
    }
    return items.length;
  };
  assert.equal(delivered(['R2', asked(1)], ['R2', asked(1)]), 0);
  assert.equal(delivered(['R2', asked(1)], ['R3', asked(2)]), 0);
  assert.equal(delivered(['R2', asked(1)], ['C1', asked(1)]), 0);
  assert.equal(delivered(['R2', asked(1)], ['R3', asked(2)], ['R4', asked(1)]), 1);
});

/** Delays, partitions that hold, pauses; and in their midst `faulty` replicas that lie or crash. Nothing honest is lost. */
function trouble(seed: number, replicas: number, faulty: number, how: 'lie' | 'crash', parameters: JsonObject = {}) {
  const nodes = group(replicas, 2);
  const ids = idsOf(nodes, 'replica');
  const { below, pick } = dice(seed + 99);
  const calmAtMs = 4000;
  const storm = stormOf(seed, {
    victims: [pick(ids)],
    everybody: Object.keys(nodes),
    troubles: ['delay', 'delay', 'partition', 'cut', 'pause'],
    calmAtMs,
  }).flatMap((scheduled): ScheduledFault[] => {
    const { fault } = scheduled;
    if (fault.type === 'restart') return [];
    return [fault.type === 'partition' ? { ...scheduled, fault: { ...fault, drop: false } } : scheduled];
  });
  const victims = ids.toSorted(() => below(3) - 1).slice(0, faulty);
  const treachery =
    how === 'lie' ? treason(seed, ids, faulty, calmAtMs) : victims.map((id) => crash(below(calmAtMs), id));
  return scenarioOf(
    pbft,
    nodes,
    { checkpointInterval: 3, ...parameters },
    {
      seed,
      failures: 'byzantine',
      untilMs: 60_000,
      faults: [...storm, ...treachery],
      inputs: requestsOf(seed, idsOf(nodes, 'client'), 6, calmAtMs),
    },
  );
}

for (const [replicas, faulty, how, count] of [
  [4, 1, 'lie', 80],
  [4, 1, 'crash', 40],
  [7, 2, 'lie', 10],
] as const) {
  const what = how === 'lie' ? 'traitors' : 'crashes';
  test(`${replicas} replicas, ${faulty} ${what}, delays and partitions: no two orders, and every client is answered`, () => {
    const all = runsOr(count);
    const result = tally(pbft, all, (seed) => trouble(seed, replicas, faulty, how));
    assert.deepEqual(result.violated, []);
    assert.equal(result.holds['pbft/answers'], all);
    assert.ok((result.holds['pbft/view-changed'] ?? 0) > all / 10, 'some primaries must have been replaced');
  });
}

test('a client that lies in every way, beside a traitor replica: nothing is made up, and the honest client is answered', () => {
  const nodes = group(4, 2);
  let otherRequests = 0;
  for (let seed = 0; seed < runsOr(10); seed++) {
    const faults = [...treason(seed, ['C1'], 1, 1500), ...treason(seed + 1000, idsOf(nodes, 'replica'), 1, 1500)];
    const inputs = [...'abc'].map((letter, i) => request(i * 300, 'C1', letter));
    const run = play(nodes, { inputs: [...inputs, request(500, 'C2', 'mine')], faults, seed, untilMs: 30_000 });
    const wrong = pbft.properties.filter(({ name, kind }) => kind === 'always' && run.verdicts[name] !== 'holds');
    assert.deepEqual({ seed, wrong: wrong.map(({ name }) => name) }, { seed, wrong: [] });
    assert.equal(run.verdicts['pbft/answers'], 'holds', `seed ${seed}`);
    const [honest] = run.world.view.honest;
    const executed = commandsOf(run, honest?.id ?? '');
    if (executed.some((command) => !['a', 'b', 'c', 'mine'].includes(String(command)))) otherRequests += 1;
  }
  assert.ok(otherRequests > 0, 'some lies of the client must have been executed');
});

/** Everybody hears all too late that others agree, but for one, who is then cut off. Nobody lies, nothing is lost. */
function slowLinks(seed: number, parameters: JsonObject): Scenario {
  const nodes = group(4, 4);
  const { below, pick } = dice(seed);
  const replicas = idsOf(nodes, 'replica');
  const lucky = pick(replicas);
  const faults: ScheduledFault[] = replicas
    .filter((id) => id !== lucky)
    .map((to) => ({ at: 0, fault: { type: 'delay', to, kind: 'prepare', byMs: 8000, count: 1 + below(6) } }));
  const rest = Object.keys(nodes).filter((id) => id !== lucky);
  faults.push({ at: 130 + below(120), fault: { type: 'partition', groups: [[lucky], rest] } });
  faults.push({ at: 8000, fault: { type: 'heal' } });
  const inputs = idsOf(nodes, 'client').map((id, i) => request(below(i < 2 ? 100 : 2500), id, `of ${id}`));
  const impatient = { viewTimeout: 500, retryTimeout: 700 };
  return scenarioOf(pbft, nodes, { ...impatient, ...parameters }, { seed, untilMs: 20_000, faults, inputs });
}

/** So many seeds are enough to catch the mistake; without it, as many find nothing. */
const enough = 20;
test(`without the commit phase delays alone break the order, within ${enough} seeds; with it they do not`, () => {
  const [variant] = pbft.wrongVariants ?? [];
  assert.deepEqual(
    pbft.wrongVariants?.map(({ parameters }) => parameters),
    [{ commitPhase: false }],
  );
  const breaks = String(variant?.breaks);
  const wrong = tally(
    pbft,
    enough,
    (seed) => slowLinks(seed, { commitPhase: false }),
    ({ verdicts }) => verdicts[breaks] === 'violated',
  );
  assert.ok(wrong.violated.some(({ what }) => what.some((text) => text.startsWith(breaks))));
  assert.deepEqual(tally(pbft, enough, (seed) => slowLinks(seed, {})).violated, []);
});

test('the story of the missing phase: prepared at one replica, forgotten by the next view', async () => {
  for (let seed = 0; seed < 5; seed++) {
    const wrong = await tried('pbft-no-commit-phase', seed);
    assert.equal(verdictIn(wrong, 'total-order/same-order'), 'violated');
    assert.equal(verdictIn(wrong, 'pbft/one-prepared'), 'holds');
    const right = await tried('pbft-no-commit-phase', seed, ['parameters.commitPhase=true']);
    assert.equal(verdictIn(right, 'total-order/same-order'), 'holds');
    assert.deepEqual(right.decisions.C1, { command: 'm', place: 2 });
  }
});

test('a traitor primary that equivocates cannot have two orders executed: it is replaced, and the service goes on', async () => {
  for (let seed = 0; seed < 5; seed++) {
    const report = await tried('pbft-traitor-primary', seed);
    for (const name of ['total-order/same-order', 'pbft/view-changed', 'pbft/answers']) {
      assert.equal(verdictIn(report, name), 'holds', name);
    }
  }
});

test('two of four traitors have two orders executed; one of them alone does not, nor do two of seven', async () => {
  const broken = await tried('pbft-two-traitors', 1);
  assert.equal(verdictIn(broken, 'total-order/same-order'), 'violated');
  const alone = [traitor('R0', { behaviour: 'equivocate', targets: ['R2'] })];
  const one = await tried('pbft-two-traitors', 1, [], { faults: alone });
  assert.equal(verdictIn(one, 'total-order/same-order'), 'holds');
  const more = ['R4', 'R5', 'R6'].map((id) => `nodes.${id}=replica`);
  const seven = await tried('pbft-two-traitors', 1, more);
  assert.equal(verdictIn(seven, 'total-order/same-order'), 'holds');
  assert.equal(verdictIn(seven, 'pbft/answers'), 'holds');
});

test('PBFT with three replicas cannot tolerate one traitor; with four it can', async () => {
  assert.equal(verdictIn(await tried('pbft-three-replicas', 1), 'total-order/same-order'), 'violated');
  const four = await tried('pbft-three-replicas', 1, ['nodes.R3=replica']);
  assert.equal(verdictIn(four, 'total-order/same-order'), 'holds');
  assert.equal(verdictIn(four, 'pbft/answers'), 'holds');
});

test('a replica that was left out catches up at the next checkpoint, or when it asks', async () => {
  const nodes = {
    R0: 'replica',
    R1: 'replica',
    R2: 'replica',
    R3: 'replica',
    C1: 'client',
    C2: 'client',
    C3: 'client',
  };
  const inputs = ['C1', 'C2', 'C3'].map((id) => request(0, id, id));
  const kinds = ['pre-prepare', 'prepare', 'commit'];
  const faults = [traitor('R0', { behaviour: 'equivocate', targets: ['R2'], kinds })];
  const early = play(nodes, { inputs, faults, untilMs: 900 }, { checkpointInterval: 3 });
  assert.deepEqual(commandsOf(early, 'R2'), commandsOf(early, 'R1'));
  assert.equal(early.world.costs.byKind['view-change'] ?? 0, 0);
  const late = play(nodes, { inputs, faults, untilMs: 20_000 }, { checkpointInterval: 10 });
  assert.ok(late.quiet, 'it does not insist on another view once it has what it wanted');
  assert.deepEqual(commandsOf(late, 'R2'), commandsOf(late, 'R1'));
  assert.equal(late.verdicts['pbft/view-changed'], 'not reached');
});

test('a slow but legal primary ruins the throughput in view 0', async () => {
  const slow = await tried('pbft-slow-primary', 1);
  const fast = await tried('pbft-slow-primary', 1, [], { faults: [] });
  assert.equal(verdictIn(slow, 'pbft/view-changed'), 'not reached');
  assert.deepEqual(slow.decisions, fast.decisions);
  assert.ok(fast.virtualTimeMs < slow.virtualTimeMs / 10, `${fast.virtualTimeMs} ms against ${slow.virtualTimeMs} ms`);
  const impatient = await tried('pbft-slow-primary', 1, ['parameters.viewTimeout=1s']);
  assert.equal(verdictIn(impatient, 'pbft/view-changed'), 'holds');
});

test('a client does not believe what fewer than f + 1 replicas say, and believes what f + 1 liars say', () => {
  const lie = (node: string) => traitor(node, { behaviour: 'wrong-value', kinds: ['reply'] });
  const inputs = [request(0, 'C1', 'a')];
  for (let seed = 0; seed < 20; seed++) {
    const { decisions, verdicts } = play(group(4), { inputs, faults: [lie('R3')], seed });
    assert.deepEqual(decisions.C1, [{ command: 'a', place: 1 }]);
    assert.equal(verdicts['pbft/true-results'], 'holds');
  }
  const deceived = ['R1', 'R2', 'R3'].map(lie);
  assert.equal(play(group(4), { inputs, faults: deceived }).verdicts['pbft/true-results'], 'violated');
});

test('a new primary that hides what is prepared is not followed', () => {
  const hide = traitor('R2', { behaviour: 'wrong-value', kinds: ['new-view'] });
  const after: ScheduledFault = {
    when: { node: 'R4', on: 'sends', what: 'commit', nth: 1 },
    fault: { type: 'crash', node: 'R1' },
  };
  const late = ['R3', 'R4', 'R5', 'R6', 'R7'].map(
    (to): ScheduledFault => ({ at: 0, fault: { type: 'delay', to, kind: 'commit', byMs: 9000, count: 6 } }),
  );
  const run = play(group(7), { inputs: [request(0, 'C1', 'a')], faults: [hide, after, ...late], untilMs: 30_000 });
  assert.equal(run.verdicts['pbft/answers'], 'holds');
  assert.equal(run.verdicts['total-order/same-order'], 'holds');
  for (const id of ['R3', 'R4', 'R5', 'R6', 'R7']) assert.ok(Number(run.world.view.node(id).context.entered) >= 2, id);
});

test('a client that asks again gets the same answer, and its request is executed once', () => {
  for (let seed = 0; seed < 20; seed++) {
    const inputs = [request(0, 'C1', 'a'), request(0, 'C1', 'b')];
    const { decisions, verdicts, quiet, world } = play(group(4), { inputs, seed }, { retryTimeout: 30 });
    assert.ok(quiet);
    assert.equal(verdicts['total-order/no-creation'], 'holds');
    assert.deepEqual(
      decisions.C1?.map((decision) => (decision as JsonObject).place),
      [1, 2],
    );
    assert.ok((world.costs.byKind.relay ?? 0) > 0);
  }
});
