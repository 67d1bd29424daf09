import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forged, readChain, type Signed } from '../../machines/signed-messages/chains.ts';
import { choice, enough, isCertain } from '../../machines/signed-messages/known.ts';
import signedMessages from '../../machines/signed-messages.ts';
import type { JsonObject } from '../../src/core/protocol.ts';
import type { ScheduledFault } from '../../src/core/scenario.ts';
import { signMessage } from '../../src/core/signatures.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations } from './drive.ts';
import { behaviours, runsOr, synchronous, traitor, treason } from './treason.ts';

const camp = (n: number) => nodesOf({ C: 'commander', L: ['lieutenant', n - 1] });
const council = (n: number, parameters: JsonObject, faults: readonly ScheduledFault[] = [], seed = 1): Finished =>
  runScenario(signedMessages, scenarioOf(signedMessages, camp(n), parameters, { ...synchronous, faults, seed }));
/** The round in which each lieutenant decided: a round takes 100 ms, and the first begins at 100 ms. */
const roundsOf = ({ trace }: Finished): Map<string, number> =>
  new Map(
    trace
      .filter(({ node, effects }) => node?.startsWith('L') && effects.some(({ type }) => type === 'decide'))
      .map(({ node, atMs }) => [node as string, Math.round(atMs / 100) - 1]),
  );

test('costs are the published ones for every n from 3 to 10', () => {
  for (let n = 3; n <= 10; n++) {
    for (let m = 0; m <= Math.min(3, n - 2); m++) {
      for (const earlyStopping of n <= 7 ? [false, true] : [false]) {
        const { world, decisions } = council(n, { m, earlyStopping });
        for (const cost of signedMessages.costs ?? []) {
          const expected = cost.expected({ commander: 1, lieutenant: n - 1 }, world.scenario.parameters);
          assert.equal(cost.measured(world.costs), expected, `${cost.name}, n=${n}, m=${m}, early: ${earlyStopping}`);
        }
        assert.ok(Object.values(decisions).every((decided) => decided.length === 1 && decided[0] === 'attack'));
      }
    }
  }
});

test('it takes m + 1 rounds', () => {
  for (let m = 0; m <= 3; m++) {
    assert.ok([...roundsOf(council(5, { m })).values()].every((rounds) => rounds === m + 1));
  }
});

test('whatever the traitors do, no more than about (f+1)n² messages are sent', () => {
  for (let seed = 0; seed < 30; seed++) {
    for (const [n, m] of [
      [4, 1],
      [6, 2],
      [7, 3],
    ] as const) {
      const faults = treason(seed, Object.keys(camp(n)), m, 400).filter(
        ({ fault }) => fault.type !== 'traitor' || !['duplicate', 'amnesia'].includes(fault.behaviour),
      );
      assert.ok(council(n, { m }, faults, seed).world.costs.messages <= (m + 1) * n * n);
    }
  }
});

test('three generals can cope with one traitor, whoever it is and whatever it does', () => {
  for (const node of ['C', 'L1', 'L2']) {
    for (const behaviour of behaviours) {
      const { world } = council(3, { m: 1 }, [traitor(node, { behaviour })]);
      assert.deepEqual(violations(world), [], `${node} ${behaviour}`);
    }
  }
});

test('a forged order is rejected at the door, and counted', () => {
  const { world, trace, decisions } = council(3, { m: 1 }, [traitor('L2')]);
  assert.equal(world.forgeries, 1);
  assert.ok(trace.some(({ notes }) => notes.some((note) => /L1 rejects .* signed by C is forged/.test(note))));
  assert.deepEqual(decisions.L1, ['attack']);
});

test('a lieutenant who signs something else than what he was shown is not believed either', () => {
  const proof = signMessage(1, 'C', { type: 'order', value: 'attack', proof: null }).signed as Signed;
  const relay = (value: string): Signed => signMessage(1, 'L2', { type: 'order', value, proof }).signed as Signed;
  assert.deepEqual(readChain(relay('attack')), { value: 'attack', signers: ['C', 'L2'] });
  assert.equal(readChain(relay('retreat')), null);
  assert.equal(readChain({ signer: 'C', signature: '', statement: { type: 'greeting' } }), null);
  assert.equal(readChain('attack'), null);
  assert.equal((forged(relay('attack'), 'retreat').statement.proof as Signed).statement.value, 'retreat');
});

/** C signs `retreat` for L3 only; L3 keeps it from L2. */
const reveal = [
  traitor('C', { behaviour: 'equivocate', targets: ['L3'] }),
  traitor('L3', { behaviour: 'omit', targets: ['L2'] }),
];

test('SM(1) with two traitors of four breaks by a reveal in the last round', () => {
  const { verdicts, decisions, world } = council(4, { m: 1 }, reveal);
  assert.equal(verdicts['byzantine-generals/IC1'], 'violated');
  assert.deepEqual([decisions.L1, decisions.L2], [['retreat'], ['attack']]);
  assert.equal(world.forgeries, 0);
});

test('SM(2) holds against the same two, with early stopping too', () => {
  for (const earlyStopping of [false, true]) {
    const { world, decisions } = council(4, { m: 2, earlyStopping }, reveal);
    assert.deepEqual(violations(world), []);
    assert.deepEqual(decisions.L1, decisions.L2);
  }
});

