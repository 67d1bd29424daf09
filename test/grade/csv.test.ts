/** Tables that a spreadsheet reads as they were meant, and executes nothing of. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CsvError, csvText, readCsv } from '../../src/grade/csv.ts';

test('what is written is read back, whatever stands in it', () => {
  // a table of one empty field in a line is no line at all
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é', ';') });
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 4 }), (rows) => {
      const plain = rows.map((row) => row.map((text) => (text.startsWith('\r') ? ` ${text}` : text)));
      assert.deepEqual(readCsv(csvText(plain)), plain);
    }),
    { numRuns: 300 },
  );
});

test('lines end in CR LF, and what holds a comma, a quote or a line break stands in quotes', () => {
  assert.equal(csvText([['a', 'b,c', 'd"e', 'f\ng', 7, -1.5, null]]), 'a,"b,c","d""e","f\ng",7,-1.5,\r\n');
});

test('no text is a formula', () => {
  for (const text of ['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])
    assert.equal(readCsv(csvText([[text, 'x']]))[0]?.[0], `'${text}`);
});

test('exports of other programs are read: a byte order mark, line feeds alone, no line end at the end', () => {
  assert.deepEqual(readCsv('\ufeffStudent,ID\n"Doe, Jane",1\n\n"x ""y""",2'), [
    ['Student', 'ID'],
    ['Doe, Jane', '1'],
    ['x "y"', '2'],
  ]);
});

test('a quote in the wrong place is reported with its line', () => {
  assert.throws(
    () => readCsv('a,b\n"c"d,e\n'),
    (error: CsvError) => error instanceof CsvError && error.line === 2,
  );
});
