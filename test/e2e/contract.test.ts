/** The command line under ill use: readers that go away, options that contradict each other, runs that are cut off. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { program } from '../fixtures/program.ts';
import { havoc, place, refusedWith, scenario } from './command.ts';

test('a reader that goes away changes neither the exit code nor the recording', async () => {
  const file = scenario('unread', '[{ blocked: [P1] }]');
  const child = spawn(process.execPath, [program, 'play', file, '--in-process', '--record', 'unread.jsonl'], {
    cwd: place,
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdout.destroy();
  const code = await new Promise((resolve) => child.on('close', resolve));
  assert.equal(stderr, '');
  assert.equal(code, 1, 'nobody was blocked');
  assert.match(readFileSync(join(place, 'unread.jsonl'), 'utf8'), /^\{"end":true.*\n$/m);
});

test('an option that contradicts another one, or means nothing without it, is wrong usage', async () => {
  for (const [args, words] of [
    ['replay none.jsonl --resume --verify', /'--resume' cannot be used with option '--verify'/],
    ['replay none.jsonl --verify --record x.jsonl', /--record goes with --resume only/],
    ['check x --walk-length 9', /--walk-length goes with --walks only/],
    ['check x --inputs votes=yes,no', /--inputs goes with --valence only/],
    ['check x --valence --counterexample c.jsonl', /'--valence' cannot be used with option '--counterexample <file>'/],
    ['play x --compare paxos,ben-or --record r.jsonl', /cannot be used with option '--record <file>'/],
    ['export none.jsonl --to json --nodes A', /--nodes is for the format svg, html, mermaid, and not for json/],
    ['grade x none.jsonl --json --format csv', /'--json' cannot be used with option '--format <format>'/],
    ['grade x none.jsonl --roster list.csv', /--roster is for the format csv, and not for text/],
    ['check x.yaml --graph ./x.yaml', /x\.yaml is read, and would be written over/],
    ['check x --graph y --counterexample y', /y would be written twice/],
    ['soak --seconds 0', /It must be a whole number, 1 or more/],
    ['help plya', /there is no command plya; did you mean play\?/],
  ] as const)
    refusedWith(await havoc(args.split(' ')), 64, words);
  refusedWith(await havoc(['play', 'x', '--student', '']), 64, /It must not be empty/);
});

test('what a run had yet to show when it was cut off is unknown', async () => {
  const file = scenario('cut-off', '[{ blocked: [P1], before: 5s }]', 'faults: [{ at: 5s, do: heal }]\n');
  const cut = await havoc(['play', file, '--in-process', '--max-events', '3', '--json']);
  assert.equal(cut.code, 2);
  assert.match(cut.stderr, /^stopped after 3 events, before its end$/m);
  const report = JSON.parse(cut.stdout);
  assert.deepEqual([report.verdict, report.expectations[0].met, report.faults[0].inert], ['unknown', null, false]);
  assert.equal((await havoc(['play', file, '--in-process'])).code, 1, 'left alone, it blocks nobody');
});

test('a recording that goes on without a screen ends with the verdict, as text or as one object', async () => {
  const file = scenario('go-on', '[{ blocked: [P1] }]');
  await havoc(['play', file, '--in-process', '--record', 'go-on.jsonl']);
  const whole = readFileSync(join(place, 'go-on.jsonl'), 'utf8');
  writeFileSync(join(place, 'begun.jsonl'), whole.slice(0, whole.indexOf('\n') + 1));
  const { code, stdout, stderr } = await havoc(['replay', 'begun.jsonl', '--resume', '--record', 'on.jsonl', '--json']);
  assert.match(stderr, /^recorded: on.jsonl\n$/);
  const { recording, from, report } = JSON.parse(stdout);
  assert.deepEqual([code, recording, from, report.verdict], [1, 'on.jsonl', 'begun.jsonl', 'not met']);
});

test('a current folder that is gone is said in one line', () => {
  const gone = mkdtempSync(join(tmpdir(), 'havoc-gone-'));
  const line = `cd ${gone} && rmdir ${gone} && exec ${process.execPath} ${program} list lies`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
  refusedWith({ code: status, stdout, stderr }, 3, /^the current folder does not exist any more; go to another one$/m);
});

test('a protocol whose own words fail it is told so, and gives no verdict', async () => {
  const file = (first: string, test: string): string => `${first}
import { defineProtocol } from 'havoc';
import { setup } from 'xstate';
export default defineProtocol({
  id: 'odd',
  roles: { node: setup({}).createMachine({}) },
  messages: [],
  properties: [{ name: 'p', kind: 'always', clauses: {}, test: ${test} }],
});
`;
  writeFileSync(join(place, 'odd.yaml'), 'protocol: ./odd.mjs\nnodes: { A: node }\n');
  writeFileSync(join(place, 'odd.mjs'), file('', "() => { throw new Error('oh'); }"));
  const thrown = /^protocol odd: the test of p threw: oh\n$/;
  refusedWith(await havoc(['check', './odd.yaml']), 3, thrown);
  const { code, stderr } = await havoc(['play', './odd.yaml', '--record', 'odd.jsonl']);
  assert.equal(code, 3);
  assert.match(stderr, thrown);
  assert.match(readFileSync(join(place, 'odd.jsonl'), 'utf8'), /"end":true/);
  writeFileSync(join(place, 'odd.mjs'), file('', '() => null'));
  const { stdout } = await havoc(['play', './odd.yaml', '--in-process']);
  assert.match(stdout, /p {2}✗ VIOLATED {2}event 0: its test answered null, which is no verdict/);
  writeFileSync(join(place, 'odd.mjs'), file('await new Promise(() => {});', '() => true'));
  refusedWith(await havoc(['show', './odd.mjs']), 3, /not loaded to its end: it awaits something that never comes/);
});

test('what a machine leaves for later ends a run in one process without a verdict, and without a stack trace', async () => {
  await havoc(['new', 'protocol', 'later']);
  const source = readFileSync(join(place, 'later.ts'), 'utf8');
  const late = "(Promise.reject(new Error('too late')), '')";
  writeFileSync(join(place, 'later.ts'), source.replace("    value: '',", `    value: ${late},`));
  const { code, stderr } = await havoc(['play', './later.yaml', '--in-process']);
  assert.equal(code, 2);
  assert.match(stderr, /^havoc: thrown outside of any step: too late; [^\n]*\n$/);
});
