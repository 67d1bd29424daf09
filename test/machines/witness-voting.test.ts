import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  certainChoice,
  choices,
  majority,
  type Votes,
  votesIn,
  withVote,
} from '../../machines/witness-voting/votes.ts';
import witnessVoting from '../../machines/witness-voting.ts';
import type { Json, JsonObject } from '../../src/core/protocol.ts';
import type { ScheduledFault } from '../../src/core/scenario.ts';
import { signMessage } from '../../src/core/signatures.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations } from './drive.ts';
import { behaviours, runsOr, synchronous, traitor, treason } from './treason.ts';

const camp = (n: number) => nodesOf({ G: ['general', n] });
const five = { p: 'general', q: 'general', r: 'general', s: 'general', t: 'general' };
const meet = (
  nodes: Readonly<Record<string, string>>,
  parameters: JsonObject,
  faults: readonly ScheduledFault[] = [],
  seed = 1,
): Finished =>
  runScenario(witnessVoting, scenarioOf(witnessVoting, nodes, parameters, { ...synchronous, faults, seed }));

/** The lecture's generals: p and q for attack, s and t for waiting, and r, who votes as told. */
const lecture = (r: string, lies: Partial<Parameters<typeof traitor>[1]>, parameters: JsonObject = {}): Finished =>
  meet(five, { votes: { p: 'attack', q: 'attack', r, s: 'wait', t: 'wait' }, ...parameters }, [
    traitor('r', { kinds: ['vote'], ...lies }),
  ]);
const loyal = (finished: Finished): Json[] => ['p', 'q', 's', 't'].map((id) => finished.decisions[id]?.[0] ?? null);
/** How many votes each has seen by this time, `a` for attack and `w` for wait. */
const seenBy = ({ trace }: Finished, atMs: number, node: string): string => {
  const seen = trace.flatMap((event) =>
    event.node === node && event.atMs <= atMs && event.message?.body.type === 'vote' ? [event.message.body.value] : [],
  );
  const own = node === 'p' || node === 'q' ? 'attack' : 'wait';
  return [own, ...seen]
    .map((value) => String(value)[0])
    .sort()
    .join('');
};

test('costs are the published ones for every n from 3 to 10: (f+1) n (n-1)', () => {
  for (let n = 3; n <= 10; n++) {
    for (let f = 0; f <= Math.min(2, n - 1); f++) {
      const { world } = meet(camp(n), { f });
      for (const cost of witnessVoting.costs ?? []) {
        assert.equal(cost.measured(world.costs), cost.expected({ general: n }, world.scenario.parameters), cost.name);
      }
      assert.ok(world.costs.messages <= (f + 1) * n * n);
    }
  }
});

test('the traitor simply votes: all see a,a,a,w,w, or all see a,a,w,w,w', () => {
  for (const [vote, seen] of [
    ['attack', 'aaaww'],
    ['wait', 'aawww'],
  ] as const) {
    const finished = meet(five, { votes: { p: 'attack', q: 'attack', r: vote, s: 'wait', t: 'wait' } });
    for (const node of ['p', 'q', 's', 't']) assert.equal(seenBy(finished, 200, node), seen);
    assert.deepEqual(new Set(loyal(finished)), new Set([vote]));
  }
});

test('the traitor votes twice: some see a,a,a,w,w and some a,a,w,w,w; round 2 weeds him out, and all attack', () => {
  for (const vote of ['attack', 'wait']) {
    const finished = lecture(vote, { behaviour: 'equivocate', targets: ['s', 't'] });
    assert.equal(new Set(['p', 's'].map((node) => seenBy(finished, 200, node))).size, 2);
    assert.deepEqual(loyal(finished), ['attack', 'attack', 'attack', 'attack']);
    assert.ok(finished.trace.some(({ notes }) => notes.includes('s throws out the votes of r: not just one')));
  }
});

test('the traitor withholds his vote from some: round 2 shows it to them, and it counts', () => {
  for (const [vote, outcome] of [
    ['wait', 'wait'],
    ['attack', 'attack'],
  ] as const) {
    const finished = lecture(vote, { behaviour: 'omit', targets: ['p'] });
    assert.equal(seenBy(finished, 200, 'p'), 'aaww');
    assert.deepEqual(new Set(loyal(finished)), new Set([outcome]));
  }
});

test('the traitor votes not at all: a tie, and ties attack', () => {
  assert.deepEqual(new Set(loyal(lecture('wait', { behaviour: 'silent' }))), new Set(['attack']));
});

test('the traitor cannot manipulate the votes of the others: a forged witness is rejected and counted', () => {
  const finished = lecture('wait', { behaviour: 'wrong-value', kinds: ['witness'] });
  assert.equal(finished.world.forgeries, 4);
  assert.deepEqual(new Set(loyal(finished)), new Set(['wait']));
});

test('anyone with three votes to attack can already decide; with three votes to wait he is not sure', () => {
  const votes = (a: number, w: number): Votes =>
    [...Array(a + w).keys()].reduce<Votes>(
      (all, i) => withVote(all, { voter: `G${i}`, value: i < a ? 'attack' : 'wait', signers: [] }),
      {},
    );
  assert.equal(certainChoice(votes(3, 2), 5, 1, 'attack'), 'attack');
  assert.equal(certainChoice(votes(3, 1), 5, 1, 'attack'), 'attack');
  assert.equal(certainChoice(votes(2, 3), 5, 1, 'attack'), null);
  assert.equal(certainChoice(votes(1, 4), 5, 1, 'attack'), 'wait');
  assert.equal(certainChoice(votes(2, 2), 5, 1, 'attack'), null);
});

