/** The table of what events lead to, and the order of a level: each against the plainest thing that does the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { grouped } from '../../src/check/grouped.ts';
import { Memo } from '../../src/check/memo.ts';
import { Vectors } from '../../src/check/seen.ts';

test('a memo gives back what was put in for a local state and an event, and nothing else, however much it has grown', () => {
  const small = fc.nat(40);
  const pair = fc.tuple(small, fc.oneof(small, fc.integer({ min: 0, max: 0x7fffffff })));
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 400 }), fc.array(pair), (entered, asked) => {
      const memo = new Memo<string>();
      const plain = new Map<string, string>();
      for (const [local, event] of entered) {
        const key = `${local} ${event}`;
        assert.equal(memo.get(local, event), plain.get(key));
        if (!plain.has(key)) memo.set(local, event, `to ${key}`);
        plain.set(key, `to ${key}`);
      }
      for (const [local, event] of [...entered, ...asked])
        assert.equal(memo.get(local, event), plain.get(`${local} ${event}`));
    }),
  );
});

test('every state of a level has its turn once, and those in which the first two nodes are alike come together', () => {
  const vector = fc.array(fc.nat(3), { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(vector), (vectors) => {
      const level = new Vectors();
      for (const each of vectors) level.push(Int32Array.from(each), each.length);
      const order = [...grouped(level)];
      assert.deepEqual(
        order.toSorted((a, b) => a - b),
        vectors.map((_, i) => i),
      );
      const beginnings = order.map((at) => (vectors[at] ?? []).slice(0, 2).join(' '));
      const changes = beginnings.filter((each, i) => each !== beginnings[i - 1]).length;
      assert.equal(changes, new Set(beginnings).size);
    }),
  );
});
