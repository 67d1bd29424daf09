import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScenarioError } from '../../src/scenario/errors.ts';
import { decodeText } from '../../src/scenario/text-file.ts';
import { parseYaml } from '../../src/scenario/yaml-document.ts';
import { mistakesIn } from './example.ts';

const mistake = (text: string): string => {
  try {
    parseYaml(text, 'f');
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
  return 'accepted';
};

const forms: readonly (readonly [claim: string, text: string, mistake: string])[] = [
  ['a key twice', 'a: 1\nb: 2\na: 3', 'f:3:1: the key `a` stands here twice; remove one'],
  ['a tag', 'a: !!js/function x', 'f:1:4: tags are not allowed here; write the plain value'],
  ['a tag that YAML knows', 'a: !!binary aGk=', 'f:1:13: tags are not allowed here'],
  ['a merge key', 'a: &x { b: 1 }\nc: { <<: *x }', 'f:2:6: merge keys are not allowed; write the fields out'],
  ['__proto__', 'a: { __proto__: { b: 1 } }', 'f:1:6: the key `__proto__` is not allowed'],
  ['constructor', 'constructor: 1', 'f:1:1: the key `constructor` is not allowed'],
  ['a second document', 'a: 1\n---\nb: 2', 'f:2:1: a second document begins here; a scenario is one document'],
  ['a key that is a list', '[a]: 1', 'f:1:1: a key must be plain text'],
  ['an unknown anchor', 'a: *x', 'f:1:4: there is no such anchor before this'],
  ['a NUL', 'a: 1\nb: \0', 'f:2:4: the file contains a NUL character; it must be text'],
  ['a number too large', 'a: 1e400', 'f:1:4: this number is not finite or too large'],
  ['bad indentation', 'a:\n  b: 1\n c: 2', 'f:3:1: this is not YAML: all mapping items must start at the same column'],
  ['a directive', '%FOO bar\n---\na: 1', 'f:1:1: directives are not allowed here; remove the line'],
];
for (const [claim, text, expected] of forms) {
  test(`${claim} is refused`, () => assert.equal(mistake(text), expected));
}

test('comments, anchors and a byte order mark are allowed', () => {
  assert.deepEqual(parseYaml('\uFEFF# hello\na: &x [1, 2]\nb: *x\n', 'f').value, { a: [1, 2], b: [1, 2] });
});

const hostile: Readonly<Record<string, string>> = {
  'a million brackets': '['.repeat(1_000_000),
  'ten thousand mappings in one another': `a: ${'{a: '.repeat(10_000)}`,
  'a hundred thousand dashes': '- '.repeat(100_000),
  'a hundred thousand question marks': '? '.repeat(100_000),
  'a stair of indentation': Array.from({ length: 1400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
  'sixty thousand keys': Array.from({ length: 60_000 }, (_, i) => `k${i}: 1`).join('\n'),
  'a million commas': `[${','.repeat(1_000_000)}`,
  'half a million quotes': '"'.repeat(500_000),
  'an alias to itself': 'a: &x [*x]',
  'an alias bomb': `a0: &a0 [1]\n${Array.from({ length: 20 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`).join('\n')}`,
};
for (const [claim, text] of Object.entries(hostile)) {
  test(`${claim}: refused, not followed`, () => assert.match(mistake(text), /^f:\d+:\d+: /));
}

test('an empty file, a list and a plain value are no scenarios', async () => {
  const empty = '1:1: the file is empty; a scenario needs at least `protocol` and `nodes`';
  assert.deepEqual(await mistakesIn(''), [empty]);
  assert.deepEqual(await mistakesIn('# nothing\n'), [empty]);
  for (const text of ['3', '[]', 'hello']) {
    assert.deepEqual(await mistakesIn(text), ['1:1: a scenario is a mapping: `protocol: ...`, `nodes: ...`']);
  }
});

test('bytes that are no UTF-8 are reported at their place, UTF-16 by name', () => {
  const bytes = Buffer.concat([Buffer.from('title: ä\nb: '), Buffer.from([0xc3, 0x28])]);
  assert.throws(() => decodeText(bytes, 'f'), { message: 'f:2:4: this is not valid UTF-8; save the file as UTF-8' });
  assert.throws(() => decodeText(Buffer.from('\uFEFFa: 1', 'utf16le'), 'f'), {
    message: 'f:1:1: the file is UTF-16; save it as UTF-8',
  });
  assert.equal(decodeText(Buffer.from('\uFEFFa: 1'), 'f'), 'a: 1');
});
