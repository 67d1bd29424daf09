/** `havoc grade` as scripts and course systems meet it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { GradeOptions } from '../../src/cli/grade.ts';
import { gradeBatch } from '../../src/cli/grade-batch.ts';
import { instruments } from '../../src/cli/grade-instruments.ts';
import { runGrade } from '../../src/cli/grade-run.ts';
import { gradeFormats } from '../../src/grade/formats/names.ts';
import { gradeRecording } from '../../src/grade/grade-recording.ts';
import { loadTasks } from '../../src/grade/task.ts';
import { havoc, program } from '../fixtures/program.ts';
import { challengeFile, folder, record } from './made.ts';

const challenge = challengeFile('block-two');

test('a solution exits 0, and shows where it was decided', async () => {
  const place = folder();
  await record(join(place, 'mine.jsonl'));
  const { code, stdout, stderr } = await havoc(['grade', challenge, 'mine.jsonl'], { cwd: place });
  assert.equal(stderr, '');
  assert.equal(code, 0);
  assert.match(stdout, /^block-two {2}12 of 10 {2}mine\.jsonl\nall goals met: P1 waits for /);
  assert.match(stdout, /^ {2}event \d+: P1 and P2 blocked at the end$/m);
  assert.match(stdout, /^ {2}› {3}7 .*crash/m);
});

const usually: GradeOptions = { format: 'text', json: false, csv: 'canvas', visibility: 'visible' };

test('every format is written as a whole, and twice the same', async () => {
  const place = folder();
  await record(join(place, 'ada-block-two.jsonl'), { script: [] });
  const texts = async (): Promise<string[]> => {
    const out = folder();
    for (const format of gradeFormats)
      assert.equal(
        await runGrade(challenge, [place], {
          ...usually,
          format,
          out: join(out, format),
          report: join(out, 'class.html'),
        }),
        1,
      );
    assert.deepEqual(readdirSync(out).sort(), [...gradeFormats, 'class.html'].sort(), 'nothing is left beside them');
    return readdirSync(out).map((name) => readFileSync(join(out, name), 'utf8'));
  };
  assert.deepEqual(await texts(), await texts());
});

test('a link is written through, and stays a link', async () => {
  const place = folder();
  await record(join(place, 'ada-block-two.jsonl'));
  writeFileSync(join(place, 'real.csv'), 'old');
  symlinkSync(join(place, 'real.csv'), join(place, 'link.csv'));
  await runGrade(challenge, [place], { ...usually, format: 'csv', out: join(place, 'link.csv') });
  assert.ok(lstatSync(join(place, 'link.csv')).isSymbolicLink(), 'as /dev/stdout is one');
  assert.match(readFileSync(join(place, 'real.csv'), 'utf8'), /^Student,/);
});

test('what cannot be written or found is said in one line', async () => {
  const place = folder();
  await record(join(place, 'ada-block-two.jsonl'));
  await record(join(place, 'bob-block-two.jsonl'));
  const at = (name: string): string => join(place, name);
  mkdirSync(at('sub'));
  writeFileSync(at('list.csv'), 'Name\nAda\n');
  writeFileSync(at('meta.json'), '{"users":[]}');
  const cases: readonly [string, Partial<GradeOptions>, RegExp][] = [
    [
      'ada-block-two.jsonl',
      { out: at('gone/x') },
      /gone\/x: cannot be written: its folder does not exist; make it first$/,
    ],
    ['ada-block-two.jsonl', { out: at('sub') }, /sub: this is a folder; name a file in it$/],
    [
      'bob-block-two.jsonl',
      { out: at('bob-block-two.jsonl') },
      /bob-block-two\.jsonl is read, and would be written over/,
    ],
    ['.', { report: at('ada-block-two.jsonl') }, /ada-block-two\.jsonl is read, and would be written over/],
    ['.', { out: at('x'), report: at('x') }, /x would be written twice/],
    ['gone.jsonl', {}, /gone\.jsonl: there is no such file or folder$/],
    ['sub', {}, /sub: no recording \(\*\.jsonl\) is in there$/],
    [
      '.',
      { format: 'gradescope' },
      /^--format gradescope is for one student, and there are 3; say whose they are with --student$/,
    ],
    ['.', { roster: at('list.csv') }, /list\.csv:1:1: no column names the student; expected one of ID, /],
    ['.', { metadata: at('meta.json'), student: 'ada' }, /^--student and --metadata both say whose it is/],
    ['.', { metadata: at('meta.json') }, /meta\.json:1:1: it names no student/],
  ];
  for (const [name, options, words] of cases) {
    await assert.rejects(runGrade(challenge, [at(name)], { ...usually, ...options }), (error: Error) => {
      assert.match(error.message, words);
      return error.message.split('\n').length === 1;
    });
  }
  const { code, stdout, stderr } = await havoc(['grade', challenge, '.', '--format', 'exel'], { cwd: place });
  assert.deepEqual([code, stdout], [64, '']);
  assert.match(stderr, /^error: .*'exel' is invalid.*\n$/);
});

test('a reader that goes away is no failure', async () => {
  const place = folder();
  await record(join(place, 'mine.jsonl'));
  const child = spawn(process.execPath, [program, 'grade', challenge, 'mine.jsonl'], { cwd: place });
  child.stdout.destroy();
  let said = '';
  child.stderr.on('data', (data) => {
    said += data;
  });
  await new Promise((resolve) => child.on('exit', resolve));
  assert.equal(said, '');
});

test('whose it is comes from the metadata, for each member of a group, and lateness is said', async () => {
  const place = folder();
  const assignment = join(place, 'week.yaml');
  writeFileSync(
    assignment,
    `title: Week\nsalt: s\ndue: 2026-10-01T12:00:00Z\nchallenges:\n  - { challenge: ${challengeFile('own-instance')} }\n`,
  );
  const { instanceSeed } = await import('../../src/core/instance.ts');
  mkdirSync(join(place, 'submission'));
  await record(join(place, 'submission', 'x.jsonl'), {
    challenge: 'own-instance',
    seed: instanceSeed('s', 'own-instance', 'bob@x.edu'),
    script: [],
  });
  const users = ['ada@x.edu', 'bob@x.edu'].map((email, id) => ({ email, id, name: email }));
  writeFileSync(join(place, 'meta.json'), JSON.stringify({ users, created_at: '2026-10-01T15:30:00.123456-00:00' }));
  const { stdout, code } = await havoc(
    ['grade', assignment, 'submission', '--metadata', 'meta.json', '--format', 'gradescope'],
    { cwd: place },
  );
  assert.equal(code, 1);
  const results = JSON.parse(stdout) as { output: string; tests: { tags?: string[] }[] };
  assert.match(results.output, /^handed in 3 h 31 min after it was due\n/);
  assert.deepEqual(results.tests[0]?.tags, ['not met'], "bob's instance is the group's");
});

test('a thread that hangs or dies is a row, and another one takes its place', async () => {
  const machine = new URL('../../machines/two-phase-commit.ts', import.meta.url).href;
  const ways = [
    ['for (;;) {}', 400, /it took more than 0\.4 s$/],
    ['process.exit(7)', 30_000, /its thread ended$/],
  ] as const;
  for (const [way, longestMs, words] of ways) {
    const place = folder();
    const file = await record(join(place, 'r.jsonl'));
    const text = readFileSync(challenge, 'utf8').replace('two-phase-commit', './mine.mjs');
    writeFileSync(join(place, 'own.yaml'), text);
    const source = [
      "import { isMainThread } from 'node:worker_threads';",
      `if (!isMainThread) ${way}`,
      `export { default } from ${JSON.stringify(machine)};`,
    ];
    writeFileSync(join(place, 'mine.mjs'), source.join('\n'));
    const submissions = [1, 2].map(() => ({ file, student: 'x', challenge: null }));
    const options = { briefing: { target: join(place, 'own.yaml') }, threads: 1, longestMs };
    for (const { outcome, why } of await gradeBatch(submissions, options)) {
      assert.equal(outcome, 'unknown');
      assert.match(why, words);
    }
  }
});

test('threads give what one process gives, in order, and one bad file is one row', async () => {
  const place = folder();
  const scripts = [[], [[7, { type: 'crash', node: 'C' }]], [[3, { type: 'crash', node: 'P1' }]]] as const;
  const files: string[] = [];
  for (const [i, script] of [...scripts, ...scripts, ...scripts].entries())
    files.push(await record(join(place, `s${i}-block-two.jsonl`), { script }));
  writeFileSync(join(place, 'bad-block-two.jsonl'), '{"format":"havoc-recording"');
  files.splice(4, 0, join(place, 'bad-block-two.jsonl'));
  const submissions = files.map((file) => ({ file, student: 'x', challenge: null }));
  const done: number[] = [];
  const grades = await gradeBatch(submissions, {
    briefing: { target: challenge },
    threads: 2,
    onProgress: (n) => done.push(n),
  });
  const { tasks } = await loadTasks(challenge);
  const here = [];
  for (const submission of submissions) here.push(await gradeRecording(submission, tasks, instruments()));
  assert.deepEqual(grades, here);
  assert.equal(grades[4]?.outcome, 'unreadable');
  assert.deepEqual(
    done,
    files.map((_, i) => i + 1),
  );
});
