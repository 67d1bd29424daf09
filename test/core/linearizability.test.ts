import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { judgeHistory, type Model, type Operation, prefixOf } from '../../src/core/linearizability.ts';
import { casRegister, kv, models, register } from '../../src/core/register-models.ts';

/** The definition, word for word: some order, respecting who returned before whom was invoked, that the model accepts. */
function hasOrder(operations: readonly Operation[], model: Model, state = model.initial): boolean {
  if (operations.every(({ returnedAt }) => returnedAt === null)) return true;
  return operations.some((next, i) => {
    const rest = operations.filter((_, j) => j !== i);
    if (rest.some(({ returnedAt }) => returnedAt !== null && returnedAt < next.invokedAt)) return false;
    const after = model.step(state, next);
    return after !== null && hasOrder(rest, model, after);
  });
}

/** Histories of a few clients: every operation an interval, its result right or wrong by chance. */
const history = (model: Model): fc.Arbitrary<Operation[]> =>
  fc
    .array(
      fc.record({
        client: fc.constantFrom('a', 'b', 'c'),
        name: fc.constantFrom(...model.operations),
        from: fc.nat(20),
        length: fc.integer({ min: 1, max: 8 }),
        value: fc.integer({ min: 0, max: 2 }),
        other: fc.integer({ min: 0, max: 2 }),
        open: fc.integer({ min: 0, max: 5 }),
      }),
      { maxLength: 6 },
    )
    .map((drawn) =>
      drawn.map(({ client, name, from, length, value, other, open }, i): Operation => {
        const text = model === kv ? 'x'.repeat(value) : value;
        return {
          client: `${client}${i}`,
          name,
          key: '',
          argument: name === 'cas' ? [value, other] : text,
          result: name === 'cas' ? other === 1 : name === 'read' && value === 0 ? null : text,
          invokedAt: from * 10 + i,
          returnedAt: open === 0 ? null : (from + length) * 10 + i,
        };
      }),
    );

test('the verdict is that of the definition, for every model', () => {
  for (const model of models) {
    let [yes, no] = [0, 0];
    fc.assert(
      fc.property(history(model), (operations) => {
        const expected = hasOrder(operations, model);
        if (expected) yes += 1;
        else no += 1;
        assert.equal(judgeHistory(operations, model).verdict, expected ? 'linearizable' : 'not linearizable');
      }),
      { numRuns: 1500 },
    );
    assert.ok(yes > 100 && no > 100, `${model.name}: ${yes} linearizable, ${no} not: the histories say little`);
  }
});

test('the offending prefix has no explanation, and every shorter one has', () => {
  fc.assert(
    fc.property(history(casRegister), (operations) => {
      const judgement = judgeHistory(operations, casRegister);
      if (judgement.verdict !== 'not linearizable') return;
      assert.equal(hasOrder(prefixOf(operations, judgement.endsAt), casRegister), false);
      assert.equal(hasOrder(prefixOf(operations, judgement.endsAt - 1), casRegister), true);
    }),
    { numRuns: 1500 },
  );
});

const write = (value: number, invokedAt: number, returnedAt: number | null): Operation => ({
  client: `w${value}`,
  name: 'write',
  key: '',
  argument: value,
  result: null,
  invokedAt,
  returnedAt,
});
const read = (value: number, invokedAt: number, returnedAt: number): Operation => ({
  client: `r${invokedAt}`,
  name: 'read',
  key: '',
  argument: null,
  result: value,
  invokedAt,
  returnedAt,
});

test('a read may see a concurrent write or not; once one has seen it, later ones must', () => {
  const seen = [write(1, 0, 1), write(2, 2, 9), read(2, 3, 4)];
  assert.equal(judgeHistory([...seen, read(2, 5, 6)], register).verdict, 'linearizable');
  assert.equal(judgeHistory([...seen, read(1, 5, 6)], register).verdict, 'not linearizable');
});

test('an operation that never returned may have taken place, or not', () => {
  assert.equal(judgeHistory([write(1, 0, 1), write(2, 2, null), read(2, 5, 6)], register).verdict, 'linearizable');
  assert.equal(judgeHistory([write(1, 0, 1), write(2, 2, null), read(1, 5, 6)], register).verdict, 'linearizable');
  assert.equal(judgeHistory([write(1, 0, 1), read(2, 2, 3), write(2, 5, null)], register).verdict, 'not linearizable');
});

test('objects are judged one by one', () => {
  const onKey = (operation: Operation, key: string): Operation => ({ ...operation, key });
  const history = [onKey(write(1, 0, 1), 'a'), onKey(read(1, 2, 3), 'a'), onKey(read(1, 4, 5), 'b')];
  const judgement = judgeHistory(history, register);
  assert.equal(judgement.verdict === 'not linearizable' && judgement.key, 'b');
});

test('at the limit the verdict is unknown, never a guess', () => {
  const many = Array.from({ length: 12 }, (_, i) => write(i, i, 100 + i));
  assert.equal(judgeHistory([...many, read(99, 50, 200)], register, { most: 50 }).verdict, 'unknown');
  assert.equal(judgeHistory([...many, read(99, 50, 200)], register).verdict, 'not linearizable');
});
