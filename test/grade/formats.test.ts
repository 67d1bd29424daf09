/** Each format has the fields that its reader's documentation names, and no text from outside can break out of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvText, readCsv } from '../../src/grade/csv.ts';
import { githubOf } from '../../src/grade/formats/github.ts';
import { gradebookOf, type Roster, strangersTo } from '../../src/grade/formats/gradebook.ts';
import { gradescopeOf } from '../../src/grade/formats/gradescope.ts';
import { classReportHtml } from '../../src/grade/formats/html.ts';
import { jsonOf } from '../../src/grade/formats/json.ts';
import { junitOf } from '../../src/grade/formats/junit.ts';
import { prairielearnOf } from '../../src/grade/formats/prairielearn.ts';
import { textOf } from '../../src/grade/formats/text.ts';
import type { Row } from '../../src/grade/results.ts';
import { resultsOf } from '../../src/grade/results.ts';
import { aClass, gradeOf, hostile, oneStudent, tasks } from './sample.ts';

type Fields = Record<string, unknown>;
const only = (): Row => oneStudent().rows[0] as Row;
const onlyKeys = (fields: Fields, known: readonly string[]): void =>
  assert.deepEqual(
    Object.keys(fields).filter((key) => !known.includes(key)),
    [],
  );
/** what a terminal, a browser or a log could be moved by */
const isTame = (text: string): boolean => !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/.test(text);

test('gradescope: only fields of its specification, of the right kinds', () => {
  const results = JSON.parse(gradescopeOf(only(), 'after_due_date', ['late'])) as Fields;
  onlyKeys(results, [
    'score',
    'execution_time',
    'output',
    'output_format',
    'test_output_format',
    'test_name_format',
    'visibility',
    'stdout_visibility',
    'extra_data',
    'tests',
    'leaderboard',
  ]);
  assert.equal(results.score, 12);
  assert.equal(results.output_format, 'text');
  assert.equal(results.visibility, 'after_due_date');
  assert.match(results.output as string, /^late\n12 of 15 points/);
  for (const each of results.tests as Fields[]) {
    onlyKeys(each, [
      'score',
      'max_score',
      'status',
      'name',
      'name_format',
      'number',
      'output',
      'output_format',
      'tags',
      'visibility',
      'extra_data',
    ]);
    assert.ok(each.status === 'passed' || each.status === 'failed');
    assert.equal(each.output_format, 'text');
    assert.equal(typeof each.number, 'string');
    assert.ok(isTame(each.output as string), 'what a file says is shown, not obeyed');
  }
  const scores = (results.tests as Fields[]).flatMap(({ score }) => (typeof score === 'number' ? [score] : []));
  assert.equal(
    scores.reduce((sum, score) => sum + score, 0),
    results.score,
    'the tests add up to the score',
  );
  assert.equal('execution_time' in results, false, 'a time would make every grading another one');
});

test('junit: well-formed, counted, and each outcome in its place', () => {
  const xml = junitOf(oneStudent(), () => ['agreement violated']);
  const elements = parseXml(xml);
  const [root] = elements;
  assert.equal(root?.name, 'testsuites');
  const suites = elements.filter(({ name }) => name === 'testsuite');
  assert.deepEqual(
    suites.map(({ attributes: { tests, failures, errors, skipped } }) => [tests, failures, errors, skipped]),
    [
      ['4', '0', '0', '0'],
      ['2', '0', '1', '1'],
    ],
  );
  const values = elements
    .filter(({ name }) => name === 'property')
    .map(({ attributes }) => `${attributes.name}=${attributes.value}`);
  assert.ok(values.includes('points=12') && values.includes('pointsMax=10') && values.includes('outcome=unreadable'));
  assert.equal(elements.filter(({ name }) => name === 'script').length, 0);
  assert.ok(isTame(xml));
  const unmet = resultsOf(tasks, [gradeOf('ada', 'block-two', 'not met')], []);
  assert.equal(parseXml(junitOf(unmet, () => [])).filter(({ name }) => name === 'failure').length, 1);
});

