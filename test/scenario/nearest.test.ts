import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { editDistance, nearest, rightName } from '../../src/scenario/nearest.ts';

test('a slip of the fingers is found: a letter more, less, other, or swapped with its neighbour', () => {
  const names = ['commit', 'abort', 'prepare'];
  for (const slip of ['comit', 'commmit', 'comnit', 'ocmmit', 'COMMIT']) assert.equal(nearest(slip, names), 'commit');
});

test('a beginning or an ending is enough when only one name has it', () => {
  assert.equal(nearest('partition', ['partition-during-commit', 'three-generals']), 'partition-during-commit');
  assert.equal(nearest('generals', ['three-generals', 'four-generals']), null);
});

test('what is like nothing has no nearest name', () => {
  assert.equal(nearest('zebra', ['commit', 'abort']), null);
  assert.equal(nearest('x', ['y']), null);
  assert.equal(rightName('zebra', ['commit', 'abort']), 'there are commit, abort');
  assert.equal(rightName('zebra', []), 'there is none');
});

test('the distance is a metric as far as names need one', () => {
  const word = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      assert.equal(editDistance(a, a), 0);
      assert.equal(editDistance(a, b), editDistance(b, a));
      assert.ok(editDistance(a, b) <= Math.max(a.length, b.length));
    }),
  );
});
