import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import reference from 'string-width';
import stringWidth from '../../src/tui/string-width.ts';

test('the fast width is the width that string-width measures, for any text', () => {
  const sign = fc.integer({ min: 0x2010, max: 0x27ff }).map((code) => String.fromCodePoint(code));
  const part = fc.oneof(
    fc.string(),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    sign,
    fc.constantFrom(
      '\u001b[31m',
      '\u001b[0m',
      '\u001b[1;38;5;12m',
      '\ufe0f',
      '\u0301',
      '漢字',
      '🙂',
      '👩‍👩‍👧',
      '│',
      '─',
      '▶',
      '‖',
      '\u001b',
      '\u202e',
    ),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const text = parts.join('');
      assert.equal(stringWidth(text), reference(text), JSON.stringify(text));
    }),
    { numRuns: 4000 },
  );
  for (let code = 0x20; code < 0x3000; code++) {
    const character = String.fromCodePoint(code);
    assert.equal(stringWidth(character), reference(character), code.toString(16));
    assert.equal(stringWidth(`a${character}b`), reference(`a${character}b`), code.toString(16));
  }
});