test('the reader of XML in these tests sees what is not well-formed', () => {
  for (const bad of ['<a><b></a>', '<a>', '<a x=1/>', '<a>\u0007</a>', '<a>&nope;</a>', '<a>]]></a>'])
    assert.throws(() => parseXml(bad), bad);
});

test('github: a runner for each challenge with one test, as base64', () => {
  const lines = githubOf(only()).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => line.slice(0, line.indexOf('='))),
    ['block-two', 'never-both'],
  );
  const runners = lines.map((line) => {
    const encoded = line.slice(line.indexOf('=') + 1);
    assert.match(encoded, /^[A-Za-z0-9+/]+=*$/, 'one line, whatever stands in it');
    return JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as { tests: Fields[] } & Fields;
  });
  for (const runner of runners) {
    onlyKeys(runner, ['version', 'status', 'max_score', 'tests']);
    assert.ok(['pass', 'fail', 'error'].includes(runner.status as string));
    assert.equal(runner.tests.length, 1, 'the console shows passed tests divided by all, the sum adds up scores');
    for (const each of runner.tests)
      onlyKeys(each, ['name', 'status', 'score', 'message', 'line_no', 'test_code', 'filename', 'duration']);
  }
  assert.deepEqual(
    runners.map(({ status }) => status),
    ['pass', 'error'],
  );
  const alone = resultsOf({ ...tasks, tasks: tasks.tasks.slice(0, 1) }, [gradeOf('ada', 'block-two', 'not met')], []);
  const { status } = JSON.parse(Buffer.from(githubOf(alone.rows[0] as Row), 'base64').toString()) as Fields;
  assert.equal(status, 'fail', 'of a challenge alone it is the base64 and nothing else');
});

test('prairielearn: a score from 0 to 1, at most 1 MB, and what cannot be graded is no attempt', () => {
  const results = JSON.parse(prairielearnOf(only())) as Fields;
  onlyKeys(results, ['gradable', 'score', 'message', 'output', 'images', 'tests', 'format_errors']);
  assert.equal(results.score, 12 / 15);
  for (const each of results.tests as Fields[])
    onlyKeys(each, ['name', 'description', 'points', 'max_points', 'message', 'output', 'images']);
  const corrupt = resultsOf(
    { ...tasks, tasks: tasks.tasks.slice(0, 1) },
    [gradeOf('ada', 'block-two', 'unreadable')],
    [],
  );
  const refused = JSON.parse(prairielearnOf(corrupt.rows[0] as Row)) as Fields;
  assert.deepEqual(Object.keys(refused), ['gradable', 'format_errors']);
  assert.equal(refused.gradable, false);
  const wordy = Array.from({ length: 3 }, (_, event) => ({ event, title: 'x', lines: ['x'.repeat(500_000)] }));
  const long = resultsOf(tasks, [gradeOf('ada', 'block-two', 'met', { excerpts: wordy })], []);
  assert.ok(Buffer.byteLength(prairielearnOf(long.rows[0] as Row)) <= 1_000_000);
});

const canvas: Roster = {
  columns: ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', 'Week 3 (4711)', 'Current Score'],
  people: [
    ['Lovelace, Ada', '1', 'S1', 'ADA', 'A', '', '90'],
    ['Babbage, Bob', '2', 'S2', 'bob', 'A', '', '80'],
    ['Cyd', '3', 'S3', 'cyd', 'B', '', '70'],
    ['Dan', '4', 'S4', 'dan', 'B', '', '60'],
  ],
};

