/** What is exported is what happened, in the format's own terms, and never more than text. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import xterm from '@xterm/headless';
import fc from 'fast-check';
import { createCausality, extendCausality, happenedBefore } from '../../src/core/causality.ts';
import { castText } from '../../src/export/cast.ts';
import { framesOf } from '../../src/export/frames.ts';
import { htmlText } from '../../src/export/html.ts';
import { mermaidLabel, mermaidText } from '../../src/export/mermaid.ts';
import { shivizPattern, shivizText } from '../../src/export/shiviz.ts';
import type { Subject } from '../../src/export/subject.ts';
import { svgText } from '../../src/export/svg.ts';
import { traceJson } from '../../src/export/trace-json.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { folder, hostileSubject, presetSubject, recordPreset, recordRun, subjectIn, whole } from './made.ts';

const subjects = await Promise.all(
  [
    'partition-during-commit',
    'amnesiac-acceptor',
    'six-generals',
    'put-out-alive',
    'last-messenger',
    'raft-figure-8',
  ].map(presetSubject),
);
const named = (name: string): Subject =>
  subjects.find(({ world }) => world.scenario.name === name) ?? assert.fail(`no ${name}`);
const hostiles = await hostileSubject();

/** Every element is closed in order, every `&` is an entity, and no `<` stands in text. */
function assertWellFormed(markup: string, closed: readonly string[] = []): void {
  const open: string[] = [];
  const rest = markup.replace(/<(\/?)([a-zA-Z0-9]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g, (_, end, name, __, empty) => {
    if (end === '/') assert.equal(open.pop(), name);
    else if (empty === '' && !closed.includes(name)) open.push(name);
    return '';
  });
  assert.deepEqual(open, []);
  assert.doesNotMatch(rest.replace(/^<\?xml[^<>]*\?>/, '').replace(/^<!doctype html>/, ''), /</);
  assert.doesNotMatch(rest, /&(?!(?:amp|lt|gt|quot|#39);)/);
}
const assertHarmless = (text: string): void => {
  assert.doesNotMatch(text, /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  assert.doesNotMatch(text, /\p{M}{4}/u);
};

test('pictures and pages are well-formed, and nothing in them runs or is fetched', () => {
  for (const subject of [...subjects, hostiles]) {
    const svg = svgText(subject, whole(subject));
    const html = htmlText(subject, whole(subject));
    assertWellFormed(svg);
    assertWellFormed(html, ['meta']);
    for (const text of [svg, html]) {
      assertHarmless(text);
      assert.doesNotMatch(text, /<(script|iframe|img|object|embed|link|a|foreignObject)\b/i);
      assert.doesNotMatch(text, /<[^>]*\s(on\w+|href|src|style)=/i);
      assert.doesNotMatch(text.replaceAll('http://www.w3.org/2000/svg', ''), /https?:|url\(|@import/);
    }
  }
});

test('the check of markup catches a planted tag and an unescaped ampersand', () => {
  assert.throws(() => assertWellFormed('<svg><text>a<b</text></svg>'));
  assert.throws(() => assertWellFormed('<svg><g></svg></g>'));
  assert.throws(() => assertWellFormed('<svg>&nbsp;</svg>'));
  assert.throws(() => assertHarmless('a\u001b[2J'));
});

/** How often each kind of thing is drawn. */
const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

test('violations, crashes, lies, lost and held messages are marked in every picture', () => {
  const paxos = named('amnesiac-acceptor');
  const forms = (subject: Subject) => [
    svgText(subject, whole(subject)),
    htmlText(subject, whole(subject)),
    mermaidText(subject, whole(subject)),
    shivizText(subject),
  ];
  for (const text of forms(paxos)) {
    assert.match(text, /violated(:|#58;)? paxos\/one-chosen/i);
    assert.match(text, /crash/);
    assert.match(text, /partition/);
    assert.match(text, /held/);
  }
  for (const text of forms(named('six-generals'))) assert.match(text, /‡|LIE/);
  for (const text of forms(named('last-messenger'))) assert.match(text, /lost|dropped/);
  const svg = svgText(paxos, whole(paxos));
  const violated = paxos.trace.reduce((sum, event) => sum + event.violated.length, 0);
  assert.equal(count(svg, /class="alert"/g), violated);
  const deliveries = paxos.trace.filter(
    ({ choice, message, fates }) => choice.type === 'deliver' && fates.every(({ id }) => id !== message?.id),
  ).length;
  assert.equal(count(mermaidText(paxos, whole(paxos)), /->>/g), deliveries);
});

test('a picture of some nodes and events has no others', () => {
  const subject = named('raft-figure-8');
  const part = { nodes: [0, 2], from: 10, to: 40 };
  const mermaid = mermaidText(subject, part);
  assert.match(mermaid, /participant n0 .*\n\s*participant n2 /);
  assert.doesNotMatch(mermaid, /\bn[1345678]\b/);
  const shown = [...svgText(subject, part).matchAll(/<title>#(\d+) /g)].map(([, index]) => Number(index));
  assert.ok(shown.length > 5 && shown.every((index) => index >= 10 && index <= 40), shown.join(' '));
});

const statement = /^(sequenceDiagram|participant n\d+ as .+|Note over n\d+(,n\d+)?: .+|n\d+(->>|-x|--\))n\d+: .+|)$/u;
const labelOf = (line: string): string => line.replace(/^.*?(: | as )/u, '');

test('every line for Mermaid is one statement, whatever the words are', () => {
  for (const subject of [...subjects, hostiles]) {
    for (const line of mermaidText(subject, whole(subject))
      .split('\n')
      .map((each) => each.trim())) {
      assert.match(line, statement);
      if (line.includes(': ')) assert.doesNotMatch(labelOf(line).replace(/#\d+;/g, ''), /[;#%<>{}"':\\[\]]|\bend\b/i);
    }
  }
});

test('a label for Mermaid is text alone', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('end', 'the END', 'a;b', 'x%%y')), (text) => {
      const label = mermaidLabel(text);
      assert.match(label, /^(?:[\p{L}\p{N} _.,()=/+!-]|#\d+;)*$/u);
      assert.doesNotMatch(label, /\bend\b/i);
      const decoded = label.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
      if (text.length <= 80) assert.equal(decoded, text.toWellFormed() === text ? text : decoded);
    }),
  );
});

interface LogLine {
  readonly host: string;
  readonly clock: Readonly<Record<string, number>>;
  readonly event: string;
}
function readShiviz(text: string): LogLine[] {
  const [pattern, delimiter, ...lines] = text.trimEnd().split('\n');
  assert.equal(pattern, shivizPattern);
  assert.equal(delimiter, '');
  return lines.map((line) => {
    const { host, clock, event } = new RegExp(`^${pattern}$`, 'u').exec(line)?.groups ?? assert.fail(line);
    return { host: host as string, clock: JSON.parse(clock as string), event: event as string };
  });
}

test('in a log for ShiViz the events of a host are numbered from 1, and a clock names only what was written before', () => {
  for (const subject of [...subjects, hostiles]) {
    const seen: Record<string, number> = {};
    for (const { host, clock } of readShiviz(shivizText(subject))) {
      assert.equal(clock[host], (seen[host] ?? 0) + 1);
      seen[host] = clock[host] as number;
      for (const [other, number] of Object.entries(clock)) assert.ok(number <= (seen[other] ?? 0));
    }
  }
});

test('a log for ShiViz orders events as the clocks of the run do', () => {
  for (const subject of [named('partition-during-commit'), named('last-messenger'), named('six-generals')]) {
    const { trace, world } = subject;
    const lines = readShiviz(shivizText(subject)).filter(({ event }) => !/^sends /.test(event));
    assert.equal(lines.length, trace.length);
    const causality = extendCausality(createCausality(world.indexOf), trace);
    const steps = trace.filter(({ choice }) => ['deliver', 'fire', 'input'].includes(choice.type)).slice(0, 60);
    let ordered = 0;
    for (const a of steps) {
      for (const b of steps) {
        if (a === b) continue;
        const [first, second] = [lines[a.index] as LogLine, lines[b.index] as LogLine];
        const before = (second.clock[first.host] ?? 0) >= (first.clock[first.host] as number);
        assert.equal(before, happenedBefore(causality, a, b), `${a.index} and ${b.index}`);
        if (before) ordered += 1;
      }
    }
    assert.ok(ordered > 3);
  }
});

test('the data are the events and the report, and every field is documented', () => {
  const documented = readFileSync(new URL('../../docs/exports.md', import.meta.url), 'utf8');
  for (const subject of subjects) {
    const data = JSON.parse([...traceJson(subject)].join(''));
    assert.deepEqual([data.format, data.version, data.events.length], ['havoc-trace', 1, subject.trace.length]);
    assert.equal(data.report.digest, subject.report.digest);
    const { sends, fates, message, ...event } = data.events[5];
    const original = subject.trace[5] as unknown as Record<string, unknown>;
    for (const [field, value] of Object.entries(event)) assert.deepEqual(value, original[field], field);
    const messages = data.events.flatMap((each: { sends: object[] }) => each.sends);
    const fields = [data, data.recording, data.events[5], ...messages].flatMap((each) => Object.keys(each));
    for (const field of new Set(fields)) assert.ok(documented.includes(`\`${field}\``), `${field} is not documented`);
    assert.deepEqual([sends.length, fates.length], [subject.trace[5]?.sends.length, subject.trace[5]?.fates.length]);
  }
});

const size = { columns: 80, rows: 24, speed: 0.1 };
async function castOf(name: string): Promise<{ lines: string[]; last: string[] }> {
  const file = join(folder(), 'run.jsonl');
  const protocol = await recordPreset(file, name);
  const subject = subjectIn(file, protocol);
  const lines: string[] = [];
  let last: readonly string[] = [];
  async function* watched() {
    for await (const frame of framesOf(subject.recording, protocol, size)) {
      last = frame.lines;
      yield frame;
    }
  }
  for await (const line of castText(subject.world, watched(), size)) lines.push(line);
  return { lines, last: last.map((line) => line.replace(/\u001b\[[\d;]*m/g, '').trimEnd()) };
}

test('a cast, played in a terminal, ends with the screen of the end; its time is the run’s; made again it is the same', async () => {
  const { lines, last } = await castOf('partition-during-commit');
  const [header, ...events] = lines.map((line) => JSON.parse(line));
  assert.deepEqual([header.version, header.width, header.height], [2, 80, 24]);
  const terminal = new xterm.Terminal({ cols: 80, rows: 24, allowProposedApi: true });
  let before = 0;
  for (const [seconds, kind, output] of events) {
    assert.ok(kind === 'o' && seconds >= before);
    before = seconds;
    await new Promise<void>((resolve) => terminal.write(output, resolve));
  }
  assert.equal(before, 51.18, '5,118 virtual ms, ten times as slow');
  const screen = last.map((_, i) => terminal.buffer.active.getLine(i)?.translateToString(true).trimEnd());
  assert.deepEqual(screen, last);
  assert.ok(last.some((line) => line.includes('termination')));
  assert.deepEqual((await castOf('partition-during-commit')).lines, lines);
});

test('of a run that went back, what it went back over is not exported', async () => {
  const { scenario, protocol } = await loadScenario('one-proposer');
  const file = join(folder(), 'run.jsonl');
  const session = await recordRun(file, scenario, protocol, async (live) => {
    for (let i = 0; i < 14; i++) await live.step();
    await live.branch(9);
    await live.act({ type: 'crash', node: 'A1' });
  });
  const { trace } = subjectIn(file, protocol);
  assert.ok(trace.length > 12 && trace.every(({ index }, i) => index === i));
  assert.deepEqual(
    trace.map(({ choice, lamport }) => [choice, lamport]),
    session.trace.map(({ choice, lamport }) => [choice, lamport]),
  );
  assert.deepEqual(trace[9]?.choice, { type: 'crash', node: 'A1' });
});
