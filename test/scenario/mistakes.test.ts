import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mistakesIn, variant } from './example.ts';

/** what is replaced, by what, and the one mistake that must be reported, with its place */
type Case = readonly [part: string, by: string, mistake: string];

const names: readonly Case[] = [
  ['title:', 'titel:', '1:1: unknown key `titel`; did you mean title?'],
  ['protocol: vote', 'protokol: vote', '2:1: unknown key `protokol`; did you mean protocol?'],
  ['nodes:', 'modes:', '6:1: unknown key `modes`; did you mean nodes?'],
  ['latency', 'latncy', '9:12: unknown key `latncy` in `network`; did you mean latency?'],
  ['sends: commit', 'sents: commit', '14:24: unknown key `sents` in `when`; did you mean sends?'],
  ['groups', 'group', '14:64: unknown key `group` in the fault `partition`; did you mean groups?'],
  ['by: 2m', 'by: 2m, form: C', '17:33: unknown key `form` in the fault `delay`; did you mean from?'],
  ['before: 5s', 'befor: 5s', '21:26: unknown key `befor` in an expectation; did you mean before?'],
  ['blocked:', 'bloked:', '21:5: unknown expectation `bloked`; did you mean blocked?'],
  ['voteTimeout: 500ms', 'voteTimeuot: 500ms', '10:15: vote has no parameter `voteTimeuot`; did you mean voteTimeout?'],
  ['P1: yes', 'P9: yes', '10:44: there is no node `P9`; did you mean P1?'],
  ['P1: yes', 'C: yes', '10:44: C is a chair; `votes` is only for the role member'],
  ['input: begin', 'input: beginn', '12:32: vote has no input `beginn`; did you mean begin?'],
  ['node: C, input', 'node: P1, input', '12:22: P1 is a member and takes no `begin`; a chair does'],
  [
    'transaction: t1',
    'transation: t1',
    '12:39: the input `begin` has no field `transation`; did you mean transaction?',
  ],
  ['sends: commit', 'sends: comit', '14:31: vote has no message `comit`; did you mean commit?'],
  ['sends: commit', 'enters: colecting', '14:32: a chair has no state `colecting`; did you mean collecting?'],
  ['node: C, sends', 'node: D, sends', '14:21: there is no node `D`; there are C, P1, P2, P3'],
  ['do: partition', 'do: partiton', '14:53: there is no fault `partiton`; did you mean partition?'],
  ['lie: equivocate', 'lie: equivocat', '16:45: `behaviour` is `equivocat`; did you mean equivocate?'],
  ['kinds: [yes]', 'kinds: [yess]', '16:80: vote has no message `yess`; did you mean yes?'],
  ['targets: [P2]', 'targets: [Q2]', '16:67: there is no node `Q2`; did you mean P2?'],
  ['{ crash: 1', '{ crahs: 1', '18:11: there is no fault `crahs`; did you mean crash?'],
  [
    'property: agreement',
    'property: agrement',
    '20:17: vote has no property `agrement`; did you mean atomic-commit/agreement?',
  ],
  ['verdict: holds', 'verdict: hold', '20:37: `verdict` is `hold`; did you mean holds?'],
  ['blocked: [P2, P3]', 'blocked: [P2, P33]', '21:21: there is no node `P33`; did you mean P3?'],
  ['P2: null', 'P7: null', '22:30: there is no node `P7`; did you mean P1?'],
  ['collecting.late', 'collecting.lat', '23:34: a chair has no state `collecting.lat`; did you mean collecting.late?'],
  ['kind: yes', 'kind: yess', '24:26: vote has no message `yess`; did you mean yes?'],
];

