import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScenarioError } from '../../src/scenario/errors.ts';
import { checkAgainstProtocol, parseResolvedScenario } from '../../src/scenario/resolved.ts';
import vote from '../fixtures/vote-protocol.ts';
import { example, read } from './example.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests bend it in every way
type Loose = any;
const copy = async (): Promise<Loose> => JSON.parse(JSON.stringify(await read(example)));

/** the first mistake after the change, by either check */
async function mistakeAfter(change: (scenario: Loose) => unknown): Promise<string> {
  const scenario = await copy();
  change(scenario);
  try {
    checkAgainstProtocol(parseResolvedScenario(scenario, 'r.havoc:1'), vote, 'r.havoc:1');
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
  return 'accepted';
}

test('a resolved scenario survives the way through JSON', async () => {
  const scenario = await copy();
  assert.deepEqual(parseResolvedScenario(scenario, 'r.havoc:1'), await read(example));
  assert.equal(await mistakeAfter(() => {}), 'accepted');
});

const cases: readonly (readonly [change: (scenario: Loose) => unknown, mistake: RegExp])[] = [
  [(s) => delete s.nodes, /^r\.havoc:1:1: scenario\.nodes is missing/],
  [(s) => (s.sed = 1), /unknown field `sed`; did you mean seed\?/],
  [(s) => (s.seed = -1), /scenario\.seed is `-1`/],
  [(s) => (s.seed = 1.5), /scenario\.seed is `1.5`/],
  [(s) => (s.seed = '5'), /scenario\.seed is `5`: expected number/],
  [(s) => (s.untilMs = 2 ** 53), /scenario\.untilMs/],
  [(s) => (s.nodes = {}), /there are no nodes/],
  [(s) => (s.nodes.X = 'king'), /the groups forget X/],
  [(s) => (s.nodes.C = 'king'), /scenario\.nodes\.C: vote has no role `king`; there are chair, member/],
  [(s) => (s.faults[0].fault.groups = [['C']]), /scenario\.faults\[0\]\.fault\.groups: the groups forget P1, P2, P3/],
  [
    (s) => (s.faults[0].when.node = 'P9'),
    /scenario\.faults\[0\]\.when\.node: there is no node `P9`; did you mean P1\?/,
  ],
  [
    (s) => (s.faults[1].fault.type = 'explode'),
    /scenario\.faults\[1\]\.fault\.type is `explode`, which does not exist/,
  ],
  [(s) => (s.faults[1].fault.byMs = 3), /scenario\.faults\[1\]\.fault: unknown field `byMs`/],
  [(s) => (s.faults[3].fault.byMs = -3), /scenario\.faults\[3\]\.fault\.byMs is `-3`/],
  [(s) => (s.faults[2].fault.kinds = ['zip']), /vote has no message `zip`/],
  [(s) => (s.expect[0].property = 'zip/zap'), /vote has no property `zip\/zap`/],
  [(s) => (s.parameters.zip = 1), /vote has no parameter `zip`/],
  [(s) => (s.parameters.retries = 99), /`retries` is 99, but must be 10 or less/],
  [(s) => (s.network.loss = 1.5), /scenario\.network\.loss is `1.5`/],
  [(s) => (s.network.latency = { kind: 'constant', ms: Number.POSITIVE_INFINITY }), /scenario\.network\.latency\.ms/],
  [(s) => Object.defineProperty(s.parameters, '__proto__', { value: {}, enumerable: true }), /key `__proto__`/],
];
for (const [change, expected] of cases) {
  test(`a recording's scenario after ${String(change).slice(7)} is refused`, async () => {
    assert.match(await mistakeAfter(change), expected);
  });
}

test('what is no object is no scenario', () => {
  for (const json of [null, 3, 'x', [], true]) assert.throws(() => parseResolvedScenario(json, 'r'), ScenarioError);
});