test('four votes are not enough: a vote withheld from p is shown by the others, and counts', () => {
  const finished = lecture('wait', { behaviour: 'omit', targets: ['p'] }, { decideEarly: 'hasty' });
  assert.equal(finished.verdicts['consensus/agreement'], 'violated');
  assert.deepEqual(loyal(finished), ['attack', 'wait', 'wait', 'wait']);
});

test('deciding when certain: those with three votes to attack decide after round 1, and all agree', () => {
  const finished = lecture('attack', { behaviour: 'equivocate', targets: ['s', 't'] }, { decideEarly: 'certain' });
  assert.deepEqual(loyal(finished), ['attack', 'attack', 'attack', 'attack']);
  const decidedAt = (node: string) =>
    finished.trace.find((event) => event.node === node && event.effects.some(({ type }) => type === 'decide'))?.atMs;
  assert.deepEqual(['p', 'q', 's', 't'].map(decidedAt), [200, 200, 300, 300]);
});

test('what is certain stays so, whatever the traitors still show', () => {
  const vote = (bits: number): readonly Json[] => choices.filter((_, i) => bits & (1 << i));
  for (let known = 0; known < 4 ** 5; known++) {
    const bits = [...Array(5).keys()].map((i) => (known >> (2 * i)) & 3);
    const votesOf = (each: readonly number[]): Votes =>
      Object.fromEntries(each.flatMap((one, i) => (one === 0 ? [] : [[`G${i}`, vote(one)]])));
    const before = certainChoice(votesOf(bits), 5, 2, 'attack');
    if (before === null) continue;
    const suspects = (later: readonly number[]): number =>
      later.filter((one, i) => one === 3 || bits[i] === 0 || one !== bits[i]).length;
    for (let more = 0; more < 4 ** 5; more++) {
      const later = bits.map((one, i) => one | ((more >> (2 * i)) & 3));
      if (suspects(later) > 2) continue;
      assert.equal(majority(votesOf(later), 'attack'), before, `${bits} then ${later}`);
    }
  }
});

test('a vote is read through any number of witnesses, and what is no vote is not read at all', () => {
  const vote = signMessage(1, 'A', { type: 'vote', value: 'wait' }).signed as Json;
  const witness = signMessage(1, 'B', { type: 'witness', seen: [vote, 'noise', null] }).signed as Json;
  const second = signMessage(1, 'D', { type: 'witness', seen: [witness] }).signed as Json;
  assert.deepEqual(votesIn(second), [{ voter: 'A', value: 'wait', signers: ['A', 'B', 'D'] }]);
  assert.deepEqual(votesIn(signMessage(1, 'B', { type: 'witness' }).signed as Json), []);
});

const opinions = (nodes: Readonly<Record<string, string>>, seed: number): JsonObject =>
  Object.fromEntries(Object.keys(nodes).map((id, i) => [id, ((seed >> i) ^ (seed * 7)) & 1 ? 'attack' : 'wait']));

test('random traitors inside the bound never break it', () => {
  for (let seed = 0; seed < runsOr(100); seed++) {
    const f = 1 + (seed % 2);
    const n = 2 * f + 1 + (Math.floor(seed / 2) % 3);
    const nodes = camp(n);
    const parameters = {
      f,
      votes: opinions(nodes, seed),
      tie: seed % 3 === 0 ? 'wait' : 'attack',
      decideEarly: seed % 4 < 2 ? 'certain' : 'never',
    };
    const finished = meet(nodes, parameters, treason(seed, Object.keys(nodes), f, 100 * (f + 2)), seed);
    assert.deepEqual(violations(finished.world), [], `seed ${seed}`);
    assert.equal(finished.verdicts['consensus/termination'], 'holds', `seed ${seed}`);
  }
});

test('outside the bound, random traitors break it', () => {
  const nodes = camp(5);
  const isBroken = (seed: number): boolean => {
    const faults = treason(seed, Object.keys(nodes), 2, 300, ['equivocate', 'omit']);
    return violations(meet(nodes, { f: 1, votes: opinions(nodes, seed) }, faults, seed).world).length > 0;
  };
  assert.ok(Array.from({ length: 300 }, (_, seed) => seed).some(isBroken));
});

/** The stated number: so many random treasons of one general are enough to catch each mistake. */
const seedsEnough = 400;
for (const { parameters, breaks } of witnessVoting.wrongVariants ?? []) {
  test(`${JSON.stringify(parameters)} breaks ${breaks} within ${seedsEnough} seeds, by one traitor`, () => {
    const ways = parameters.countSignatures === false ? (['delay'] as const) : behaviours;
    const isCaught = (seed: number): boolean => {
      const faults = treason(seed, ['r'], 1, 300, ways).map(({ fault }) => ({
        at: 0,
        fault: 'targets' in fault ? { ...fault, targets: seed % 2 ? ['p'] : ['s', 't'] } : fault,
      }));
      const votes = { p: 'attack', q: 'attack', r: seed % 3 ? 'wait' : 'attack', s: 'wait', t: 'wait' };
      return meet(five, { ...parameters, votes }, faults, seed).verdicts[breaks] === 'violated';
    };
    assert.ok(Array.from({ length: seedsEnough }, (_, seed) => seed).some(isCaught));
  });
}