const values: readonly Case[] = [
  ['voteTimeout: 500ms', 'voteTimeout: 500', '10:28: the duration 500 has no unit; did you mean 500ms or 500s?'],
  ['voteTimeout: 500ms', 'voteTimeout: 0', '10:28: `voteTimeout` is 0ms, but must be 1ms or more'],
  ['20ms..60ms', '20..60ms', '9:21: the duration 20 has no unit; did you mean 20ms or 20s?'],
  ['20ms..60ms', '60ms..20ms', '9:21: the range `60ms..20ms` runs backwards; write the smaller duration first'],
  [
    '20ms..60ms',
    '"gauss(1ms)"',
    '9:21: `gauss(1ms)` is no latency; write 20ms, 20ms..60ms, normal(50ms, 10ms) or exponential(40ms)',
  ],
  ['loss: 0', 'loss: 2', '9:57: `loss` is `2`, but must be 1 or less'],
  ['loss: 0', 'loss: -1', '9:57: `loss` is `-1`, but must be 0 or more'],
  ['loss: 0', 'loss: some', '9:57: `loss` is `some`, but must be a number'],
  ['order: unordered', 'order: ordered', '9:40: `order` is `ordered`; did you mean unordered?'],
  ['P1: yes', 'P1: yep', '10:48: `P1` is `yep`; did you mean yes?'],
  ['voteTimeout: 500ms', 'retries: 11', '10:24: `retries` is 11, but must be 10 or less'],
  ['voteTimeout: 500ms', 'retries: 1.5', '10:24: `retries` is 1.5, but must be a whole number'],
  ['voteTimeout: 500ms', 'acks: maybe', '10:21: `acks` is `maybe`, but must be true or false'],
  ['voteTimeout: 500ms', 'label: 5', '10:22: `label` is `5`, but must be text; put it in quotes'],
  ['transaction: t1', 'transaction: 5', '12:52: `transaction` is `5`, but must be text; put it in quotes'],
  ['transaction: t1', 'size: big', '12:45: `size` is `big`, but must be a number'],
  ['nth: 1', 'nth: 0', '14:44: `nth` is `0`, but must be 1 or more'],
  ['at: 5s', 'at: 5', '15:11: the duration 5 has no unit; did you mean 5ms or 5s?'],
  ['at: 5s', 'at: -5s', '15:11: the duration `-5s` is negative; it must be 0 or more'],
  ['at: 5s', 'at: 5h', '15:11: unknown unit `h` in `5h`; the units are ms, s and m'],
  ['at: 5s', 'at: 0.5ms', '15:11: the duration `0.5ms` is no whole number of milliseconds; time runs in steps of 1ms'],
  ['at: 5s', 'at: 99999999s', '15:11: the duration `99999999s` is too long; at most 1000000000ms'],
  ['do: heal', 'do: corrupt, message: "1", values: {}', '15:37: `message` is `1`, but must be a number'],
  ['targets: [P2]', 'targets: P2', '16:66: `targets` is `P2`, but must be a list'],
  ['crash: 1', 'crash: -1', '18:18: `crash` is `-1`, but must be 0 or more'],
  ['messages: 9', 'messages: 1.5', '24:17: `messages` is `1.5`, but must be a whole number'],
  ['seed: 42', 'seed: 1e30', '25:7: `seed` is `1e+30`, but must be 9007199254740991 or less'],
  ['seed: 42', 'seed: .inf', '25:7: this number is not finite or too large'],
  [
    'model: asynchronous',
    'model: synchronous',
    '7:8: the synchronous model needs a bound on message delay: add `bound: 100ms`',
  ],
];

const wholes: readonly Case[] = [
  ['[P2, P3]]', '[P2]]', '14:72: the groups forget P3; every node must be in exactly one'],
  ['[P2, P3]]', '[P2, P3, C]]', '14:91: `C` stands in the groups twice; name it once'],
  ['[P2, P3]]', '[P2, P4]]', '14:87: there is no node `P4`; did you mean P1?'],
  ['at: 5s, ', '', '15:5: the fault has neither `at` nor `when`; say when it strikes, as in `at: 2s`'],
  ['at: 5s, ', 'at: 5s, when: { node: C, sends: any }, ', '15:15: the fault has both `at` and `when`; keep one'],
  ['sends: commit, ', '', '14:13: `when` names no moment; add one of sends, receives, enters, decides'],
  ['sends: commit', 'sends: commit, receives: yes', '14:39: `when` has both `sends` and `receives`; keep one'],
  ['at: 0ms, ', '', '12:5: the input has no `at`; say when it comes, as in `at: 0ms`, or `anytime: true`'],
  [', by: 2m', '', '17:5: `by` is missing'],
  ['do: heal', 'do: skew, node: C', '15:5: a skew needs an `offset`, a `rate`, or both'],
  ['do: heal', 'do: cut, from: C, to: C', '15:37: a message goes from one node to another; name two different nodes'],
  [
    'property: agreement',
    'property: termination',
    '20:17: `termination` may mean atomic-commit/termination or vote/termination; write the full name',
  ],
];

for (const [part, by, mistake] of [...names, ...values, ...wholes]) {
  test(`${JSON.stringify(by)} instead of ${JSON.stringify(part)} is reported at its place`, async () => {
    assert.equal((await mistakesIn(variant(part, by)))[0], mistake);
  });
}

test('a misspelt role is reported with the nearest one', async () => {
  const mistakes = await mistakesIn(variant('P1: member', 'P1: membr'));
  assert.equal(mistakes[0], '6:24: vote has no role `membr`; did you mean member?');
});

test('all mistakes are reported, in the order of the file', async () => {
  const text = variant('seed: 42', 'sed: 42').replace('loss: 0', 'loss: 2').replace('title:', 'titel:');
  assert.deepEqual(
    (await mistakesIn(text)).map((each) => each.split(' ')[0]),
    ['1:1:', '9:57:', '25:1:'],
  );
});

test('a scenario without nodes, or with too many, is refused', async () => {
  const nobody = 'protocol: vote\nnodes: {}\n';
  assert.deepEqual(await mistakesIn(nobody), ['2:8: there are no nodes; name at least one and its role']);
  const many = Array.from({ length: 10_001 }, (_, i) => `  N${i}: member\n`).join('');
  const [first] = await mistakesIn(`protocol: vote\nnodes:\n${many}`);
  assert.equal(first, '3:3: there are 10001 nodes; at most 10000 are possible');
});

test('names from outside are harmless in an error', async () => {
  const [first = ''] = await mistakesIn('protocol: vote\nnodes: { "P\\e[2J\\u202e": member }\n');
  assert.match(first, /the node name `P\\u\{1b\}\[2J\\u\{202e\}` is not possible/);
});
