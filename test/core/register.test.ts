import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { judgeHistory, type Operation } from '../../src/core/linearizability.ts';
import {
  closedHistory,
  type HistoryEvent,
  historyEventOf,
  operationItem,
  operationsOf,
} from '../../src/core/problems/operations.ts';
import { historyIn, register } from '../../src/core/problems/register.ts';
import type { Failure, Json, NodeView } from '../../src/core/protocol.ts';
import { register as model } from '../../src/core/register-models.ts';
import { nodeView, viewOf } from './views.ts';

/** `K1:write a` invokes, `K1=` ends the write, `K2:read` invokes, `K2=a` ends the read (`K2=-`: nothing). `K1!` turns traitor. */
function historyOf(words: string): { event: HistoryEvent; honest: boolean }[] {
  const open = new Map<string, { f: string; value: Json }>();
  const traitors = new Set<string>();
  return words.split(', ').flatMap((word): { event: HistoryEvent; honest: boolean }[] => {
    const [, process = '', sign = '', rest = ''] = /^(\w+)([:=!?])(.*)$/.exec(word) ?? [];
    const honest = !traitors.has(process);
    if (sign === '!') {
      traitors.add(process);
      return [];
    }
    if (sign === ':') {
      const [f = '', value = null] = rest.split(' ');
      open.set(process, { f, value });
      return [{ event: { process, type: 'invoke', f, value }, honest }];
    }
    const { f, value } = open.get(process) as { f: string; value: Json };
    if (sign === '?') return [{ event: { process, type: 'info', f, value }, honest }];
    const result = f === 'read' ? (rest === '-' ? null : rest) : value;
    return [{ event: { process, type: 'ok', f, value: result }, honest }];
  });
}

/** What the properties say of a history. */
function verdicts(words: string, nodes: readonly NodeView[] = []) {
  const view = viewOf(nodes);
  return Object.fromEntries(
    register().map(({ name, memory, test: verdict }) => {
      let remembered = memory?.initial as Json;
      for (const { event, honest } of historyOf(words)) {
        const item = operationItem(event.type, event.f, event.value);
        const effect = { type: 'deliver', item } as const;
        remembered = memory?.next(remembered, { node: event.process, honest, effect }) as Json;
      }
      return [name.slice('register/'.length), verdict(view, remembered)];
    }),
  );
}
const violated = (words: string): string[] =>
  ['linearizable', 'regular', 'safe'].filter((clause) => verdicts(words)[clause] !== true);
const why = (words: string, clause: string): string => (verdicts(words)[clause] as Failure).why;

test('a read that no write overlaps returns what was written last, or else the register is not even safe', () => {
  const stale = 'K1:write a, K1=, K1:write b, K1=, K2:read, K2=a';
  assert.deepEqual(violated(stale), ['linearizable', 'regular', 'safe']);
  assert.equal(
    why(stale, 'safe'),
    "K2 read a, although K1's write of b was complete before, and nothing has overwritten it",
  );
  assert.deepEqual((verdicts(stale).safe as Failure).nodes, ['K2', 'K1']);
  assert.deepEqual(violated('K1:write a, K1=, K1:write b, K1=, K2:read, K2=b'), []);
  assert.deepEqual(violated('K1:write a, K1=, K2:read, K2=-'), ['linearizable', 'regular', 'safe']);
  assert.deepEqual(violated('K2:read, K2=-'), []);
});

test('a read that a write overlaps may return anything of a safe register, and of a regular one the old or the new', () => {
  const during = (value: string) => `K1:write a, K1=, K1:write b, K2:read, K2=${value}, K1=`;
  assert.deepEqual(violated(during('x')), ['linearizable', 'regular']);
  assert.equal(why(during('x'), 'regular'), 'K2 read x, which nobody had written');
  assert.deepEqual(violated(during('a')), []);
  assert.deepEqual(violated(during('b')), []);
});

test('a new value and then an old one again is regular, and not linearizable', () => {
  const inversion = 'K1:write a, K1=, K1:write b, K2:read, K2=b, K3:read, K3=a, K1=';
  assert.deepEqual(violated(inversion), ['linearizable']);
  assert.equal(
    why(inversion, 'linearizable'),
    'K2 read b, and after that K3 read a: no order of the operations explains both',
  );
  assert.deepEqual(violated('K1:write a, K1=, K1:write b, K2:read, K3:read, K2=b, K3=a, K1='), []);
});

test('several writers: a value counts until another write that began later is complete', () => {
  assert.deepEqual(violated('K1:write a, K2:write b, K1=, K2=, K3:read, K3=a'), []);
  assert.deepEqual(violated('K1:write a, K2:write b, K1=, K2=, K3:read, K3=a, K4:read, K4=b'), ['linearizable']);
  assert.deepEqual(violated('K1:write a, K1=, K2:write b, K2=, K3:read, K3=a'), ['linearizable', 'regular', 'safe']);
});

