/**
 * Checks every space of test/check/spaces, and writes what came out into docs/checked.md: `npm run check-all`. With names
 * of spaces only those; the rows of the others stay as they are.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { table, withBlock } from '../src/cli/reference.ts';
import { checkSpace, head, readRows, spaceNames } from '../test/check/spaces.ts';

const place = new URL('../docs/checked.md', import.meta.url);
const known = readRows();
const chosen = process.argv.slice(2);
const rows = [];
let isAsExpected = true;
for (const name of spaceNames()) {
  const kept = known.get(name);
  if (chosen.length > 0 && !chosen.includes(name)) {
    if (kept !== undefined) rows.push(kept);
    continue;
  }
  const startedMs = performance.now();
  const { row, unmet } = await checkSpace(name);
  rows.push(row);
  console.log(`${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s  ${row.join('  ')}`);
  for (const what of unmet) console.log(`          NOT AS EXPECTED: ${what}`);
  if (unmet.length > 0) isAsExpected = false;
}
writeFileSync(place, withBlock(readFileSync(place, 'utf8'), 'spaces', table(head, rows)));
process.exitCode = isAsExpected ? 0 : 1;
