/** Writing, reading and replaying recordings. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { digestWorld } from '../../src/core/digest.ts';
import { Chain, RecordingError, splitLink } from '../../src/record/format.ts';
import { readRecording, readRecordingFile } from '../../src/record/reader.ts';
import { replayRecording } from '../../src/record/replay.ts';
import { CannotRecordError } from '../../src/record/writer.ts';
import { chatter, chatterScenario } from '../fixtures/chatter.ts';
import { end, folder, makeRecording, play, recorderFor } from './made.ts';

const bytes = makeRecording();
const text = new TextDecoder().decode(bytes);
const large = makeRecording(6);

/** The lines with both chains computed anew, as an attacker would. */
function forged(lines: readonly string[]): Uint8Array {
  const chain = new Chain();
  const out = lines.map((raw) => {
    const { bare } = splitLink(raw);
    const whole = bare.startsWith('{"end"') ? bare.replace(/"chain":"[0-9a-f]*"/, `"chain":"${chain.whole}"`) : bare;
    const line = `${whole.slice(0, -1)},"c":"${chain.link(whole)}"}`;
    chain.add(line);
    return `${line}\n`;
  });
  return new TextEncoder().encode(out.join(''));
}
const linesOf = (all: Uint8Array): string[] => new TextDecoder().decode(all).trimEnd().split('\n');
const verify = (all: Uint8Array) => replayRecording(readRecording(all, 'x.jsonl'), chatter);

test('a recording with faults of many kinds replays to the same digests', () => {
  const replayed = verify(large);
  assert.equal(replayed.divergence, null);
  assert.ok(replayed.compared >= 1, 'there are checkpoints to compare');
  assert.equal(replayed.inputs, 6);
  assert.equal(digestWorld(replayed.world), replayed.recording.end?.digest);
});

test('changing any one byte is noticed, with its line', () => {
  const flips = [1, 0x20, 0x80];
  let line = 1;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    for (const flip of flips) {
      const changed = bytes.slice();
      changed[at] = byte ^ flip;
      assert.equal(noticedAt(changed), line, `byte ${at} (${String.fromCharCode(byte)}) xor ${flip}`);
    }
    if (byte === 0x0a) line += 1;
  }
});

/** The line at which a verification stops; null when it does not. */
function noticedAt(changed: Uint8Array): number | null {
  try {
    const { divergence, recording } = verify(changed);
    return divergence?.line ?? recording.halfLine;
  } catch (error) {
    if (error instanceof RecordingError) return error.line;
    throw error;
  }
}

test('a file cut off at any byte opens as truncated, or is refused in one line', () => {
  let opened = 0;
  for (let length = 0; length < bytes.length; length++) {
    try {
      const recording = readRecording(bytes.slice(0, length), 'x.jsonl');
      // only the last line feed may be missing from a whole recording
      if (length < bytes.length - 1) assert.equal(recording.end, null, `at ${length}`);
      assert.equal(replayRecording(recording, chatter).divergence, null, `at ${length}`);
      opened += 1;
    } catch (error) {
      assert.ok(error instanceof RecordingError, `at ${length}: ${String(error)}`);
      assert.match(error.message, /^x\.jsonl:\d+:\d+: /);
    }
  }
  assert.ok(opened > 100, 'prefixes of whole lines open');
});

test('a recording whose terminal was killed keeps everything but the trailer', () => {
  const file = join(folder(), 'killed.jsonl');
  const scenario = chatterScenario(3);
  play(scenario, [{ at: 6, act: { type: 'crash', node: 'N1' } }], recorderFor(file, scenario));
  const recording = readRecordingFile(file);
  assert.equal(recording.end, null);
  assert.deepEqual(recording.entries.filter(({ kind }) => kind === 'act').length, 1);
  assert.equal(replayRecording(recording, chatter).divergence, null);
});

test('hashes computed anew do not save a file whose inputs were changed', () => {
  const lines = linesOf(large);
  const crash = lines.findIndex((line) => line.includes('"crash"'));
  const other = lines.with(crash, (lines[crash] as string).replace('"N1"', '"N3"'));
  const { divergence } = verify(forged(other));
  assert.ok(divergence !== null);
  assert.ok(divergence.line > crash, 'the first line that disagrees comes after the changed one');
});

