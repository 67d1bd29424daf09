/** Hostile and broken recordings: one line each, with its place, and never anything but a `RecordingError`. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { RecordingError, splitLink } from '../../src/record/format.ts';
import { readRecording, readRecordingFile } from '../../src/record/reader.ts';
import { folder, makeRecording } from './made.ts';

const whole = new TextDecoder().decode(makeRecording()).trimEnd().split('\n');
const good = whole.map((line) => splitLink(line).bare);
const header = good[0] as string;
const act = good.find((line) => line.includes('"crash"')) as string;

const bytesOf = (...lines: readonly string[]): Uint8Array => new TextEncoder().encode(`${lines.join('\n')}\n`);
const withHeader = (from: string | RegExp, to: string): Uint8Array => {
  const changed = header.replace(from, to);
  assert.notEqual(changed, header, 'the case changes something');
  return bytesOf(changed);
};
const line = (text: string): Uint8Array => bytesOf(header, text);

function refused(bytes: Uint8Array, expected: RegExp): void {
  try {
    readRecording(bytes, 'x.jsonl');
  } catch (error) {
    assert.ok(error instanceof RecordingError, String(error));
    assert.match(error.message, /^x\.jsonl:\d+:\d+: [^\n]+$/);
    assert.match(error.message, expected);
    return;
  }
  assert.fail(`read without complaint, expected ${expected}`);
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

const cases: readonly (readonly [name: string, bytes: Uint8Array, expected: RegExp])[] = [
  ['an empty file', bytes(), /1:1: the file is empty/],
  ['a mark of what is still to come', line('{"i":3,"at":0,"mark":"x","of":4}'), /of is 4, but must be 0..3/],
  ['a note of another moment', line('{"i":3,"at":0,"note":"x","of":2}'), /unknown field "of"/],
  ['no JSON', bytesOf('hello'), /1:1: this is no recording/],
  ['an array root', bytesOf('[1]'), /1:1: this is no recording/],
  ['UTF-16', bytes(0xff, 0xfe, 0x7b, 0), /UTF-16/],
  ['a byte order mark', bytes(0xef, 0xbb, 0xbf, 0x7b), /byte order mark/],
  ['a compressed file', bytes(0x1f, 0x8b, 8), /compressed/],
  ['CRLF', new TextEncoder().encode(`${header}\r\n`), /CR LF/],
  ['NUL', bytesOf(header, '{"i":0,"at":0,"note":"a\0b"}'), /2:\d+: a NUL byte/],
  ['invalid UTF-8', Uint8Array.from([...bytesOf(header), 0x7b, 0xff, 0x7d, 0x0a]), /2:2: this is not UTF-8/],
  ['an empty line', bytesOf(header, '', act), /2:1: an empty line/],
  ['a line over 1 MiB', line(`{"i":0,"at":0,"note":"${'x'.repeat(1024 * 1024)}"}`), /2:1: .*longer than 1 MiB/],
  ['over 200,000 lines', line('{"i":0,"at":0,"note":"x"}\n'.repeat(200_000)), /more than 200000 lines/],
  ['a missing field', withHeader('"version":1,', ''), /reads version 1/],
  ['a misspelt field', withHeader('"startedAt"', '"startdAt"'), /unknown field "startdAt"; did you mean "startedAt"\?/],
  ['another format', withHeader('havoc-recording', 'havoc-recoding'), /1:11: the format must be/],
  ['version 0', withHeader('"version":1', '"version":0'), /1:39: not a version of the format; it reads version 1/],
  ['version 2', withHeader('"version":1', '"version":2'), /version 2 is newer/],
  ['version "1"', withHeader('"version":1', '"version":"1"'), /not a version of the format/],
  ['version 1e9', withHeader('"version":1', '"version":1e9'), /version 1000000000 is newer/],
  ['a digest that is none', withHeader(/"protocolSha256":"a+"/, '"protocolSha256":"abc"'), /64 hex digits/],
  [
    'another protocol than the scenario',
    withHeader('"protocol":"chatter"', '"protocol":"paxos"'),
    /not the scenario's/,
  ],
  ['n = 0', withHeader(/"nodes":\{[^}]*\}/, '"nodes":{}'), /nodes/],
  [
    'a scenario that is a text',
    withHeader(/"scenario":\{.*\},"student"/, '"scenario":"x","student"'),
    /scenario must be an object/,
  ],
  [
    'a scenario with a prototype',
    withHeader('"parameters":{', '"parameters":{"__proto__":1,'),
    /"__proto__" is not allowed/,
  ],
  [
    'constructor as a key',
    line('{"i":0,"at":0,"note":"x","constructor":1}'),
    /2:\d+: the key "constructor" is not allowed/,
  ],
  ['depth over 32', line(`{"i":0,"at":0,"note":${deep(40)}}`), /2:\d+: nested deeper than 32/],
  ['a key twice', line('{"i":0,"i":1,"at":01,"note":"x"}'), /2:\d+: the key "i" stands twice/],
  ['1e309', line('{"i":0,"at":1e309,"note":"x"}'), /2:13: the number 1e309 is too large/],
  ['-1', line('{"i":-1,"at":0,"note":"x"}'), /2:6: i is -1, but must be/],
  ['1.5', line('{"i":1.5,"at":0,"note":"x"}'), /2:6: i must be a whole number, not 1.5/],
  ['2^53', line('{"i":0,"at":9007199254740992,"note":"x"}'), /at must be a whole number/],
  ['"5"', line('{"i":"5","at":0,"note":"x"}'), /i must be a whole number, not "5"/],
  ['over a million events', line('{"i":1000001,"at":0,"note":"x"}'), /but must be 0\.\.1000000/],
  [
    'an index that goes back',
    bytesOf(header, '{"i":5,"at":9,"note":"x"}', '{"i":4,"at":9,"note":"x"}'),
    /3:6: the index goes back from 5 to 4/,
  ],
  [
    'a time that goes back',
    bytesOf(header, '{"i":5,"at":9,"note":"x"}', '{"i":6,"at":8,"note":"x"}'),
    /3:13: the time goes back from 9 to 8/,
  ],
  ['two inputs at one index', bytesOf(header, act, act), /3:\d+: a second input at index/],
  [
    'a checkpoint that is missing',
    line('{"i":64,"at":9,"act":{"type":"heal"}}'),
    /the checkpoint before event 64 is missing/,
  ],
  ['a line that says nothing', line('{"i":0,"at":0}'), /says nothing/],
  ['a misspelt kind of line', line('{"i":0,"at":0,"nte":"x"}'), /unknown field "nte"; did you mean "note"\?/],
  [
    'an unknown act',
    line('{"i":0,"at":0,"act":{"type":"crsh","node":"N0"}}'),
    /2:\d+: unknown act "crsh"; did you mean "crash"\?/,
  ],
  ['an act by no name', line('{"i":0,"at":0,"act":{"type":["crash"]}}'), /unknown act \["crash"\]/],
  ['an unknown node', line('{"i":0,"at":0,"act":{"type":"crash","node":"N9"}}'), /2:44: unknown node "N9"/],
  [
    'an unknown field',
    line('{"i":0,"at":0,"act":{"type":"crash","node":"N0","byMs":5}}'),
    /2:\d+: unknown field "byMs"/,
  ],
  [
    'a partition that forgets',
    line('{"i":0,"at":0,"act":{"type":"partition","groups":[["N0"],["N1"]]}}'),
    /no group has N2/,
  ],
  [
    'a node in two groups',
    line('{"i":0,"at":0,"act":{"type":"partition","groups":[["N0","N1"],["N1","N2"]]}}'),
    /2:\d+: N1 stands in two groups/,
  ],
  [
    'an unknown behaviour',
    line('{"i":0,"at":0,"act":{"type":"traitor","node":"N0","behaviour":"lazy"}}'),
    /unknown behaviour "lazy"/,
  ],
  [
    'a word that is none',
    line('{"i":0,"at":0,"act":{"type":"traitor","node":"N0","behaviour":"scripted","says":["truth","lie"]}}'),
    /a word must be "truth", "nothing", or the message/,
  ],
  [
    'a word that never comes',
    line(
      '{"i":0,"at":0,"act":{"type":"traitor","node":"N0","behaviour":"scripted","says":["truth"],"lateMs":[1e300]}}',
    ),
    /a duration must be a whole number from 0 to/,
  ],
  ['a delay without end', line('{"i":0,"at":0,"act":{"type":"delay","byMs":1e300}}'), /byMs must be a whole number/],
  [
    'a run that is branched off again and again',
    bytesOf(header, ...Array(2).fill('{"i":0,"at":0,"branch":600000}')),
    /3:24: more than 1000000 events, all branches together/,
  ],
  ['two recordings in one', bytesOf(...whole, ...whole), /a second recording starts here/],
  ['a second header', bytesOf(header, header), /2:1: a second header/],
  ['a line after the end', bytesOf(...whole, act), /a line after the end/],
  ['a chain that is wrong', bytesOf(...good), /chain does not fit the lines above/],
];

for (const [name, content, expected] of cases) {
  test(`${name} is refused in one line, with its place`, () => refused(content, expected));
}

test('what is no ordinary file is refused without waiting', () => {
  const place = folder();
  const directory = join(place, 'directory');
  const pipe = join(place, 'pipe');
  const giant = join(place, 'giant');
  mkdirSync(directory);
  execFileSync('mkfifo', [pipe]);
  writeFileSync(giant, '{');
  truncateSync(giant, 33 * 1024 * 1024);
  assert.throws(() => readRecordingFile(directory), /this is a folder/);
  assert.throws(() => readRecordingFile(pipe), /a pipe, socket or device/);
  assert.throws(() => readRecordingFile('/dev/null'), /a pipe, socket or device/);
  assert.throws(() => readRecordingFile(giant), /at most 33554432 are read/);
  const loop = join(place, 'loop');
  symlinkSync(loop, loop);
  assert.throws(() => readRecordingFile(loop), /loop: the file is a link to itself$/, 'there is no line to speak of');
  assert.throws(() => readRecordingFile(join(place, 'none')), /none: there is no such file$/);
});

test('ten thousand random mutations lead to a recording or to a RecordingError', () => {
  const original = makeRecording();
  // a fixed sequence, so that a failure can be repeated
  let state = 12345;
  const random = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let round = 0; round < 10_000; round++) {
    const mutated = original.slice();
    for (let i = 0; i <= random(3); i++) mutated[random(mutated.length)] = random(256);
    try {
      readRecording(mutated, 'x.jsonl');
    } catch (error) {
      assert.ok(error instanceof RecordingError, `round ${round}: ${String(error)}`);
    }
  }
});
