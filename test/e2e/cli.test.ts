/** The command line as scripts and graders meet it: exit codes, one line an error, one object for `--json`. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { program } from '../fixtures/program.ts';
import { havoc, place, refusedWith, scenario } from './command.ts';

test('--version and --help answer on every command and exit with 0', async () => {
  const version = await havoc(['--version']);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  assert.equal(version.code, 0);
  for (const command of ['play', 'replay', 'check', 'export', 'list', 'show', 'new']) {
    const { code, stdout } = await havoc([command, '--help']);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^Usage: havoc ${command} `));
    assert.doesNotMatch(stdout, /default: [{[]/, 'a default is shown as it is typed');
  }
});

test('wrong usage exits with 64, in one line that says what was meant', async () => {
  refusedWith(await havoc(['plya']), 64, /unknown command 'plya' \(Did you mean play\?\)/);
  refusedWith(await havoc(['play', 'x', '--sedd', '4']), 64, /unknown option '--sedd' \(Did you mean --seed\?\)/);
  refusedWith(await havoc(['play']), 64, /which preset, or which scenario file/);
  refusedWith(await havoc(['play', 'x', '--seed', '-1']), 64, /It must be a whole number/);
  refusedWith(await havoc(['play', 'x', '--until', '10']), 64, /a duration with a unit/);
  refusedWith(await havoc(['list', 'protcols']), 64, /did you mean protocols\?/);
  refusedWith(await havoc(['new', 'protocol', '../x']), 64, /no good name/);
});

test('input that cannot be read or is invalid exits with 3, in one line with its place', async () => {
  writeFileSync(join(place, 'bad.yaml'), 'title: x\nprotocol: paxoss\n');
  writeFileSync(join(place, 'bad.jsonl'), '{"format":"havoc-recording"}\n');
  refusedWith(await havoc(['play', './bad.yaml']), 3, /^\.\/bad\.yaml:2:11: .*did you mean paxos\?/);
  refusedWith(await havoc(['play', 'no-such-preset']), 3, /no preset/);
  refusedWith(await havoc(['replay', 'bad.jsonl', '--verify']), 3, /^bad\.jsonl:1:1: /);
  refusedWith(await havoc(['replay', place, '--verify']), 3, /: this is a folder/);
  refusedWith(await havoc(['export', 'gone.jsonl', '--to', 'svg']), 3, /^gone\.jsonl: there is no such file\n$/);
  refusedWith(await havoc(['show', 'paxoss']), 3, /did you mean paxos\?/);
});

test('the exit code of a headless play is its verdict', async () => {
  const met = scenario('met', '[{ decided: { C: commit, P1: commit } }]');
  const unmet = scenario('unmet', '[{ decided: { C: abort } }]');
  const inert = scenario('inert', '[]', 'faults: [{ when: { node: C, sends: abort, nth: 1 }, do: crash, node: C }]\n');
  assert.equal((await havoc(['play', met, '--in-process'])).code, 0);
  assert.equal((await havoc(['play', unmet, '--in-process'])).code, 1);
  assert.equal((await havoc(['play', inert, '--in-process'])).code, 1);
  assert.equal((await havoc(['play', met, '--in-process', '--until', '1ms'])).code, 2);
});

/** What stands there, as an object. */
const fields = (of: unknown, key: string | number): Record<string, unknown> =>
  (of as Record<string | number, Record<string, unknown>>)[key] ?? {};

