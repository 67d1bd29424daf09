/** The ready folders, called as the systems call them: the same places, the same environment. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { course, needsBuild, root, solveAll } from './course.ts';
import { folder } from './made.ts';

const node = `${join(process.execPath, '..')}:${process.env.PATH}`;

/** `/autograder`, as Gradescope lays it out, with this folder as the copy of havoc in it. */
async function autograder(): Promise<string> {
  const place = folder();
  const source = join(place, 'source');
  mkdirSync(source);
  cpSync(course, source, { recursive: true });
  symlinkSync(root, join(source, 'havoc'));
  for (const name of ['setup.sh', 'run_autograder'])
    cpSync(join(root, 'integrations/gradescope', name), join(source, name));
  cpSync(join(source, 'run_autograder'), join(place, 'run_autograder'));
  mkdirSync(join(place, 'submission'));
  writeFileSync(
    join(place, 'submission_metadata.json'),
    JSON.stringify({
      id: 123456,
      created_at: '2026-10-02T00:10:00.000000+02:00',
      assignment: { due_date: '2026-10-01T23:59:00.000000+02:00', total_points: '50.0' },
      submission_method: 'upload',
      users: [{ email: 'ada@example.edu', id: 1234, name: 'Ada' }],
      previous_submissions: [],
    }),
  );
  return place;
}

const run = (place: string) =>
  spawnSync(join(place, 'run_autograder'), [], { env: { PATH: node, AUTOGRADER: place }, encoding: 'utf8', cwd: '/' });

interface Results {
  readonly score: number;
  readonly output: string;
  readonly tests?: readonly { readonly name: string; readonly status: string }[];
}
const resultsIn = (place: string): Results =>
  JSON.parse(readFileSync(join(place, 'results/results.json'), 'utf8')) as Results;

test('gradescope: a submission gets its score, and a second run the same text', { skip: needsBuild }, async () => {
  const place = await autograder();
  await solveAll(join(place, 'submission'), 'ada@example.edu');
  const { status, stdout } = run(place);
  assert.equal(status, 0, stdout);
  assert.equal(stdout, 'havoc grade exited with 0\n\n');
  const { score, output, tests = [] } = resultsIn(place);
  assert.equal(score, 50);
  assert.match(output, /^handed in 11 min after it was due\n50 of 50 points$/);
  assert.ok(tests.length > 5 && tests.every((each) => each.status === 'passed'));
  const first = readFileSync(join(place, 'results/results.json'), 'utf8');
  run(place);
  assert.equal(readFileSync(join(place, 'results/results.json'), 'utf8'), first);
});

test('gradescope: an empty submission scores nothing, and is no failure of the grader', {
  skip: needsBuild,
}, async () => {
  const place = await autograder();
  assert.equal(run(place).status, 0);
  assert.equal(resultsIn(place).score, 0);
});

test('gradescope: when the grader itself cannot run, the student is told that it is not his mistake', {
  skip: needsBuild,
}, async () => {
  const place = await autograder();
  writeFileSync(join(place, 'source/assignment.yaml'), 'title: broken\nchallenges: []\n');
  const { status, stdout } = run(place);
  assert.equal(status, 1);
  assert.match(stdout, /assignment\.yaml:2:13: `challenges` is empty/);
  assert.match(resultsIn(place).output, /not your mistake/);
});

test('gradescope: the set-up installs havoc as its README says, where Node is there already', async () => {
  const place = await autograder();
  const tools = folder();
  writeFileSync(join(tools, 'npm'), '#!/bin/sh\necho "npm $* in $(basename "$PWD")"\n');
  chmodSync(join(tools, 'npm'), 0o755);
  const said = execFileSync('bash', [join(place, 'source/setup.sh')], {
    env: { PATH: `${tools}:${node}`, AUTOGRADER: place },
    encoding: 'utf8',
  });
  assert.equal(said, 'npm ci in havoc\n');
  for (const name of ['setup.sh', 'run_autograder'])
    accessSync(join(root, 'integrations/gradescope', name), constants.X_OK);
});

interface Workflow {
  readonly jobs: Record<
    string,
    {
      readonly steps: readonly {
        name?: string;
        run?: string;
        env?: Record<string, string>;
        with?: { runners?: string };
      }[];
    }
  >;
}

test('github classroom: the step grades, and every runner of the reporter has its result', {
  skip: needsBuild,
}, async () => {
  const workflow = parse(readFileSync(join(root, 'integrations/github-classroom/classroom.yml'), 'utf8')) as Workflow;
  const steps = workflow.jobs['run-autograding-tests']?.steps ?? [];
  const grade = steps.find(({ name }) => name === 'Grade');
  const reporter = steps.find((step) => step.with?.runners !== undefined);
  const place = folder();
  const [checkout, temp] = [join(place, 'repo'), join(place, 'temp')];
  mkdirSync(join(checkout, '.github'), { recursive: true });
  mkdirSync(temp);
  cpSync(course, join(checkout, '.github/havoc'), { recursive: true });
  symlinkSync(root, join(temp, 'havoc'));
  await solveAll(join(checkout, 'recordings'), 'ada@example.edu');
  const output = join(place, 'output');
  const { status, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', grade?.run ?? ''], {
    cwd: checkout,
    env: { PATH: node, RUNNER_TEMP: temp, GITHUB_OUTPUT: output, GITHUB_ACTOR: 'ada@example.edu' },
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  const outputs = new Map(
    readFileSync(output, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  let total = 0;
  for (const runner of reporter?.with?.runners?.split(',') ?? []) {
    assert.equal(reporter?.env?.[`${runner.toUpperCase()}_RESULTS`], `\${{ steps.grade.outputs.${runner} }}`);
    const { tests } = JSON.parse(Buffer.from(outputs.get(runner) ?? '', 'base64').toString()) as {
      tests: { score: number }[];
    };
    total += tests[0]?.score ?? 0;
    outputs.delete(runner);
  }
  assert.equal(total, 50);
  assert.deepEqual([...outputs.keys()], [], 'no challenge is without a runner');
});
