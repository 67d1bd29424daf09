import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparisonText } from '../../src/cli/compare-text.ts';
import { type Comparison, candidateNamed, compare } from '../../src/cli/play-compare.ts';
import { translate, UntranslatableError } from '../../src/core/translate.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { loadProtocol } from '../../src/scenario/protocols.ts';

const commit = ['two-phase-commit', 'three-phase-commit', 'paxos-commit'];
const over = async (
  preset: string,
  names: readonly string[] = commit,
  overrides: readonly string[] = [],
): Promise<Comparison> =>
  compare(await loadScenario(preset, { overrides }), await Promise.all(names.map((name) => candidateNamed(name))));
const of = (comparison: Comparison, protocol: string) => {
  const found = comparison.protocols.find((each) => each.name === protocol);
  assert.ok(found?.report, `${protocol}: ${found?.remarks.join()}`);
  return { ...found, report: found.report };
};

test('the crash that blocks two-phase commit blocks neither three-phase commit nor Paxos Commit', async () => {
  for (const seed of [3, 4, 5]) {
    const comparison = await over('coordinator-crash-before-decision', commit, [`seed=${seed}`]);
    assert.deepEqual(of(comparison, 'two-phase-commit').blockedMeanwhile?.nodes, ['P1', 'P2', 'P3']);
    for (const name of ['three-phase-commit', 'paxos-commit']) {
      assert.equal(of(comparison, name).blockedMeanwhile, null);
      assert.ok((of(comparison, name).decidedAtMs ?? Infinity) < 6000 || name === 'three-phase-commit');
    }
  }
});

test('Paxos Commit decides where two-phase commit blocks, on the same schedule', async () => {
  const { report, decidedAtMs } = of(await over('coordinator-crash-before-decision'), 'paxos-commit');
  assert.deepEqual([report.decisions.P1, report.decisions.P2, report.decisions.P3], ['commit', 'commit', 'commit']);
  assert.ok((decidedAtMs ?? Infinity) < 6000, 'before the coordinator comes back');
});

test('without faults each protocol costs what it has published', async () => {
  const comparison = await over('all-vote-yes');
  for (const { protocol, report } of comparison.protocols) {
    for (const { name, expected, measured } of report?.costs.published ?? []) {
      if (expected !== null) assert.equal(measured, expected, `${protocol} ${name}`);
    }
  }
});

test('the table shows every protocol and what one compares', async () => {
  const text = comparisonText(await over('partition-during-commit'));
  for (const word of [
    ...commit,
    'outcome',
    'blocked meanwhile',
    'messages',
    'message delays',
    'stable writes',
    'published',
  ]) {
    assert.ok(text.includes(word), word);
  }
});

test('a script that cannot be told in the terms of a protocol says why', async () => {
  const { scenario, protocol } = await loadScenario('partition-during-commit');
  const consensus = await loadProtocol('paxos');
  assert.throws(
    () => translate(scenario, protocol, consensus),
    /solves consensus, and the script is about atomic-commit/,
  );
  const three = await loadProtocol('three-phase-commit');
  const when = { node: 'P1', on: 'sends' as const, what: 'decision-request', nth: 1 };
  const fault = { type: 'crash' as const, node: 'P1' };
  assert.doesNotThrow(() => translate({ ...scenario, faults: [{ when, fault }] }, protocol, three));
  const other = { ...when, what: 'uncertain' };
  assert.throws(
    () => translate({ ...scenario, faults: [{ when: other, fault }] }, protocol, three),
    UntranslatableError,
  );
  const entering = { ...when, on: 'enters' as const, what: 'prepared' };
  assert.throws(
    () => translate({ ...scenario, faults: [{ when: entering, fault }] }, protocol, three),
    /cannot wait for a state/,
  );
});

test('a parameter set on purpose that means nothing elsewhere is remarked on', async () => {
  const comparison = await over('cooperative-termination');
  assert.ok(of(comparison, 'three-phase-commit').remarks.some((remark) => remark.includes('no parameter cooperative')));
});

test('further nodes that a protocol needs stand on the sides of a partition by turns', async () => {
  const { scenario, protocol } = await loadScenario('partition-during-commit');
  const { scenario: told } = translate(scenario, protocol, await loadProtocol('paxos-commit'));
  assert.deepEqual(told.nodes, { C: 'acceptor', P1: 'rm', P2: 'rm', P3: 'rm', A2: 'acceptor', A3: 'acceptor' });
  const fault = told.faults[0]?.fault;
  assert.deepEqual(fault?.type === 'partition' && fault.groups, [
    ['C', 'P1', 'A3'],
    ['P2', 'P3', 'A2'],
  ]);
});

test('a preset stands for its protocol with its parameters, and a name that is neither says what is near', async () => {
  const script = 'new-then-old';
  const comparison = await over(script, ['new-then-old', 'quorum-register', 'quorums-meet']);
  const verdict = (name: string) =>
    of(comparison, name).report.properties.find((each) => each.name === 'register/linearizable')?.verdict;
  assert.equal(verdict('new-then-old'), 'violated');
  assert.equal(verdict('quorum-register'), 'violated', 'a protocol is played with the parameters of the script');
  assert.equal(verdict('quorums-meet'), 'holds', 'a preset with its own');
  await assert.rejects(candidateNamed('quorums-met'), /neither a protocol nor a preset `quorums-met`; did you mean/);
});

test('of a register, every operation has a row with what it was answered', async () => {
  const rows = comparisonText(await over('quorums-apart', ['quorums-apart', 'quorums-meet'])).split('\n');
  const row = (label: string) =>
    rows
      .find((line) => line.startsWith(label))
      ?.slice(label.length)
      .trim()
      .split(/\s{2,}/);
  assert.deepEqual(row('K1 writes b'), ['done', 'done']);
  assert.deepEqual(row('2nd read by K2'), ['a', 'a'], 'with majorities the write takes longer, and overlaps this read');
  assert.equal(row('violated')?.[1], 'nothing');
  assert.deepEqual(row('outcome'), ['5 answered', '5 answered']);
});
