/** Assignments: mistakes in them are told with their place, and editors know their shape. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readAssignment } from '../../src/grade/assignment.ts';
import { assignmentSchemaText } from '../../src/grade/assignment-shape.ts';
import { loadTasks } from '../../src/grade/task.ts';
import { challengeFile, folder } from './made.ts';

const mistakeIn = (text: string): string => {
  try {
    readAssignment(text, 'week3.yaml');
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
};

test('a mistake is told with its place and what would be right', () => {
  const cases: readonly [string, string][] = [
    ['', 'week3.yaml:1:1: an assignment is a mapping: `title: ...`, `challenges: [...]`'],
    ['title: A\n', 'week3.yaml:1:1: `challenges` is missing'],
    ['title: A\nchalenges: []\n', 'week3.yaml:1:1: `challenges` is missing'],
    ['title: A\nchallenges: []\n', 'week3.yaml:2:13: `challenges` is empty'],
    [
      'title: A\nchallenges: [x]\n',
      'week3.yaml:2:14: entry 1 of `challenges` is `x`, but must be a mapping, such as { challenge: NAME, points: 10 }',
    ],
    [
      'title: A\nchallenges:\n  - { challenge: x, point: 1 }\n',
      'week3.yaml:3:21: unknown key `point`; did you mean points?',
    ],
    [
      'title: A\nchallenges:\n  - { challenge: x, points: -1 }\n',
      'week3.yaml:3:29: `points` is -1, but must be 0 or more',
    ],
    [
      'title: A\nchallenges:\n  - { challenge: x, points: ten }\n',
      'week3.yaml:3:29: `points` is `ten`, but must be a number',
    ],
    [
      'title: A\nchallenges:\n  - { challenge: x, id: ../x }\n',
      'week3.yaml:3:25: `id` is `../x`, but must be letters, digits, dots, dashes and underscores',
    ],
    [
      'title: A\ndue: tomorrow\nchallenges:\n  - { challenge: x }\n',
      'week3.yaml:2:6: `due` is `tomorrow`, but must be an instant with its offset, such as 2026-10-01T23:59:00Z',
    ],
    [
      'title: A\ndue: 2026-13-01T00:00:00Z\nchallenges:\n  - { challenge: x }\n',
      'week3.yaml:2:6: there is no such instant as `2026-13-01T00:00:00Z`',
    ],
    [
      'title: A\nchallenges:\n  - { challenge: x }\n  - { challenge: x }\n',
      'week3.yaml:4:18: `x` is entry 1 already; give one of them an `id` of its own',
    ],
    ['title: 7\nchallenges:\n  - { challenge: x }\n', 'week3.yaml:1:8: `title` is `7`, but must be text'],
  ];
  for (const [text, message] of cases) assert.equal(mistakeIn(text), message);
});

test('a challenge that does not exist, or is none, is a mistake of the assignment', async () => {
  const file = join(folder(), 'week3.yaml');
  const attempt = async (challenge: string): Promise<string> => {
    writeFileSync(file, `title: A\nchallenges:\n  - { challenge: ${challenge} }\n`);
    return loadTasks(file).then(
      () => 'none',
      (error: Error) => error.message,
    );
  };
  assert.match(await attempt('four-votes'), /week3\.yaml:3:18: `four-votes` is no challenge: it has no `challenge:`/);
  assert.match(await attempt('block-tow'), /week3\.yaml:3:18: `block-tow`: there is no preset/);
  assert.match(await attempt('./gone.yaml'), /week3\.yaml:3:18: .*there is no such file/);
});

test('paths start at the assignment, and its points and salt stand above those of the challenge', async () => {
  const file = join(folder(), 'week3.yaml');
  writeFileSync(
    file,
    `title: A\nsalt: s\nchallenges:\n  - { challenge: ${challengeFile('own-instance')}, id: mine, points: 3 }\n`,
  );
  const { tasks, title } = await loadTasks(file);
  assert.equal(title, 'A');
  assert.deepEqual(
    tasks.map(({ id, salt, challenge }) => [id, salt, challenge.points]),
    [['mine', 's', 3]],
  );
});

test('the schema for editors is the one that is read by', () => {
  const file = new URL('../../assignment.schema.json', import.meta.url);
  assert.equal(readFileSync(file, 'utf8'), assignmentSchemaText(), 'npm run docs');
});