test('a write that never ended may take effect at any time later, or never', () => {
  assert.deepEqual(violated('K1:write a, K1?, K1:read, K1=-, K2:read, K2=a'), []);
  assert.deepEqual(violated('K1:write a, K1?, K2:read, K2=a, K1:read, K1=-'), ['linearizable']);
});

test('of a traitor the reads are not judged, and its writes may take effect at any time', () => {
  const lies = 'K2!, K1:write a, K1=, K2:write b, K2=, K2:read, K2=x, K1:read, K1=a, K3:read, K3=b';
  assert.deepEqual(violated(lies), []);
});

test('what shows that each clause was put to the test is reached by what puts it to the test, and not before', () => {
  const reached = (words: string) =>
    ['read-alone', 'read-overlapped', 'read-twice'].filter((name) => verdicts(words)[name] === true);
  assert.deepEqual(reached('K2:read, K2=-'), []);
  assert.deepEqual(reached('K1:write a, K1=, K2:read, K2=a'), ['read-alone']);
  assert.deepEqual(reached('K1:write a, K2:read, K2=a'), ['read-overlapped']);
  assert.deepEqual(reached('K1:write a, K2:read, K2=a, K2:read, K2=a'), ['read-overlapped', 'read-twice']);
});

test('every operation of a client that runs must end; of one that crashed nobody knows', () => {
  const open = verdicts('K1:write a, K2:read', [nodeView('K1'), nodeView('K2')]).completion as Failure;
  assert.deepEqual(open.nodes, ['K1', 'K2']);
  assert.match(open.why, /the write of K1, the read of K2 have not ended/);
  assert.equal(verdicts('K1:write a, K1=', [nodeView('K1')]).completion, true);
  assert.equal(verdicts('K1:write a', [nodeView('K1', { status: 'crashed', everCrashed: true })]).completion, true);
});

test('only items that name a moment of an operation are part of the history', () => {
  const read = (item: Json) => historyEventOf('K', { type: 'deliver', item });
  assert.deepEqual(read({ ok: 'read', value: 'a' }), { process: 'K', type: 'ok', f: 'read', value: 'a' });
  for (const item of ['ok', null, 7, { value: 'a' }, { ok: 1 }, ['ok']]) assert.equal(read(item), null);
  assert.equal(historyEventOf('K', { type: 'decide', value: { ok: 'read' } }), null);
  const kept = register().map((property) => ({ property, memory: property.memory?.initial ?? null }));
  assert.deepEqual(historyIn(kept), []);
  assert.equal(historyIn(kept.slice(0, 3)), null);
});

test('an operation that a crash cut off ends in info when its client begins another', () => {
  const history = historyOf('K1:write a, K1:read, K1=-').map(({ event }) => event);
  assert.deepEqual(
    closedHistory(history).map(({ type, f }) => `${type} ${f}`),
    ['invoke write', 'info write', 'invoke read', 'ok read'],
  );
  assert.deepEqual(
    operationsOf(closedHistory(history)).map(({ returnedAt }) => returnedAt),
    [null, 3],
  );
});

/** Lamport's definitions, word for word, for one writer whose writes never overlap. */
function allowed(writes: readonly Operation[], read: Operation, clause: 'safe' | 'regular'): boolean {
  const overlapping = writes.filter(
    (write) => write.invokedAt < (read.returnedAt as number) && (write.returnedAt ?? Infinity) > read.invokedAt,
  );
  const before = writes.filter((write) => (write.returnedAt ?? Infinity) < read.invokedAt);
  const possible = [before.at(-1)?.argument ?? null, ...overlapping.map(({ argument }) => argument)];
  return (clause === 'safe' && overlapping.length > 0) || possible.includes(read.result);
}

test('with one writer, safe and regular are what Lamport says, and linearizable what the search says', () => {
  const steps = fc.array(fc.record({ who: fc.constantFrom('K1', 'K2', 'K3'), value: fc.nat(3) }), { maxLength: 24 });
  fc.assert(
    fc.property(steps, (drawn) => {
      let count = 0;
      const busy = new Set<string>();
      const words = drawn.map(({ who, value }) => {
        const isBusy = busy.delete(who);
        if (!isBusy) busy.add(who);
        if (who === 'K1') return isBusy ? 'K1=' : `K1:write ${++count}`;
        return isBusy ? `${who}=${value === 0 ? '-' : value}` : `${who}:read`;
      });
      if (words.length === 0) return;
      const operations = operationsOf(historyOf(words.join(', ')).map(({ event }) => event));
      const writes = operations.filter(({ name }) => name === 'write');
      const reads = operations.filter(({ name, returnedAt }) => name === 'read' && returnedAt !== null);
      const said = verdicts(words.join(', '));
      for (const clause of ['safe', 'regular'] as const) {
        assert.equal(
          said[clause] === true,
          reads.every((read) => allowed(writes, read, clause)),
          clause,
        );
      }
      assert.equal(said.linearizable === true, judgeHistory(operations, model).verdict === 'linearizable');
    }),
    { numRuns: 300, seed: 7 },
  );
});
