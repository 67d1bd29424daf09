/** The list of recorded runs: newest first, whole or cut off, and cheap: of a file only its ends are read. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { listRuns } from '../../src/record/runs.ts';
import { makeRecording } from './made.ts';

const folder = mkdtempSync(join(tmpdir(), 'havoc-runs-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const bytes = makeRecording();

/** A file written so many seconds ago. */
function put(name: string, content: Uint8Array | string, secondsAgo: number, where = folder): string {
  const file = join(where, name);
  writeFileSync(file, content);
  const time = 1_700_000_000 - secondsAgo;
  utimesSync(file, time, time);
  return file;
}

test('runs are listed newest first, with what they are, and whether they are whole', () => {
  put('a.jsonl', bytes, 30);
  put('b.jsonl', bytes, 10);
  const cut = put('c.jsonl', bytes, 20);
  truncateSync(cut, bytes.length - 100);
  utimesSync(cut, 1_700_000_000 - 20, 1_700_000_000 - 20);
  const { runs, older } = listRuns(folder);
  assert.deepEqual(
    runs.map(({ file, complete }) => [file.slice(-7), complete]),
    [
      ['b.jsonl', true],
      ['c.jsonl', false],
      ['a.jsonl', true],
    ],
  );
  assert.equal(older, 0);
  const [whole, half] = runs;
  assert.equal(whole?.protocol, 'chatter');
  assert.ok((whole?.events ?? 0) > 20 && (whole?.atMs ?? 0) > 0);
  assert.ok(
    (half?.events ?? 0) > 0 && (half?.events ?? 0) < (whole?.events ?? 0),
    'as far as its last whole line says',
  );
});

test('what is no recording is left out, and nothing of it can stop the list', () => {
  const odd = join(folder, 'odd');
  mkdirSync(odd);
  put('text.jsonl', 'hello\n', 1, odd);
  put('empty.jsonl', '', 2, odd);
  put('other.jsonl', '{"format":"something else"}\n', 3, odd);
  put('endless.jsonl', 'x'.repeat(3_000_000), 4, odd);
  put('strange.jsonl', '{"format":"havoc-recording","scenario":{"name":7,"seed":"x"}}\n{"i":-1.5}\n', 5, odd);
  put('notes.txt', bytes, 6, odd);
  mkdirSync(join(odd, 'folder.jsonl'));
  const { runs } = listRuns(odd);
  assert.deepEqual(
    runs.map(({ file, events, seed }) => [file.slice(-13), events, seed]),
    [['strange.jsonl', null, null]],
  );
  assert.deepEqual(listRuns(join(folder, 'nowhere')), { runs: [], older: 0 });
});

test('only the ends of a file are read, and of many files only the newest', () => {
  const many = join(folder, 'many');
  mkdirSync(many);
  const text = Buffer.from(bytes).toString('utf8');
  const [first] = text.split('\n') as [string];
  const last = text.trimEnd().split('\n').at(-1) as string;
  // whatever stands between them is not looked at
  const long = `${first}\n${'\u0000not a line\n'.repeat(100_000)}${last}\n`;
  put('long.jsonl', long, 0, many);
  for (let i = 1; i <= 300; i++) put(`${i}.jsonl`, bytes, i, many);
  const { runs, older } = listRuns(many, 50);
  assert.equal(runs.length, 50);
  assert.equal(older, 251);
  assert.equal(runs[0]?.complete, true);
  assert.match(runs[0]?.file ?? '', /long\.jsonl$/);
});