test('--json prints one object with what the contract names', async () => {
  const file = scenario('json', '[{ property: atomic-commit/agreement, verdict: holds }]');
  const { code, stdout } = await havoc(['play', file, '--json', '--seed', '7']);
  const report = JSON.parse(stdout) as Record<string, object>;
  assert.equal(code, 0);
  const keys = [
    'scenario',
    'protocol',
    'seed',
    'events',
    'virtualTimeMs',
    'digest',
    'decisions',
    'blocked',
    'nodes',
    'properties',
    'costs',
    'faults',
    'expectations',
  ];
  for (const key of keys) assert.ok(key in report, key);
  assert.equal(report.seed, 7);
  assert.deepEqual(report.decisions, { C: 'commit', P1: 'commit', P2: 'commit' });
  for (const key of ['state', 'status', 'lamport', 'vector', 'stable'])
    assert.ok(key in fields(report.nodes, 'C'), key);
  for (const key of ['messages', 'byKind', 'delivered', 'dropped', 'messageDelays', 'stableWrites'])
    assert.ok(key in (report.costs ?? {}), key);
  for (const key of ['name', 'kind', 'verdict', 'at', 'why']) assert.ok(key in fields(report.properties, 0), key);
  const expectation = fields(report.expectations, 0);
  assert.deepEqual([expectation.name, expectation.met], ['atomic-commit/agreement holds', true]);
});

test('threads and this process give the same transcript', async () => {
  const file = scenario('same', '[]', 'faults: [{ when: { node: C, sends: commit, nth: 1 }, do: crash, node: C }]\n');
  const [threads, inProcess] = [await havoc(['play', file]), await havoc(['play', file, '--in-process'])];
  assert.equal(threads.stdout, inProcess.stdout);
  assert.match(threads.stdout, /FAULT crash C \(script\)/);
});

test('a headless recording verifies, is never written over, and tells a changed byte', async () => {
  const file = scenario('recorded', '[]');
  const recording = join(place, 'r.jsonl');
  assert.equal((await havoc(['play', file, '--in-process', '--record', recording, '--student', 'Ada'])).code, 0);
  const verified = await havoc(['replay', recording, '--verify']);
  assert.match(verified.stdout, /OK: \d+ events/);
  assert.equal(verified.code, 0);
  const asJson = JSON.parse((await havoc(['replay', recording, '--verify', '--json'])).stdout) as Record<
    string,
    unknown
  >;
  assert.equal(asJson.verdict, 'same');
  refusedWith(await havoc(['play', file, '--in-process', '--record', recording]), 3, /exists already/);
  writeFileSync(recording, readFileSync(recording, 'utf8').replace('"Ada"', '"Eve"'));
  refusedWith(await havoc(['replay', recording, '--verify']), 3, /:1:\d+: the line was changed/);
});

test('a recording cut off is unknown, and one of another engine too', async () => {
  const file = scenario('cut', '[]');
  const recording = join(place, 'c.jsonl');
  await havoc(['play', file, '--in-process', '--record', recording]);
  const text = readFileSync(recording, 'utf8');
  writeFileSync(recording, text.slice(0, text.lastIndexOf('{"end"')));
  refusedWith(await havoc(['replay', recording, '--verify']), 2, /truncated: it has no end; what is there agrees/);
  const header = text.split('\n')[0] as string;
  writeFileSync(
    recording,
    `${header.replace(/"engine":\{"version":"\d+"/, '"engine":{"version":"0"').replace(/,"c":"\w+"\}$/, '}')}\n`,
  );
  refusedWith(await havoc(['replay', recording, '--verify']), 2, /no verdict: it was made under revision 0/);
});