test('a chain of m traitors defeats one round too few, for every m', () => {
  for (let m = 1; m <= 4; m++) {
    const n = m + 3;
    const liars = Array.from({ length: m }, (_, i) => `L${i + 3}`);
    const heir = (i: number): string => liars[i + 1] ?? 'L1';
    const all = Object.keys(camp(n));
    const chain = [
      traitor('C', { behaviour: 'equivocate', targets: ['L3'] }),
      ...liars.map((node, i) => traitor(node, { behaviour: 'omit', targets: all.filter((id) => id !== heir(i)) })),
    ];
    assert.equal(council(n, { m }, chain).verdicts['byzantine-generals/IC1'], 'violated', `m=${m}`);
    assert.deepEqual(violations(council(n, { m: m + 1 }, chain).world), [], `one round more than m=${m}`);
  }
});

test('random traitors inside the bound never break it, with or without early stopping', () => {
  for (let seed = 0; seed < runsOr(160); seed++) {
    const n = 3 + (seed % 4);
    const m = 1 + (Math.floor(seed / 4) % Math.min(3, n - 2));
    const earlyStopping = Math.floor(seed / 12) % 2 === 1;
    const order = seed % 3 === 0 ? 'retreat' : 'attack';
    const defaultOrder = seed % 5 === 0 ? 'attack' : 'retreat';
    const faults = treason(seed, Object.keys(camp(n)), m, 100 * (m + 2));
    const finished = council(n, { m, earlyStopping, order, defaultOrder }, faults, seed);
    assert.deepEqual(violations(finished.world), [], `seed ${seed}`);
    assert.equal(finished.verdicts['byzantine-generals/termination'], 'holds', `seed ${seed}`);
  }
});

test('outside the bound, random traitors break it', () => {
  const broken = Array.from({ length: 200 }, (_, seed) => seed).find((seed) => {
    const { world } = council(5, { m: 1 }, treason(seed, Object.keys(camp(5)), 3, 300), seed);
    return violations(world).length > 0;
  });
  assert.ok(broken !== undefined);
});

test('early stopping: two rounds under a loyal commander if n > 2m, whatever the traitors do', () => {
  for (let seed = 0; seed < runsOr(40); seed++) {
    const [n, m] = seed % 4 > 0 ? [5, 2] : [7, 3];
    const liars = Object.keys(camp(n)).slice(1);
    const finished = council(n, { m, earlyStopping: true }, treason(seed, liars, m, 500), seed);
    for (const { id, honest } of finished.world.nodes) {
      if (honest && id !== 'C') assert.equal(roundsOf(finished).get(id), 2, `seed ${seed}, ${id}`);
    }
  }
});

test('early stopping: min(t + 2, f + 1) rounds for t actual traitors, f = 2', () => {
  for (let seed = 0; seed < runsOr(60); seed++) {
    const t = seed % 3;
    const finished = council(5, { m: 2, earlyStopping: true }, treason(seed, Object.keys(camp(5)), t, 400), seed);
    for (const { id, honest } of finished.world.nodes) {
      if (honest && id !== 'C') assert.ok((roundsOf(finished).get(id) ?? 99) <= Math.min(t + 2, 3), `seed ${seed}`);
    }
  }
});

test('early stopping: a choice that is certain stays the same whatever else may still be learnt', () => {
  const facts = ['attack', 'retreat'].flatMap((value) => ['A', 'B', 'D', 'E'].map((witness) => ({ value, witness })));
  const subsets = Array.from({ length: 1 << facts.length }, (_, bits) => facts.filter((_, i) => bits & (1 << i)));
  for (const m of [2, 3]) {
    const rule = { m, earlyStopping: true, defaultOrder: 'retreat', lieutenants: 4 };
    for (const known of subsets.filter((each) => isCertain(each, rule))) {
      const before = choice(known, rule);
      for (const more of subsets) {
        const late = [...new Set(more.filter((fact) => !known.includes(fact)).map(({ witness }) => witness))];
        if (late.length > m - 1) continue;
        assert.equal(choice([...known, ...more.filter((fact) => !known.includes(fact))], rule), before);
      }
    }
    assert.ok(enough(rule) >= m);
  }
});

test('a round too few: a commander who signs two orders splits them', () => {
  assert.equal(
    council(4, { m: 0 }, [traitor('C', { targets: ['L2'] })]).verdicts['byzantine-generals/IC1'],
    'violated',
  );
});

/** The stated number: so many random treasons of one general are enough to catch each mistake. */
const seedsEnough = 200;
for (const { parameters, breaks } of signedMessages.wrongVariants ?? []) {
  test(`${JSON.stringify(parameters)} breaks ${breaks} within ${seedsEnough} seeds, by one traitor`, () => {
    // what is wrong about time shows under delays only
    const ways = parameters.countSignatures === false ? (['delay'] as const) : behaviours;
    const isCaught = (seed: number): boolean =>
      council(4, parameters, treason(seed, Object.keys(camp(4)), 1, 300, ways), seed).verdicts[breaks] === 'violated';
    assert.ok(Array.from({ length: seedsEnough }, (_, seed) => seed).some(isCaught));
  });
}

test('when the network breaks its promise, the model is to blame, and the run says so', () => {
  const late = { at: 0, fault: { type: 'delay' as const, byMs: 150, from: 'C', to: 'L1' } };
  const { world } = council(3, { m: 1 }, [late]);
  assert.match(world.assumptions[0]?.what ?? '', /order C→L1\) took \d+ ms; the model promises at most 60 ms/);
});
