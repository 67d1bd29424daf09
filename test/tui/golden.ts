/** Frames that are kept as text, to be read as well as compared. `UPDATE=1` writes them anew. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { width } from '../../src/tui/text.ts';

/** @param name under `test/transcripts/tui`, without its ending */
export function golden(name: string, lines: readonly string[]): void {
  const file = fileURLToPath(new URL(`../transcripts/tui/${name}.txt`, import.meta.url));
  const text = `${lines.map((each) => each.trimEnd()).join('\n')}\n`;
  if (process.env.UPDATE === '1' || !existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  assert.equal(text, readFileSync(file, 'utf8'), name);
}

/** As wide and as high as the window, and with a border at both ends of every line beneath the header. */
export function assertBordered(lines: readonly string[], columns: number, rows: number, when: string): void {
  assertWhole(lines, columns, rows, when);
  const top = lines.findIndex((text) => text.startsWith('┌'));
  assert.ok(top >= 1 && top <= 6, `${when}: the panes begin beneath the header`);
  for (const text of lines.slice(top)) assert.match(text, /^[┌│├└].*[┐│┤┘]$/, when);
  assert.match(lines.at(-1) as string, /^└.*┘$/, when);
}

export function assertWhole(lines: readonly string[], columns: number, rows: number, when: string): void {
  assert.equal(lines.length, rows, `${when}: as many lines as the window has`);
  for (const text of lines) assert.equal(width(text), columns, `${when}: not ${columns} wide: ${text}`);
}
