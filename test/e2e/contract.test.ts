/** The command line under ill use: readers that go away, options that contradict each other, runs that are cut off. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { havoc, loader, main, place, refusedWith, scenario } from './command.ts';

test('a reader that goes away changes neither the exit code nor the recording', async () => {
  const file = scenario('unread', '[{ blocked: [P1] }]');
  const child = spawn(
    process.execPath,
    ['--import', loader, main, 'play', file, '--in-process', '--record', 'unread.jsonl'],
    { cwd: place },
  );
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
  // built: what compiles the sources as they are loaded needs a current folder itself
  const built = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
  const line = `cd ${gone} && rmdir ${gone} && exec ${process.execPath} ${built} list lies`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
  refusedWith({ code: status, stdout, stderr }, 3, /^the current folder does not exist any more; go to another one$/m);
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