test('SIGTERM ends a headless run with a complete recording', async () => {
  const file = scenario('long', '[]', 'until: 10m\nfaults: [{ at: 0ms, do: crash, node: C }]\n');
  const recording = join(place, 'sig.jsonl');
  const child = spawn(process.execPath, [program, 'play', file, '--headless', '--record', recording], {
    cwd: place,
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  child.stdout.once('data', () => child.kill('SIGTERM'));
  await ended;
  assert.match(readFileSync(recording, 'utf8'), /\n\{"end":true,[^\n]*\}\n$/);
});

test('a new protocol plays at once, can be checked to the end, and is not written over', async () => {
  const made = await havoc(['new', 'protocol', 'my-echo']);
  assert.equal(made.code, 0);
  assert.match(made.stdout, /havoc play \.\/my-echo\.yaml/);
  assert.equal((await havoc(['play', './my-echo.yaml'])).code, 0, 'in workers');
  assert.equal((await havoc(['check', './my-echo.yaml', '--max-states', '10000'])).code, 0);
  const shown = await havoc(['show', './my-echo.ts', '--to', 'mermaid']);
  assert.match(shown.stdout, /stateDiagram-v2/);
  refusedWith(await havoc(['new', 'protocol', 'my-echo']), 3, /exists already/);
});

test('a new preset plays at once, for many seeds, and can be checked to the end', async () => {
  assert.equal((await havoc(['new', 'preset', 'mine'])).code, 0);
  assert.equal((await havoc(['check', './mine.yaml', '--max-states', '10000'])).code, 0);
  for (const seed of ['1', '2', '3'])
    assert.equal((await havoc(['play', './mine.yaml', '--in-process', '--seed', seed])).code, 0);
});

test('code that only a recording names is not loaded, unless the user names it too', async () => {
  await havoc(['new', 'protocol', 'named']);
  const recording = join(place, 'named.jsonl');
  await havoc(['play', './named.yaml', '--in-process', '--record', recording]);
  refusedWith(
    await havoc(['replay', recording, '--verify']),
    3,
    /code that a recording names is not loaded.*--protocol/,
  );
  assert.equal((await havoc(['replay', recording, '--verify', '--protocol', './named.ts'])).code, 0);
});

test('a protocol can neither print among the results nor end the program with a verdict', async () => {
  await havoc(['new', 'protocol', 'loud']);
  const source = readFileSync(join(place, 'loud.ts'), 'utf8');
  const withLine = (line: string): void =>
    writeFileSync(join(place, 'loud.ts'), source.replace("    value: '',", `    value: (${line}, ''),`));
  withLine("console.log('aside')");
  for (const args of [
    ['play', './loud.yaml', '--in-process', '--json'],
    ['check', './loud.yaml', '--json'],
  ]) {
    const { code, stdout, stderr } = await havoc(args);
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).scenario, 'loud');
    assert.match(stderr, /aside/);
  }
  withLine('process.exit(0)');
  assert.match(
    (await havoc(['play', './loud.yaml', '--in-process'])).stdout,
    /L failed: L \(leader\) threw at its start: it must not end the program/,
  );
  const checked = (await havoc(['check', './loud.yaml'])).stdout;
  assert.match(checked, /^ {2}failed\n +L \(leader\) threw at its start: it must not end the program/m);
  assert.match(checked, /no verdict, because L has failed/);
});

test('a full disk behind stdout is told in one line, and is no verdict', { skip: !existsSync('/dev/full') }, () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [program, 'list', 'lies'], {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(full);
  assert.match(stderr, /^stdout: cannot be written: ENOSPC[^\n]*\n$/);
  assert.equal(status, 3);
});

test('list and show answer as text and as one object', async () => {
  for (const what of ['presets', 'protocols', 'challenges', 'faults', 'lies']) {
    const { code, stdout } = await havoc(['list', what, '--json']);
    assert.equal(code, 0);
    assert.ok(Array.isArray((JSON.parse(stdout) as Record<string, unknown>)[what]), what);
  }
  const shown = JSON.parse((await havoc(['show', 'two-phase-commit', '--json'])).stdout) as {
    roles: Record<string, { states: { path: string }[] }>;
  };
  assert.ok(shown.roles.participant?.states.some(({ path }) => path === 'prepared'));
  assert.match((await havoc(['show', 'two-phase-commit'])).stdout, /after voteTimeout → aborted/);
});

test('without a terminal nothing is drawn and nothing is recorded by itself', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'havoc-none-'));
  const { stdout } = await havoc(['play', scenario('plain', '[]')], empty);
  assert.doesNotMatch(stdout, /\u001b/);
  assert.equal(existsSync(join(empty, 'recordings')), false);
});
