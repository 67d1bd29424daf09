/** What the lessons about traitors claim of changed settings and other lies, tried with twenty seeds each. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScheduledFault } from '../../src/core/scenario.ts';
import { tried, verdictIn } from './lessons.ts';
import { traitor } from './treason.ts';

interface Claim {
  readonly preset: string;
  readonly set?: readonly string[];
  readonly faults?: readonly ScheduledFault[];
  readonly property: string;
  readonly verdict: string;
}
const [IC1, IC2] = ['byzantine-generals/IC1', 'byzantine-generals/IC2'];
const agreement = 'consensus/agreement';
const sameVector = 'interactive-consistency/same-vector';
const trueValues = 'interactive-consistency/true-values';
const vote = { kinds: ['vote'] };

const claims: readonly Claim[] = [
  { preset: 'signed-three-generals', set: ['readSignatures=false'], property: IC2, verdict: 'violated' },
  { preset: 'signed-three-generals', faults: [traitor('C')], property: IC1, verdict: 'holds' },
  { preset: 'last-round-reveal', set: ['m=2'], property: IC1, verdict: 'holds' },
  {
    preset: 'last-round-reveal',
    faults: [traitor('C', { behaviour: 'equivocate', targets: ['L3'] })],
    property: IC1,
    verdict: 'holds',
  },
  { preset: 'one-round-more', set: ['m=1'], property: IC1, verdict: 'violated' },
  { preset: 'one-round-more', set: ['earlyStopping=true'], property: IC1, verdict: 'holds' },
  { preset: 'early-stopping', set: ['earlyStopping=false'], property: IC2, verdict: 'holds' },
  { preset: 'unread-signatures', set: ['readSignatures=true'], property: IC2, verdict: 'holds' },
  { preset: 'unread-signatures', faults: [traitor('L3', { targets: ['L1'] })], property: IC1, verdict: 'violated' },
  { preset: 'too-late-to-tell', set: ['countSignatures=true'], property: IC1, verdict: 'holds' },
  { preset: 'five-generals', set: ['decideEarly=certain'], property: agreement, verdict: 'holds' },
  { preset: 'five-generals', set: ['tie=wait'], property: agreement, verdict: 'holds' },
  { preset: 'five-generals-no-witnesses', set: ['f=1'], property: agreement, verdict: 'holds' },
  {
    preset: 'five-generals-no-witnesses',
    set: ['votes.r=wait'],
    faults: [traitor('r', { behaviour: 'omit', targets: ['p'], ...vote })],
    property: agreement,
    verdict: 'violated',
  },
  { preset: 'five-generals-withheld-vote', set: ['decideEarly=hasty'], property: agreement, verdict: 'violated' },
  { preset: 'four-votes', set: ['decideEarly=certain'], property: agreement, verdict: 'holds' },
  { preset: 'vote-after-the-witnesses', set: ['countSignatures=true'], property: agreement, verdict: 'holds' },
  {
    preset: 'same-vector',
    faults: [traitor('D', { behaviour: 'equivocate' }), traitor('B', { targets: ['A'] })],
    property: trueValues,
    verdict: 'violated',
  },
  { preset: 'same-vector', set: ['solve=consensus'], property: agreement, verdict: 'holds' },
  { preset: 'vector-of-three', set: ['defaultValue=attack'], property: trueValues, verdict: 'holds' },
  { preset: 'vector-of-three', set: ['solve=consensus'], property: 'consensus/validity', verdict: 'violated' },
  { preset: 'consensus-from-vectors', set: ['values.C=retreat'], property: agreement, verdict: 'holds' },
  { preset: 'consensus-from-vectors', set: ['m=0'], property: agreement, verdict: 'holds' },
  { preset: 'consensus-from-vectors', set: ['m=0', 'values.C=retreat'], property: agreement, verdict: 'violated' },
  { preset: 'generals-from-consensus', faults: [traitor('L3')], property: IC2, verdict: 'holds' },
  { preset: 'vectors-without-relays', set: ['m=1'], property: sameVector, verdict: 'holds' },
  { preset: 'vectors-without-relays', set: ['solve=consensus'], property: agreement, verdict: 'holds' },
  {
    preset: 'equivocating-sender',
    faults: [traitor('S', { behaviour: 'omit', targets: ['R2', 'R3'] })],
    property: 'broadcast/two-delivered',
    verdict: 'not reached',
  },
  {
    preset: 'broadcast-among-three',
    set: ['threshold=bracha'],
    property: 'broadcast/two-delivered',
    verdict: 'not reached',
  },
  {
    preset: 'broadcast-of-three-thirds',
    faults: [traitor('R2', { behaviour: 'silent' })],
    property: 'broadcast/validity',
    verdict: 'violated',
  },
  { preset: 'broadcast-without-ready', set: ['skipReady=false'], property: 'broadcast/totality', verdict: 'holds' },
];

for (const { preset, set = [], faults, property, verdict } of claims) {
  const change = [...set, ...(faults === undefined ? [] : ['other lies'])].join(', ');
  test(`${preset} with ${change}: ${property} is ${verdict}, as its lesson says`, async () => {
    const overrides = set.map((each) => `parameters.${each}`);
    for (let seed = 0; seed < 20; seed++) {
      const report = await tried(preset, seed, overrides, faults === undefined ? {} : { faults });
      assert.equal(verdictIn(report, property), verdict, `seed ${seed}`);
    }
  });
}

test('a fourth general, or a fourth node, cures what ails three', async () => {
  for (let seed = 0; seed < 20; seed++) {
    const vector = await tried('vector-of-three', seed, ['nodes.D=general']);
    assert.equal(verdictIn(vector, trueValues), 'holds');
    const broadcast = await tried('broadcast-among-three', seed, ['nodes.R3=receiver']);
    assert.equal(verdictIn(broadcast, 'broadcast/consistency'), 'holds');
  }
});

test('the chain of three traitors that defeats SM(2), which a lesson asks for, exists', async () => {
  const chain = [
    traitor('C', { behaviour: 'equivocate', targets: ['L3'] }),
    traitor('L3', { behaviour: 'omit', targets: ['L1', 'L2'] }),
    traitor('L4', { behaviour: 'omit', targets: ['L2'] }),
  ];
  const set = ['parameters.m=2', 'nodes.L4=lieutenant'];
  assert.equal(verdictIn(await tried('last-round-reveal', 1, set, { faults: chain }), IC1), 'violated');
});
