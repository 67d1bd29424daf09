import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveRows } from '../../src/cli/curve.ts';

const curve = (points: number[]) => ({ title: 'infected', interval: 'round', intervalMs: 100, points });

test('each point of a curve is a bar, the greatest the longest, and what is not nothing is seen', () => {
  assert.deepEqual(curveRows(curve([0, 1, 500, 1000])), [
    'round 0  0',
    'round 1  █ 1',
    `round 2  ${'█'.repeat(25)} 500`,
    `round 3  ${'█'.repeat(50)} 1000`,
  ]);
});

test('a long curve is thinned out, and keeps its end', () => {
  const rows = curveRows(curve(Array.from({ length: 1000 }, (_, i) => i)));
  assert.ok(rows.length <= 41);
  assert.ok(rows.at(-1)?.startsWith('round 999'));
});
