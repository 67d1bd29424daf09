/** What earns nothing: another challenge's recording, another challenge's acts, keys pressed at random. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeChallenge } from '../../src/core/challenge.ts';
import { namedStream, pick } from '../../src/core/rng.ts';
import { objection } from '../../src/grade/match.ts';
import { loadTasks, type Task } from '../../src/grade/task.ts';
import { playAtRandom } from './at-random.ts';
import { type Banked, bank, challengeOf, isPossible } from './bank.ts';
import { solutionOf, solved } from './own-solutions.ts';
import { judged, type Script } from './play.ts';

const runs = process.env.HAVOC_RUNS;

test('a recording of one challenge is refused as one of any other, whatever their scenarios have in common', async () => {
  const tasks: Task[] = [];
  for (const { id } of bank) tasks.push(...(await loadTasks(id)).tasks);
  let refused = 0;
  for (const { id, scenario, engine } of tasks) {
    const header = { engine, scenario, id: 'test', startedAt: '2026-01-01T00:00:00.000Z' };
    const end = { line: 2, events: 0, atMs: 0, digest: '', chain: '' };
    const recording = { file: `${id}.jsonl`, header, entries: [], end, halfLine: null };
    for (const task of tasks) {
      const submission = { file: recording.file, student: 'anna', challenge: task.id };
      const against = objection(recording, task, task.scenario, submission);
      if (task.id === id) assert.notEqual(against?.[0], 'other challenge', id);
      else {
        assert.equal(against?.[0], 'other challenge', `${id} as ${task.id}`);
        refused += 1;
      }
    }
  }
  assert.equal(refused, bank.length * (bank.length - 1));
});

const named = (id: string): Banked => bank.find((each) => each.id === id) as Banked;
const scriptOf = (id: string): Script | undefined => solutionOf(id, named(id).loaded.scenario);

/** Where the very same acts solve two challenges, and why. */
const sharedAnswers = new Map([
  ['two-liars-agree for a-lie-for-a-secret', 'S3 lies; the second liar is refused'],
  ['six-rounds for hasty-voters', 'votes that are late let each hear another majority'],
  ['answer-first for hasty-voters', 'a vote that is late lets one hear another majority'],
  ['two-accounts for hasty-voters', 'a vote that is late lets one hear another majority'],
  ['one-side-commits for impatience', 'the same cut, among those who wait and those who do not'],
  ['impatience for one-side-commits', 'the same cut, among those who do not wait and those who do'],
  ['two-accounts for marker-overtaken', 'the first message from P1 to P2 is late'],
  ['two-accounts for two-inside', 'the first message from P1 to P2 is late'],
]);

/** The solutions that are tried: all of the same protocol, and some others; with HAVOC_RUNS every one. */
function othersFor({ id, loaded }: Banked): string[] {
  const all = solved.filter((other) => other !== id);
  if (runs !== undefined) return all;
  const protocolOf = (other: string) => named(other).loaded.protocol.id;
  const akin = all.filter((other) => protocolOf(other) === loaded.protocol.id);
  const stream = namedStream(1, id);
  const strangers = Array.from({ length: 4 }, () => pick(stream, all) as string);
  const shared = all.filter((other) => sharedAnswers.has(`${other} for ${id}`));
  return [...new Set([...akin, ...strangers, ...shared])];
}

test('the acts that solve another challenge do nothing here, but where the answers are known to be the same', () => {
  const earned: string[] = [];
  for (const each of bank)
    for (const other of othersFor(each)) if (pointsOf(each, other) > 0) earned.push(`${other} for ${each.id}`);
  assert.deepEqual(earned.sort(), [...sharedAnswers.keys()].sort());
});

function pointsOf({ loaded }: Banked, other: string): number {
  try {
    return judged(loaded, scriptOf(other) as Script).points;
  } catch {
    // its moments never come here, or its nodes are not there
    return 0;
  }
}

test('whoever does nothing earns nothing, in no challenge', () => {
  for (const { id, loaded } of bank) assert.equal(judged(loaded, { steps: [] }).points, 0, id);
});

/** What an act keeps from whom: a message that is late, held, early, lost or cut off does not come when it should. */
const kindOf = (type: string): string =>
  ['delay', 'hold', 'deliver-now', 'drop', 'partition'].includes(type) ? 'messages' : type;

/** The kinds of the acts that solve it; what the explorer finds is an order of messages. */
const kindsOf = (id: string): readonly string[] =>
  scriptOf(id)?.steps.flatMap(([, ...acts]) => acts.map(({ type }) => kindOf(type))) ?? ['messages'];

test('whoever presses keys at random keeps to the budget, and meets a goal only by what is its answer', () => {
  const seeds = Number(runs ?? 3);
  const seen = new Set<string>();
  let met = 0;
  for (const each of bank)
    for (let seed = 1; seed <= seeds; seed++) {
      const session = playAtRandom(each.loaded, seed);
      for (const kind of session.done) seen.add(kind);
      const judgement = judgeChallenge(challengeOf(each), session);
      assert.deepEqual(judgement.budget.exceeded, [], each.id);
      if (judgement.points === 0) continue;
      met += 1;
      const where = `${each.id}, seed ${seed}: ${session.done.join(', ')}`;
      assert.ok(isPossible(each), where);
      assert.ok(kindsOf(each.id).length <= 2, `${where}: chance finds answers of an act or two, not this one`);
      assert.ok(
        kindsOf(each.id).some((kind) => session.done.map(kindOf).includes(kind)),
        where,
      );
    }
  assert.ok(met <= (bank.length * seeds) / 10, `${met} of ${bank.length * seeds}`);
  for (const kind of ['crash', 'restart', 'pause', 'partition', 'delay', 'hold', 'drop', 'traitor', 'deliver-now'])
    assert.ok(seen.has(kind), `nobody has tried ${kind}`);
});
