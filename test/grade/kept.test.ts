/** Recordings that were graded once come out the same in every later version, or are refused by name. */
import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { engineVersion } from '../../src/core/version.ts';
import { root } from './course.ts';
import type { Kept } from './kept.ts';
import { edit, folder, grade, linesOf, rehash } from './made.ts';

const corpus = join(root, 'test/recordings/graded');
const listed = (revision: string): Kept[] =>
  JSON.parse(readFileSync(join(corpus, revision, 'kept.json'), 'utf8')) as Kept[];

for (const revision of readdirSync(corpus)) {
  test(`what was graded under revision ${revision} comes out the same, or is refused by name`, async () => {
    const judged: string[] = [];
    for (const { file, challenge, outcome, digest } of listed(revision)) {
      const { outcome: now, run, why } = await grade(join(corpus, revision, file), challenge);
      // the protocol, or the challenge, is another one by now
      if (now === 'other engine' || now === 'other scenario') continue;
      assert.equal(now, outcome, `${file}: ${why}`);
      assert.equal(run?.digest ?? null, digest, file);
      judged.push(now);
    }
    assert.ok(judged.includes('edited'), 'what is wrong with a file does not depend on any version');
    if (revision === engineVersion)
      assert.ok(judged.includes('met'), 'nothing is judged any more: npm run keep-graded');
  });
}

test('the present revision has its recordings (npm run keep-graded)', () => {
  assert.ok(listed(engineVersion).length >= 10);
});

test('a protocol that goes another way than when it was recorded is refused, not graded wrongly', async () => {
  const kept = listed(engineVersion).find(({ outcome }) => outcome === 'met') as Kept;
  const copy = join(folder(), kept.file);
  copyFileSync(join(corpus, engineVersion, kept.file), copy);
  edit(copy, 0, (header: { engine?: object }) => ({
    ...header,
    engine: { ...header.engine, protocolSha256: '0'.repeat(64) },
  }));
  rehash(copy);
  assert.equal((await grade(copy, kept.challenge)).outcome, 'other engine');
  assert.ok(linesOf(copy).length > 1);
});
