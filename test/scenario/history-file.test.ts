import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { judgeHistory } from '../../src/core/linearizability.ts';
import { casRegister, kv, register } from '../../src/core/register-models.ts';
import { reportRun } from '../../src/core/report.ts';
import { createRun, runToEnd } from '../../src/core/run.ts';
import { ScenarioError } from '../../src/scenario/errors.ts';
import { eventsOf, readHistory } from '../../src/scenario/history-file.ts';
import { loadScenario } from '../../src/scenario/load.ts';

const data = fileURLToPath(new URL('../data/linearizability/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'havoc-history-'));
after(() => rmSync(folder, { recursive: true }));
const fileWith = (text: string): string => {
  const file = join(folder, 'history');
  writeFileSync(file, text);
  return file;
};

test('the histories of etcd are judged as known', () => {
  const verdicts = readFileSync(join(data, 'etcd/verdicts.tsv'), 'utf8')
    .trim()
    .split('\n')
    .map((row) => row.split('\t'));
  assert.equal(verdicts.length, 30);
  for (const [file = '', known] of verdicts) {
    const { verdict } = judgeHistory(readHistory(join(data, 'etcd', file), casRegister), casRegister);
    assert.equal(verdict === 'linearizable', known === 'true', file);
  }
});

test('the histories of a key-value store are judged as known', () => {
  for (const file of readdirSync(join(data, 'kv'))) {
    const { verdict } = judgeHistory(readHistory(join(data, 'kv', file), kv), kv);
    assert.equal(verdict, file.includes('-ok') ? 'linearizable' : 'not linearizable', file);
  }
});

test('the same history in each of the notations is the same history', () => {
  const log = 'INFO  jepsen.util - 0\t:invoke\t:write\t3\nsome other line\nINFO  jepsen.util - 0\t:ok\t:write\t3\n';
  const edn =
    '; a remark\n{:process 0, :type :invoke, :f :write, :value 3}\n{:process 0, :type :ok, :f :write, :value 3}';
  const vector =
    '[{:process 0 :type :invoke :f :write :value 3} #jepsen.history.Op{:process 0 :type :ok :f :write :value 3}]';
  const lines =
    '{"process":0,"type":"invoke","f":"write","value":3}\n{"process":0,"type":"ok","f":"write","value":3}\n';
  const array = JSON.stringify(
    lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  );
  const expected = readHistory(fileWith(log), register);
  assert.equal(expected.length, 1);
  for (const text of [edn, vector, lines, array])
    assert.deepEqual(readHistory(fileWith(text), register), expected, text);
});

test('a failed write did not take place; a failed cas found something else; what ended in info stays open', () => {
  const history = (rows: readonly string[]): string => fileWith(rows.map((row) => `x - ${row}`).join('\n'));
  assert.deepEqual(readHistory(history(['0 :invoke :write 1', '0 :fail :write 1']), casRegister), []);
  const [cas] = readHistory(history(['0 :invoke :cas [1 2]', '0 :fail :cas [1 2]']), casRegister);
  assert.equal(cas?.result, false);
  const [open] = readHistory(history(['0 :invoke :write 1', '0 :info :write :timed-out']), casRegister);
  assert.equal(open?.returnedAt, null);
  assert.deepEqual(readHistory(history(['0 :invoke :read nil', '0 :info :read :timed-out']), casRegister), []);
});

test('what is wrong with a history is said with its line', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['', /history:1:1: the file is empty/],
    ['hello\n', /history:1:1: this is no history/],
    ['{:process 0, :type :invoke', /a } is missing/],
    ['{:process 0, :type :invke, :f :read}', /:1:1: the type of an operation is `invke`; did you mean invoke\?/],
    ['{"process":0,"type":"ok","f":"read"}', /:1:1: process `0` ends an operation that it never began/],
    [
      '{"process":0,"type":"invoke","f":"read"}\n{"process":0,"type":"invoke","f":"read"}',
      /:2:1: process `0` invokes again before its operation of line 1 has ended/,
    ],
    [
      '{"process":0,"type":"invoke","f":"cas","value":[1,2]}',
      /:1:1: the model register has no operation `cas`; it has read, write/,
    ],
    ['{"process":0,"type":"invoke","f":', /:1:1: this is no JSON/],
    ['{"type":"invoke","f":"read"}', /has no `process`/],
  ];
  for (const [text, message] of cases) assert.throws(() => readHistory(fileWith(text), register), message, text);
  assert.throws(() => readHistory(fileWith('x - 0 :invoke :cas 3'), casRegister), /cas takes \[from to\], not `3`/);
});

test('a damaged history is refused or read, and nothing else', () => {
  const whole = readFileSync(join(data, 'kv/c01-ok.txt'), 'utf8').slice(0, 3000);
  fc.assert(
    fc.property(fc.nat(whole.length), fc.string({ maxLength: 3 }), fc.nat(3), (at, put, cut) => {
      try {
        eventsOf(whole.slice(0, at) + put + whole.slice(at + cut), 'damaged');
      } catch (error) {
        assert.ok(error instanceof ScenarioError, String(error));
      }
    }),
    { numRuns: 1500 },
  );
});

test('the answer of play --json is read as the history in it, and a run without one says so', async () => {
  const { scenario, protocol } = await loadScenario('new-then-old');
  const run = createRun(scenario, protocol);
  const report = reportRun(run.world, runToEnd(run));
  const file = fileWith(JSON.stringify(report, null, 2));
  const operations = readHistory(file, register);
  assert.equal(operations.length, 4);
  assert.equal(judgeHistory(operations, register).verdict, 'not linearizable');
  const without = fileWith(JSON.stringify({ ...report, history: null }));
  assert.throws(() => readHistory(without, register), /this run has no history/);
  const strange = fileWith(JSON.stringify({ history: [{ process: 'K', type: 'okay', f: 'read' }] }));
  assert.throws(() => readHistory(strange, register), /type of an operation is `okay`; did you mean ok\?/);
});

test('numbers that would be taken for one another are refused, in every format', () => {
  const histories = [
    '{:process 0, :type :invoke, :f :write, :value 9007199254740993}',
    '[{"process":0,"type":"invoke","f":"write","value":9007199254740993}]',
    'INFO  jepsen.util - 0 :invoke :cas [1 9007199254740993]',
  ];
  for (const text of histories)
    assert.throws(() => readHistory(fileWith(text), casRegister), /history:1:1: a number beyond 2\^53 is not exact/);
});
