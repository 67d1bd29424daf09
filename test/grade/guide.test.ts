/** The instructor's guide: its commands are run one after the other, as they stand there. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { assignmentShape } from '../../src/grade/assignment-shape.ts';
import { readCsv } from '../../src/grade/csv.ts';
import { outcomes } from '../../src/grade/outcome.ts';
import { parseYaml } from '../../src/scenario/yaml-document.ts';
import { built, handIn, needsBuild, root } from './course.ts';
import { folder } from './made.ts';

const guide = readFileSync(join(root, 'docs/instructors.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text]) => text as string);

/** the copy for Gradescope is made with git */
const skip = existsSync(join(root, '.git')) ? needsBuild : 'this is no git checkout';

test('from an empty folder to grades: every command of the guide does what it says', { skip }, async () => {
  const home = folder();
  symlinkSync(root, join(home, 'havoc'));
  mkdirSync(join(home, 'bin'));
  writeFileSync(join(home, 'bin/havoc'), `#!/bin/sh\nexec "${process.execPath}" "${built}" "$@"\n`);
  chmodSync(join(home, 'bin/havoc'), 0o755);
  await handIn(join(home, 'course-handed-in'));
  const [copy, ...others] = blocks('sh') as [string, ...string[]];
  const script = [copy, 'ln -s ../course-handed-in handed-in\n', ...others].join('\n');
  const env = { PATH: `${join(home, 'bin')}:${process.env.PATH}`, HOME: home };
  const { stdout, stderr } = spawnSync('sh', [], { cwd: home, env, input: script, encoding: 'utf8' });
  assert.doesNotMatch(stderr, /^(?!\d+ of \d+ graded).+/m, 'nothing but progress');
  assert.match(stdout, /^ada@example\.edu {2}both-wait {2}0 of 10 {2}\S+\nnot all goals met/m);
  const at = (name: string): string => readFileSync(join(home, 'course', name), 'utf8');
  assert.deepEqual(
    readCsv(at('grades.csv')).map((row) => [row[3], row[5]]),
    [
      ['SIS Login ID', 'Agreement (4711)'],
      ['', '50'],
      ['ada@example.edu', '50'],
      ['bob@example.edu', '0'],
      ['cyd@example.edu', '0'],
      ['dan@example.edu', ''],
    ],
  );
  assert.deepEqual(readCsv(at('moodle.csv'))[0], ['Email address', 'Agreement', 'Agreement feedback']);
  assert.match(at('class.html'), /one and the same recording/);
  for (const name of ['results.xml', 'results.json', 'autograder/setup.sh', 'autograder/havoc/package.json'])
    assert.ok(existsSync(join(home, 'course', name)), name);
});

test('the assignment that the guide explains is one', () => {
  for (const text of blocks('yaml'))
    assert.equal(assignmentShape.safeParse(parseYaml(text, 'guide').value).error, undefined);
});

test('the guide explains every outcome', () => {
  for (const name of Object.keys(outcomes)) assert.ok(guide.includes(name.split(',')[0] as string), name);
});
