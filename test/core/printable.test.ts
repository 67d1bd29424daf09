/** Text from outside cannot move the cursor, recolour, reorder or pile up. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printable, printableJson, printableLines } from '../../src/core/printable.ts';

const cases: readonly (readonly [string, string, string])[] = [
  ['an escape sequence', '\u001b[2J', '\\u{1b}[2J'],
  ['an OSC 52 sequence', '\u001b]52;c;aGk=\u0007', '\\u{1b}]52;c;aGk=\\u{7}'],
  ['a C1 control', 'a\u009b31mb', 'a\\u{9b}31mb'],
  ['a line feed', 'a\nb', 'a\\u{a}b'],
  ['a bidirectional override', 'a\u202eb', 'a\\u{202e}b'],
  ['a line separator', 'a\u2028b', 'a\\u{2028}b'],
  ['an invisible space', 'a\u200bb', 'a\\u{200b}b'],
  ['half a surrogate', 'a\ud800b', 'a\\u{d800}b'],
  ['a mark without a letter', '\u0301a', '\\u{301}a'],
];
for (const [name, text, expected] of cases) {
  test(`${name} is shown escaped`, () => assert.equal(printable(text), expected));
}

test('ordinary text of any script stays as it is', () => {
  for (const text of ['commit t1', 'naïve', 'e\u0301', 'Ünïcödé', '日本語', 'Ελλάδα', '→ ✓'])
    assert.equal(printable(text), text);
});

test('of five thousand marks on one letter three stay', () => {
  const shown = printable(`a${'\u0301'.repeat(5000)}b`);
  assert.ok(shown.startsWith('a\u0301\u0301\u0301\\u{301}'));
  assert.ok(shown.endsWith('b'));
});

test('a text of several lines keeps its lines', () => {
  assert.equal(printableLines('a\r\n\tb\u001b'), 'a\n    b\\u{1b}');
});

test('JSON for a terminal is the same value, and nothing in it moves a cursor or turns the line round', () => {
  const hostile = { '\u009b2J': ['\u202eabc', '\u2028', '\u{e0001}', '\u007f', '\u001b[2J', 'naïve Ω 日本'] };
  const text = printableJson(hostile, 2);
  assert.deepEqual(JSON.parse(text), hostile);
  assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  assert.match(text, /naïve Ω 日本/);
});
