/** The gates of fuzzing for recordings: whatever the file, an exit code by contract, at once, and one line. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { changedAt, pathsIn, strange, valueAt } from './bend.ts';
import { assertCivil, dice, draws, forged, goldenRecording, linesOf, runs, verified } from './gate.ts';

let golden: Buffer;
before(async () => {
  golden = await goldenRecording();
});

test('the golden recording verifies, and so it does with chains computed anew', async () => {
  assert.equal((await verified(golden)).code, 0);
  assert.deepEqual(forged(linesOf(golden)), golden);
  const lines = linesOf(golden);
  for (const part of ['"act"', '"checkpoint"', '"branch"', '"mark"', '"end"'])
    assert.ok(
      lines.some((line) => line.includes(part)),
      part,
    );
});

test('cut off at any byte, a recording is truncated or refused', async () => {
  const codes = new Map<number, number>();
  for (let length = 0; length < golden.length; length++) {
    const outcome = await verified(golden.subarray(0, length));
    assertCivil(outcome, `cut at ${length}`);
    codes.set(outcome.code, (codes.get(outcome.code) ?? 0) + 1);
  }
  assert.equal(codes.get(0), 1, 'only the last line feed may be missing');
  assert.equal(codes.get(1), undefined, 'what is there agrees');
  assert.ok((codes.get(2) ?? 0) > 100 && (codes.get(3) ?? 0) > 100, JSON.stringify([...codes]));
});

test('ten thousand changes of one byte: none passes as the original, and none does harm', async () => {
  const next = dice(1);
  for (let round = 0; round < runs(10_000); round++) {
    const changed = Buffer.from(golden);
    const at = next(golden.length);
    const byte = next(256);
    if (changed[at] === byte) continue;
    changed[at] = byte;
    const outcome = await verified(changed);
    assertCivil(outcome, `byte ${at} is ${byte}`);
    assert.notEqual(outcome.code, 0, `byte ${at} is ${byte}`);
  }
});

test('a changed byte under chains computed anew does no harm either', async () => {
  const next = dice(2);
  const codes = new Map<number, number>();
  for (let round = 0; round < runs(1500); round++) {
    const lines = linesOf(golden);
    const line = next(lines.length);
    const bytes = Buffer.from(lines[line] as string);
    const at = next(bytes.length);
    bytes[at] = 32 + next(95);
    lines[line] = bytes.toString('latin1');
    const outcome = await verified(forged(lines));
    assertCivil(outcome, `byte ${at} of line ${line + 1} is ${bytes[at]}`);
    codes.set(outcome.code, (codes.get(outcome.code) ?? 0) + 1);
  }
  assert.ok((codes.get(1) ?? 0) > 20, `some are found only by their replay: ${JSON.stringify([...codes])}`);
});

test('a recording with any value in any place, chains computed anew, is refused, found out or the same run', async () => {
  const lines = linesOf(golden);
  const places = lines.flatMap((line, i) => pathsIn(JSON.parse(line)).map((path) => ({ i, path })));
  const codes = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...places),
      fc.option(fc.constantFrom(...places)),
      strange,
      async (to, from, value) => {
        const taken = from === null ? value : valueAt(JSON.parse(lines[from.i] as string), from.path);
        const changed = JSON.stringify(changedAt(JSON.parse(lines[to.i] as string), to.path, taken)) ?? '';
        const outcome = await verified(forged(lines.with(to.i, changed)));
        assertCivil(outcome, changed.slice(0, 3000));
        codes.set(outcome.code, (codes.get(outcome.code) ?? 0) + 1);
      },
    ),
    draws(1500),
  );
  for (const code of [0, 1, 3]) assert.ok((codes.get(code) ?? 0) > 0, `exit codes: ${JSON.stringify([...codes])}`);
});
