/** The soak as anybody would call it, for as long as a suite can afford: on one core, while the other tests use the other. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const seconds = '120';

/** What was printed, and the exit code. */
async function soaked(...more: readonly string[]): Promise<{ text: string; code: number }> {
  const child = spawn(process.execPath, [program, 'soak', '--seconds', seconds, ...more], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject).on('close', (status) => resolve(status ?? -1));
  });
  return { text, code };
}

test(`${seconds} seconds of random faults over every protocol: nothing violated, nothing that threads do otherwise`, async (t) => {
  const { text, code } = await soaked('--seed', '0', '--threads', '1');
  for (const line of text.trim().split('\n')) t.diagnostic(line);
  assert.match(text, /^violations 0, mismatches 0, failed nodes 0$/m);
  const [, runs] = /: (\d+) runs, \d+ events/.exec(text) ?? [];
  assert.ok(Number(runs) > 100, 'it made runs');
  // 2: a slow machine made too few runs to catch every wrong variant by chance; the other tests see to each of them
  assert.ok(code === 0 || code === 2, `exit code ${code}`);
});