test('canvas: its own export comes back with the grades, found by any of its names', () => {
  const rows = readCsv(gradebookOf(aClass(), 'canvas', canvas));
  assert.deepEqual(rows, [
    ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', 'Week 3 (4711)'],
    ['    Points Possible', '', '', '', '', '15'],
    ['Lovelace, Ada', '1', 'S1', 'ADA', 'A', '10'],
    ['Babbage, Bob', '2', 'S2', 'bob', 'A', '10'],
    ['Cyd', '3', 'S3', 'cyd', 'B', ''],
    ['Dan', '4', 'S4', 'dan', 'B', ''],
  ]);
  assert.deepEqual(strangersTo(aClass(), canvas), [hostile]);
  const alone = readCsv(gradebookOf(aClass(), 'canvas', null));
  assert.match(alone[2]?.[3] ?? '', /^'=HYPERLINK/, 'what could be a formula has an apostrophe before it');
  assert.ok(!gradebookOf(aClass(), 'canvas', null).includes('\u001b'), 'what moves a cursor is shown');
});

test('moodle: number or address, grade and feedback together', () => {
  const [head, , , ...rest] = readCsv(gradebookOf(aClass(), 'moodle', null));
  assert.deepEqual(head, ['ID number', 'Week 3', 'Week 3 feedback']);
  assert.equal(rest.length, 2);
  const roster: Roster = {
    columns: ['First name', 'Last name', 'ID number', 'Email address'],
    people: [['Ada', 'L', 'ada', 'a@x']],
  };
  const [, ada] = readCsv(gradebookOf(aClass(), 'moodle', roster));
  assert.deepEqual(ada?.slice(0, 5), ['Ada', 'L', 'ada', 'a@x', '10']);
  assert.match(ada?.[5] ?? '', /^block-two: 10 of 10: all goals met/);
});

test('the class report is one page that asks for nothing and executes nothing', () => {
  const html = classReportHtml(aClass());
  assert.doesNotMatch(html, /<script|<img|<link|<iframe|\son\w+=|src=|href=|url\(|@import/i);
  assert.match(html, /default-src 'none'/);
  assert.ok(isTame(html));
  assert.match(html, /0 of 1<\/td><td>1 × P1 waits for C/, 'how many met a goal, and why the others did not');
  assert.match(html, /the same 4 acts at the same times: ada .* bob/);
  assert.match(html, /cyd/);
});

test('text: of one student everything, of a class a line each, and never a control character', () => {
  assert.match(textOf(oneStudent()), /^ada {2}block-two {2}12 of 10/);
  assert.match(textOf(oneStudent()), /event 57: P1 blocked at the end\n {8}C {4}P1/);
  const text = textOf(aClass());
  assert.match(text, /^block-two: met by 2 of 4$/m);
  assert.match(text, /^alike, block-two: the same 4 acts at the same times/m);
  assert.ok(isTame(text) && isTame(textOf(oneStudent())));
});

test('json: everything, and it survives being read', () => {
  assert.ok(isTame(jsonOf(aClass())));
  assert.deepEqual(JSON.parse(jsonOf(aClass())), JSON.parse(JSON.stringify(aClass())));
});

test('the table writer and the formats agree on what a formula is', () => {
  assert.ok(csvText([[hostile]]).startsWith('"\'='));
});

interface XmlElement {
  readonly name: string;
  readonly attributes: Record<string, string>;
}

/** Elements in document order. Throws for what is not well-formed; knows no namespaces, entities or doctypes. */
function parseXml(xml: string): XmlElement[] {
  const found: XmlElement[] = [];
  const open: string[] = [];
  const token =
    /<!\[CDATA\[[\s\S]*?\]\]>|<\?xml [^>]*\?>|<\/([\w-]+)>|<([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
  assert.doesNotMatch(xml, /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u);
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex;
    const match = token.exec(xml);
    assert.ok(match !== null, `not XML at ${at}: ${xml.slice(at, at + 40)}`);
    const [, closed, name, attributes = '', empty, text] = match;
    if (text !== undefined) {
      assert.doesNotMatch(text.replaceAll(/&(amp|lt|gt|quot|#39);/g, ''), /&|\]\]>/);
      continue;
    }
    if (closed !== undefined) assert.equal(open.pop(), closed);
    if (name === undefined) continue;
    const pairs = [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(
      ([, key, value]) => [key, value] as [string, string],
    );
    found.push({ name, attributes: Object.fromEntries(pairs) });
    if (empty === '') open.push(name);
  }
  assert.deepEqual(open, []);
  return found;
}
