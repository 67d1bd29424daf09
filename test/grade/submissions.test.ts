/** Who handed in what, by the names of folders and files. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { findSubmissions } from '../../src/grade/submissions.ts';
import { folder } from './made.ts';

const challenges = ['two', 'block-two', 'never'];

function tree(...files: string[]): string {
  const root = folder();
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '');
  }
  return root;
}

const found = (root: string, options: { student?: string; studentFrom?: RegExp } = {}) =>
  findSubmissions([root], { challenges, ...options }).submissions.map(({ file, student, challenge }) => [
    relative(root, file),
    student,
    challenge,
  ]);

test('a folder in the folder is a student, whatever lies how deep in it', () => {
  const root = tree('ada/x.jsonl', 'ada/deep/er/two.jsonl', 'bob/notes.txt', '.git/x.jsonl');
  assert.deepEqual(found(root), [
    ['ada/deep/er/two.jsonl', 'ada', 'two'],
    ['ada/x.jsonl', 'ada', null],
  ]);
  assert.deepEqual(findSubmissions([root], { challenges }).students, ['ada', 'bob'], 'bob has handed in nothing');
});

test("a file's name is the student and the challenge; the longest challenge that fits", () => {
  const root = tree(
    'ada-block-two.jsonl',
    'mary-ann-never.havoc.jsonl',
    'bob_two.jsonl',
    'two.jsonl',
    'whatever.jsonl',
  );
  assert.deepEqual(found(root), [
    ['ada-block-two.jsonl', 'ada', 'block-two'],
    ['bob_two.jsonl', 'bob', 'two'],
    ['mary-ann-never.havoc.jsonl', 'mary-ann', 'never'],
    ['two.jsonl', null, 'two'],
    ['whatever.jsonl', null, null],
  ]);
});

test('a pattern finds the student in names that a course system has made', () => {
  const root = tree('lovelaceada_LATE_4711_99_two.jsonl', 'babbage_4712_98_block-two-1.jsonl', 'odd.jsonl');
  assert.deepEqual(found(root, { studentFrom: /^[a-z]+_(?:LATE_)?(\d+)_/u }), [
    ['babbage_4712_98_block-two-1.jsonl', '4712', null],
    ['lovelaceada_LATE_4711_99_two.jsonl', '4711', 'two'],
    ['odd.jsonl', null, null],
  ]);
});

test('what --student says stands above every name', () => {
  const root = tree('ada/two.jsonl', 'bob-two.jsonl');
  assert.deepEqual(
    found(root, { student: 'cyd' }).map(([, student]) => student),
    ['cyd', 'cyd'],
  );
});

test('a link is not followed into another folder', () => {
  const root = tree('ada/two.jsonl');
  symlinkSync(join(root, 'ada'), join(root, 'bob'));
  assert.deepEqual(
    found(root).map(([file]) => file),
    ['ada/two.jsonl'],
  );
});

test('what is not there is named', () => {
  assert.deepEqual(findSubmissions(['/nowhere/x.jsonl'], { challenges }).missing, ['/nowhere/x.jsonl']);
});

test('a link to itself is handed in as a file, and whoever reads it says what is wrong', () => {
  const root = tree('bob.jsonl');
  symlinkSync('loop.jsonl', join(root, 'loop.jsonl'));
  const { submissions, missing } = findSubmissions([join(root, 'loop.jsonl'), join(root, 'gone.jsonl')], {
    challenges,
  });
  assert.deepEqual(
    submissions.map(({ file }) => relative(root, file)),
    ['loop.jsonl'],
  );
  assert.deepEqual(missing, [join(root, 'gone.jsonl')]);
});