test('a digest edited at the end, chains computed anew, is found by the replay', () => {
  const lines = linesOf(bytes);
  const last = lines.length - 1;
  const edited = lines.with(last, (lines[last] as string).replace(/"digest":"../, '"digest":"00'));
  assert.deepEqual(verify(forged(edited)).divergence?.line, lines.length);
});

test('a checkpoint that was taken out, chains computed anew, is missed', () => {
  const lines = linesOf(large);
  const without = lines.filter((line) => !line.includes('"checkpoint"'));
  assert.throws(() => verify(forged(without)), /checkpoint before event \d+ is missing/);
});

test('an input that was not possible at its place is named with its line', () => {
  const lines = linesOf(bytes);
  const restart = lines.findIndex((line) => line.includes('"restart"'));
  const other = lines.with(restart, (lines[restart] as string).replace('"N1"', '"N0"'));
  const { divergence } = verify(forged(other));
  assert.equal(divergence?.line, restart + 1);
  assert.match(divergence.why, /N0 is up: only a crashed node can restart/);
});

test('a node that the runtime lost is lost again in the replay', () => {
  const file = join(folder(), 'lost.jsonl');
  const scenario = chatterScenario(3);
  const recorder = recorderFor(file, scenario);
  recorder.onAct(0, 0, { type: 'fail', node: 'N1', reason: 'its worker hung' });
  recorder.onNote(1, 0, 'that was quick');
  const { world } = replayRecording(readRecordingFile(file), chatter);
  assert.equal(world.nodes[1]?.status, 'failed');
  assert.equal(world.nodes[1]?.failure, 'its worker hung');
});

test('a branch goes back and on from there, and the abandoned part stays in the file', () => {
  const file = join(folder(), 'branch.jsonl');
  const scenario = chatterScenario(3);
  const recorder = recorderFor(file, scenario);
  play(scenario, [{ at: 6, act: { type: 'crash', node: 'N1' } }], recorder, 9);
  const branch = '{"i":4,"at":0,"branch":9}';
  const other = play(
    scenario,
    [{ at: 5, act: { type: 'crash', node: 'N2' } }],
    recorderFor(join(folder(), 'o.jsonl'), scenario),
    8,
  );
  const crash = other.trace[5]?.atMs as number;
  const at4 = other.trace[3]?.atMs as number;
  const lines = [
    ...linesOf(readFileSync(file)),
    branch.replace('"at":0', `"at":${at4}`),
    `{"i":5,"at":${crash},"act":{"type":"crash","node":"N2"}}`,
    `{"end":true,"events":8,"at":${other.world.nowMs},"digest":"${digestWorld(other.world)}","chain":""}`,
  ];
  const replayed = verify(forged(lines));
  assert.equal(replayed.divergence, null);
  assert.equal(replayed.world.nodes[1]?.status, 'up');
  assert.equal(replayed.world.nodes[2]?.status, 'crashed');
});

test('an existing file is never written over', () => {
  const file = join(folder(), 'there.jsonl');
  writeFileSync(file, 'mine');
  assert.throws(() => recorderFor(file, chatterScenario(2)), CannotRecordError);
  assert.equal(readFileSync(file, 'utf8'), 'mine');
});

test('a recording closed twice has one end', () => {
  const file = join(folder(), 'twice.jsonl');
  const scenario = chatterScenario(2);
  const recorder = recorderFor(file, scenario);
  const run = play(scenario, [], recorder);
  end(run, recorder);
  end(run, recorder);
  assert.equal(linesOf(readFileSync(file)).filter((line) => line.includes('"end"')).length, 1);
});

test('lines without a link are read, and then the trailer alone guards them', () => {
  const bare = linesOf(bytes).map((line) => splitLink(line).bare);
  const chain = new Chain();
  for (const line of bare.slice(0, -1)) chain.add(line);
  const trailer = (bare.at(-1) as string).replace(/"chain":"[0-9a-f]*"/, `"chain":"${chain.whole}"`);
  const whole = new TextEncoder().encode(`${[...bare.slice(0, -1), trailer].join('\n')}\n`);
  assert.equal(verify(whole).divergence, null);
  const changed = new TextEncoder().encode(new TextDecoder().decode(whole).replace('"wall":0', '"wall":1'));
  assert.throws(() => verify(changed), /the chain does not fit the lines above/);
});

test('the text of the file is what the format promises', () => {
  const lines = text.trimEnd().split('\n');
  assert.match(
    lines[0] as string,
    /^\{"format":"havoc-recording","version":1,"engine":\{"version":"\d+","protocol":"chatter",/,
  );
  assert.match(lines[1] as string, /^\{"i":5,"at":\d+,"act":\{"type":"partition",.*\},"wall":0,"c":"[0-9a-f]{12}"\}$/);
  assert.match(
    lines.at(-1) as string,
    /^\{"end":true,"events":\d+,"at":\d+,"digest":"[0-9a-f]{64}","chain":"[0-9a-f]{64}","c":"[0-9a-f]{12}"\}$/,
  );
});
