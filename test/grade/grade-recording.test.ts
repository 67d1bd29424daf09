/** What becomes of recordings that are handed in, honest ones and others. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { instanceSeed } from '../../src/core/instance.ts';
import { engineVersion } from '../../src/core/version.ts';
import { exitCodeOf, type Outcome, outcomes } from '../../src/grade/outcome.ts';
import { challengeFile, edit, folder, grade, linesOf, record, rehash, writeLines } from './made.ts';

const made = (name = 'r.jsonl'): string => join(folder(), name);

test('a solution gets all points, and the bonus when it took few faults', async () => {
  const result = await grade(await record(made()));
  assert.equal(result.outcome, 'met');
  assert.equal(result.points, 10);
  assert.equal(result.bonusPoints, 2);
  assert.deepEqual(
    result.goals.map(({ met }) => met),
    [true, true],
  );
  assert.equal(result.run?.inputs, 1);
});

test('a session without an act gets nothing, and is told what is missing', async () => {
  const result = await grade(await record(made(), { script: [] }));
  assert.equal(result.outcome, 'not met');
  assert.equal(result.points + result.bonusPoints, 0);
  assert.deepEqual(result.goals[0]?.missing, ['P1 and P2 blocked at the end']);
  assert.match(result.why, /P1 is not blocked: it has decided "commit"/);
});

test('an edited outcome is seen by the hashes', async () => {
  const file = await record(made());
  edit(file, -1, (end) => ({ ...end, digest: 'f'.repeat(64) }));
  assert.equal((await grade(file)).outcome, 'edited');
});

test('an act that was left out afterwards is seen by the hashes', async () => {
  const file = await record(made());
  writeLines(
    file,
    linesOf(file).filter((line) => !line.includes('"act"')),
  );
  assert.equal((await grade(file)).outcome, 'edited');
});

test('a file whose hashes were all computed anew is convicted by its re-execution', async () => {
  const file = await record(made(), { script: [] });
  edit(file, -1, (end) => ({ ...end, digest: 'f'.repeat(64) }));
  rehash(file);
  const result = await grade(file);
  assert.equal(result.outcome, 'not reproduced');
  assert.match(result.why, /^2:1: the re-execution differs in events 0 to 9: the world at the end differs$/);
});

test('an act that was written into the file by hand is convicted by its re-execution', async () => {
  const file = await record(made(), { script: [] });
  const [header, end] = linesOf(file) as [string, string];
  writeLines(file, [header, '{"i":7,"at":59,"act":{"type":"crash","node":"C"},"wall":0}', end]);
  rehash(file);
  assert.equal((await grade(file)).outcome, 'not reproduced');
});

test("somebody else's instance is told from one's own", async () => {
  const seed = instanceSeed('autumn', 'own-instance', 'ada');
  const file = await record(made(), { challenge: 'own-instance', seed, script: [], student: 'ada' });
  assert.equal((await grade(file, 'own-instance', { student: 'ada' })).outcome, 'not met');
  const copied = await grade(file, 'own-instance', { student: 'bob' });
  assert.equal(copied.outcome, 'other instance');
  assert.match(copied.why, /the instance of bob has \d+$/);
});

test('whose it is, is never taken from the file', async () => {
  const seed = instanceSeed('autumn', 'own-instance', 'ada');
  const file = await record(made(), { challenge: 'own-instance', seed, script: [], student: 'ada' });
  assert.equal((await grade(file, 'own-instance')).outcome, 'no student');
});

test('more than the budget allows gets nothing, although the goal was reached', async () => {
  const script = [
    [7, { type: 'crash', node: 'C' }],
    [8, { type: 'crash', node: 'P2' }],
    [9, { type: 'restart', node: 'P2' }],
  ] as const;
  const result = await grade(await record(made(), { script }));
  assert.equal(result.outcome, 'over budget');
  assert.equal(result.points, 0);
  assert.match(result.why, /crash: 2, but 1 allowed \(exceeded at event 8\)/);
});

test('another engine, or another version of the protocol, gives no verdict', async () => {
  const file = await record(made());
  edit(file, 0, (header: { engine?: object }) => ({ ...header, engine: { ...header.engine, version: '0' } }));
  rehash(file);
  assert.equal((await grade(file)).outcome, 'other engine');
  edit(file, 0, (header: { engine?: object }) => ({
    ...header,
    engine: { ...header.engine, version: engineVersion, protocolSha256: 'a'.repeat(64) },
  }));
  rehash(file);
  assert.match((await grade(file)).why, /another version/);
});

test('a recording that was cut off is not gradable', async () => {
  const file = await record(made());
  const bytes = readFileSync(file).length;
  truncateSync(file, bytes - 30);
  assert.equal((await grade(file)).outcome, 'truncated');
  writeLines(file, linesOf(file).slice(0, 2));
  assert.equal((await grade(file)).outcome, 'truncated');
});

test('a recording of something else is refused by name', async () => {
  const other = await record(made(), { challenge: 'never-both', script: [] });
  const result = await grade(other);
  assert.equal(result.outcome, 'other challenge');
  assert.match(result.why, /^it is a recording of never-both, not of block-two$/);
  const seeded = await record(made(), { seed: 8 });
  assert.match((await grade(seeded)).why, /^seed is 8, but in the challenge 7$/);
  const easier = await record(made(), { overrides: ['parameters.votes.P1=no'] });
  assert.equal((await grade(easier)).outcome, 'other scenario');
  assert.match((await grade(easier)).why, /^parameters\.votes\.P1 is "no", but in the challenge "yes"$/);
});

test('a goal, a budget or points that the file brings along do not count', async () => {
  const file = await record(made(), { script: [] });
  edit(file, 0, (header: { scenario?: object }) => ({
    ...header,
    scenario: {
      ...header.scenario,
      title: 'mine',
      challenge: { points: 1000, goal: { decided: { P1: 'commit' } }, budget: { crash: 9 } },
    },
  }));
  rehash(file);
  const result = await grade(file);
  assert.equal(result.outcome, 'not met');
  assert.equal(result.pointsMax, 10);
});

test('to say that it cannot be done is right only where it cannot', async () => {
  const claims = [{ answer: 'cannot' }] as const;
  const possible = await grade(await record(made(), { claims, script: [] }), 'block-two');
  assert.equal(possible.outcome, 'cannot, wrongly');
  assert.equal(possible.points, 0);
  const impossible = await grade(await record(made(), { challenge: 'never-both', claims, script: [] }), 'never-both');
  assert.equal(impossible.outcome, 'cannot, rightly');
  assert.equal(impossible.points, 10);
  assert.ok((impossible.cannot?.states ?? 0) > 100, 'the search says how many states it covered');
});

test('a recording that goes back and on without end is not executed', { timeout: 20_000 }, async () => {
  const file = await record(made(), { script: [] });
  const [header, end] = linesOf(file) as [string, string];
  const back = JSON.stringify({ i: 0, at: 0, branch: 99_999 });
  const graded = async (times: number) => {
    writeLines(file, [header, ...Array<string>(times).fill(back), end]);
    rehash(file);
    return grade(file);
  };
  const { outcome, why } = await graded(5);
  assert.equal(outcome, 'unknown');
  assert.match(why, /^it takes 500005 events/);
  assert.equal((await graded(5000)).outcome, 'unreadable', 'so much no recording may hold');
});

test('code that a recording names is never loaded', async () => {
  const file = await record(made(), { script: [] });
  const trap = join(folder(), 'trap.mjs');
  writeFileSync(trap, 'throw new Error("loaded");');
  edit(file, 0, (header: { engine?: object; scenario?: object }) => ({
    ...header,
    engine: { ...header.engine, protocol: trap },
    scenario: { ...header.scenario, protocol: trap },
  }));
  rehash(file);
  assert.equal((await grade(file)).outcome, 'other challenge');
});

test('a challenge with a protocol of its own is graded by that file', async () => {
  const place = folder();
  const text = readFileSync(challengeFile('block-two'), 'utf8').replace('two-phase-commit', './mine.mjs');
  writeFileSync(join(place, 'own.yaml'), text);
  const source = new URL('../../machines/two-phase-commit.ts', import.meta.url).href;
  writeFileSync(join(place, 'mine.mjs'), `export { default } from ${JSON.stringify(source)};\n`);
  const file = await record(made(), { challenge: join(place, 'own.yaml') });
  assert.equal((await grade(file, join(place, 'own.yaml'))).outcome, 'met');
  writeFileSync(join(place, 'mine.mjs'), `export { default } from ${JSON.stringify(source)}; // changed\n`);
  assert.equal((await grade(file, join(place, 'own.yaml'))).outcome, 'other engine');
});

test('a file that is none of ours is unreadable, and says where', async () => {
  const place = folder();
  const cases: Readonly<Record<string, string | Uint8Array>> = {
    'empty.jsonl': '',
    'words.jsonl': 'I did it\n',
    'list.jsonl': '[]\n',
    'zip.jsonl': new Uint8Array([0x1f, 0x8b, 8, 0]),
    'utf16.jsonl': new Uint8Array([0xff, 0xfe, 0x7b, 0]),
    'keys.jsonl': '{"format":"havoc-recording","version":1,"__proto__":{}}\n',
    'version.jsonl': '{"format":"havoc-recording","version":2}\n',
  };
  for (const [name, content] of Object.entries(cases)) {
    writeFileSync(join(place, name), content);
    const { outcome, why } = await grade(join(place, name));
    assert.equal(outcome, 'unreadable', name);
    assert.match(why, /^\d+:\d+: /, name);
  }
  execFileSync('mkfifo', [join(place, 'pipe.jsonl')]);
  mkdirSync(join(place, 'folder.jsonl'));
  symlinkSync(join(place, 'nowhere'), join(place, 'link.jsonl'));
  for (const name of ['pipe.jsonl', 'folder.jsonl', 'link.jsonl'])
    assert.equal((await grade(join(place, name))).outcome, 'unreadable', name);
});

test('words of the challenge may change after it was played', async () => {
  const file = await record(made());
  const changed = join(folder(), 'block-two.yaml');
  const text = readFileSync(challengeFile('block-two'), 'utf8').replace(/^title: .*$/m, 'title: Better words');
  writeFileSync(changed, text);
  assert.equal((await grade(file, changed)).outcome, 'met');
});

test('what is graded twice gives the same text', async () => {
  const file = await record(made());
  assert.equal(JSON.stringify(await grade(file)), JSON.stringify(await grade(file)));
});

test('no two outcomes are told in the same words', () => {
  const names = Object.keys(outcomes) as Outcome[];
  assert.equal(new Set(names.map((name) => outcomes[name].says)).size, names.length);
  assert.ok(names.every((name) => exitCodeOf(name) <= 3));
});
