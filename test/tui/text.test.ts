/** Text that fits: widths hold for wide, joined and combining characters. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cut, cutLine, ends, fit, flow, line, lineWidth, pad, piece, plain, width, wrap } from '../../src/tui/text.ts';

const strange = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('漢字かな交じり', 'e\u0301e\u0301', '👩‍👩‍👧‍👦 family', 'naïve'),
);

test('cut is never wider, pad is exactly as wide', () => {
  fc.assert(
    fc.property(strange, fc.integer({ min: 1, max: 30 }), (text, columns) => {
      assert.ok(width(cut(text, columns)) <= columns);
      assert.equal(width(pad(text, columns)), columns);
    }),
  );
});

test('a line of pieces fits exactly, and what is missing is marked', () => {
  fc.assert(
    fc.property(fc.array(strange, { maxLength: 5 }), fc.integer({ min: 1, max: 40 }), (texts, columns) => {
      const of = texts.map((text) => piece(text, 'bold'));
      assert.equal(lineWidth(fit(of, columns)), columns);
      if (lineWidth(of) > columns) assert.ok(plain(cutLine(of, columns)).endsWith('…'));
    }),
  );
});

test('the right end stays whole as long as there is room for both', () => {
  assert.equal(plain(ends(line('left side'), line('R'), 12)), 'left side  R');
  assert.equal(plain(ends(line('a long left side'), line('R'), 12)), 'a long le… R');
});

test('chips are never broken over lines', () => {
  const chips = ['one two', 'three four', 'five'].map((text) => line(text));
  assert.deepEqual(flow(chips, 12).map(plain), ['one two', 'three four', 'five']);
  assert.deepEqual(flow(chips, 20).map(plain), ['one two  three four', 'five']);
});

test('words are wrapped, and a word too long for a line is broken', () => {
  assert.deepEqual(wrap('the quick brown fox', 10), ['the quick', 'brown fox']);
  assert.deepEqual(wrap('abcdefghij', 4), ['abcd', 'efgh', 'ij']);
  for (const part of wrap('漢字かな交じり文の折り返し', 7)) assert.ok(width(part) <= 7);
});
