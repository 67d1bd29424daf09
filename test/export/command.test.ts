/** The contract of `havoc export`: what it writes where, and what it says of inputs that it cannot use. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { writeNew } from '../../src/cli/write-whole.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { type Ended, havoc } from '../fixtures/program.ts';
import { folder, recordPreset, recordRun } from './made.ts';

const home = folder();
const recording = join(home, 'run.jsonl');
before(() => recordPreset(recording, 'partition-during-commit'));

const exported = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  havoc(['export', ...args], { env });
async function fails(code: number, pattern: RegExp, ...args: readonly string[]): Promise<void> {
  const ended = await exported(args);
  assert.deepEqual([ended.code, ended.stdout], [code, ''], ended.stderr);
  assert.match(ended.stderr, pattern);
  assert.equal(ended.stderr.trimEnd().split('\n').length, 1, ended.stderr);
}

test('a cast is the same bytes without colours, in ASCII, in another time zone', async () => {
  const [one, other] = await Promise.all([
    exported([recording, '--to', 'cast', '--size', '80x24']),
    exported([recording, '--to', 'cast', '--size', '80x24'], {
      NO_COLOR: '1',
      TERM: 'dumb',
      LC_ALL: 'C',
      TZ: 'Asia/Tokyo',
    }),
  ]);
  assert.equal(one.code, 0, one.stderr);
  assert.ok(one.stdout.length > 10_000);
  assert.equal(other.stdout, one.stdout);
});

test('inputs that cannot be used are one line and an exit code by contract', async () => {
  writeFileSync(join(home, 'there.svg'), 'mine');
  const svg = ['--to', 'svg'];
  await Promise.all([
    fails(64, /must be one of shiviz, mermaid/i, recording, '--to', 'gif'),
    fails(64, /--to/, recording),
    fails(64, /two numbers of events/, recording, ...svg, '--events', '9-3'),
    fails(64, /60x20/, recording, '--to', 'cast', '--size', '9x9'),
  ]);
  await Promise.all([
    fails(3, /there\.svg: exists already/, recording, ...svg, '--out', join(home, 'there.svg')),
    fails(3, /its folder does not exist/, recording, ...svg, '--out', join(home, 'no', 'such.svg')),
    fails(3, /no node P9; did you mean P/, recording, ...svg, '--nodes', 'C,P9'),
    fails(3, /there is no event 900: it has 52/, recording, ...svg, '--events', '900-950'),
    fails(3, /no\.jsonl/, join(home, 'no.jsonl'), ...svg),
  ]);
  assert.equal(readFileSync(join(home, 'there.svg'), 'utf8'), 'mine');
});

/** The recording with its trailer's digest, or a checkpoint, replaced, and no chains to notice it. */
const withoutLinks = (text: string): string => text.replaceAll(/,"c":"[0-9a-f]{12}"\}/g, '}');

test('a recording that does not replay writes nothing, one that was cut off what there is, one of another engine with a warning', async () => {
  const text = readFileSync(recording, 'utf8');
  const lines = withoutLinks(text).trimEnd().split('\n');
  const forged = join(home, 'cut.jsonl');
  writeFileSync(forged, `${lines.slice(0, -1).join('\n')}\n{"i":5,"at":21,"act":{"type":"restart","node":"C"}}\n`);
  await fails(1, /differs in events .*nothing was written/, forged, '--to', 'json', '--out', join(home, 'forged.json'));
  assert.ok(!existsSync(join(home, 'forged.json')));
  const old = join(home, 'old.jsonl');
  writeFileSync(old, `${lines[0]?.replace(/"version":"[^"]*","protocol"/, '"version":"0.0","protocol"')}\n`);
  const ended = await exported([old, '--to', 'mermaid', '--out', join(home, 'old.mermaid')]);
  assert.equal(ended.code, 2, ended.stderr);
  assert.match(ended.stderr, /truncated/);
  assert.match(ended.stderr, /engine/);
  assert.match(readFileSync(join(home, 'old.mermaid'), 'utf8'), /^sequenceDiagram/);
});

test('too many events for a picture are refused, with what to do instead', async () => {
  const { scenario, protocol } = await loadScenario('failures-1-crash');
  const long = join(home, 'long.jsonl');
  const parameters = { ...scenario.parameters, beats: 2000 };
  await recordRun(long, { ...scenario, parameters, untilMs: 600_000, expect: [], faults: [] }, protocol);
  await fails(3, /events are too many for a picture: at most 5000; choose some with --events/, long, '--to', 'svg');
  assert.equal((await exported([long, '--to', 'svg', '--events', '6000-6050'])).code, 0);
});

async function* failing(): AsyncGenerator<string> {
  yield 'half';
  throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
}

test('what cannot be written whole is not written at all, and nothing is left beside it', async () => {
  const place = join(home, 'empty');
  mkdirSync(place);
  await assert.rejects(writeNew(join(place, 'a'), failing()), /a: cannot be written: the disk is full$/);
  assert.deepEqual(readdirSync(place), []);
  await writeNew(join(place, 'a'), ['whole ', 'text']);
  assert.equal(readFileSync(join(place, 'a'), 'utf8'), 'whole text');
  await assert.rejects(writeNew(join(place, 'a'), ['other']), /exists already/);
  await assert.rejects(writeNew(join(place, 'a', 'b'), ['other']), /its folder does not exist/);
  if (process.getuid?.() === 0) return;
  chmodSync(place, 0o500);
  await assert.rejects(writeNew(join(place, 'c'), ['other']), /may not be written there/);
});
