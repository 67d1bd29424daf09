import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { generatedDocs } from '../src/cli/docs.ts';
import { withBlock } from '../src/cli/reference.ts';

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

test('the generated parts of the documentation are current (npm run docs)', async () => {
  for (const [file, text] of Object.entries(await generatedDocs())) assert.equal(read(file), text, file);
});

test('a block that is missing is an error, not a silent nothing', () => {
  assert.throws(() => withBlock('no blocks here', 'keys', ''), /no block <!-- keys -->/);
});

test('every link from one document to another leads somewhere', () => {
  for (const file of [
    'README.md',
    'ARCHITECTURE.md',
    'docs/scenarios.md',
    'docs/your-own-protocol.md',
    'docs/recordings.md',
    'docs/settings.md',
    'docs/instructors.md',
  ]) {
    for (const [, target] of read(file).matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      assert.ok(
        existsSync(new URL(target as string, new URL(`../${file}`, import.meta.url))),
        `${file} links to ${target}`,
      );
    }
  }
});
