import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestWorld } from '../../src/core/digest.ts';
import { refusal } from '../../src/core/refusal.ts';
import { actInRun, createRun, type Run, runToEnd, stepRun } from '../../src/core/run.ts';
import { type Act, Refusal } from '../../src/core/session.ts';
import { chatter, chatterScenario } from '../fixtures/chatter.ts';

const until = (run: Run, done: (run: Run) => boolean): void => {
  while (!done(run)) assert.ok(stepRun(run), 'the run became quiet before the moment came');
};
const started = (count: number, changes = {}): Run => {
  const run = createRun(chatterScenario(count, changes), chatter);
  until(run, () => run.world.pending.size === count - 1);
  return run;
};
const pendingTo = (run: Run, to: string) => [...run.world.pending.values()].filter((message) => message.to === to);

test('a partition holds back the messages in flight that cross it, and heal lets them go on with the time they had left', () => {
  const run = started(3);
  const [message] = pendingTo(run, 'N2');
  assert.ok(message);
  actInRun(run, { type: 'partition', groups: [['N0', 'N1'], ['N2']] });
  assert.equal(run.world.pending.get(message.id)?.held?.by, 'partition');
  assert.equal(run.world.faults[0]?.touched, 1);
  run.world.nowMs += 1000;
  actInRun(run, { type: 'heal' });
  const released = run.world.pending.get(message.id);
  assert.equal(released?.held, null);
  assert.equal(released?.deliverAtMs, run.world.nowMs + message.deliverAtMs - message.sentAtMs);
});

test('a partition with drop loses what crosses it, then and later', () => {
  const run = started(3);
  actInRun(run, { type: 'partition', groups: [['N0'], ['N1', 'N2']], drop: true });
  assert.equal(run.world.pending.size, 0);
  assert.equal(run.world.costs.dropped, 2);
  actInRun(run, { type: 'input', node: 'N0', input: 'say', data: { word: 'again' } });
  assert.equal(run.world.costs.dropped, 4);
});

test('a new partition replaces the old one: what no longer crosses goes on', () => {
  const run = started(3);
  actInRun(run, { type: 'partition', groups: [['N0', 'N1'], ['N2']] });
  actInRun(run, { type: 'partition', groups: [['N0', 'N2'], ['N1']] });
  assert.equal(pendingTo(run, 'N2')[0]?.held, null);
  assert.equal(pendingTo(run, 'N1')[0]?.held?.by, 'partition');
});

test('a partition may have any number of groups', () => {
  const run = started(4);
  actInRun(run, { type: 'partition', groups: [['N0'], ['N1'], ['N2', 'N3']] });
  assert.ok([...run.world.pending.values()].every(({ held }) => held?.by === 'partition'));
});

test('a one-way cut stops one direction only', () => {
  const run = started(2);
  actInRun(run, { type: 'cut', from: 'N1', to: 'N0' });
  assert.equal(pendingTo(run, 'N1')[0]?.held, null);
  until(run, () => pendingTo(run, 'N0').length > 0);
  assert.ok(pendingTo(run, 'N0').every(({ held }) => held?.by === 'cut'));
});

test('one message can be delayed, held, released, duplicated, delivered now and dropped', () => {
  const run = started(3);
  const [first] = pendingTo(run, 'N1');
  assert.ok(first);
  actInRun(run, { type: 'delay', message: first.id, byMs: 500 });
  assert.equal(run.world.pending.get(first.id)?.deliverAtMs, first.deliverAtMs + 500);
  actInRun(run, { type: 'hold', message: first.id });
  assert.equal(run.world.pending.get(first.id)?.held?.by, 'hold');
  actInRun(run, { type: 'release', message: first.id });
  actInRun(run, { type: 'duplicate', message: first.id });
  const copy = pendingTo(run, 'N1').find(({ copyOf }) => copyOf === first.id);
  assert.ok(copy);
  actInRun(run, { type: 'deliver-now', message: first.id });
  assert.equal(stepRun(run)?.[0]?.message?.id, first.id);
  actInRun(run, { type: 'drop', message: copy.id });
  assert.equal(run.world.pending.has(copy.id), false);
  assert.throws(() => actInRun(run, { type: 'drop', message: copy.id }), Refusal);
});

test('a rule touches what is sent from now on, not what is in flight, and ends after its count', () => {
  const run = started(3);
  const flying = run.world.pending.size;
  actInRun(run, { type: 'drop', from: 'N0', to: 'N1', kind: 'word', count: 1 });
  assert.equal(run.world.pending.size, flying);
  actInRun(run, { type: 'input', node: 'N0', input: 'say', data: { word: 'lost' } });
  actInRun(run, { type: 'input', node: 'N0', input: 'say', data: { word: 'found' } });
  const words = pendingTo(run, 'N1').map(({ body }) => body.word);
  assert.deepEqual(words, ['hello', 'found']);
  assert.equal(run.world.rules.length, 0);
});

test('reorder puts a message behind the next one on its link; fifo order refuses', () => {
  const run = started(2);
  actInRun(run, { type: 'input', node: 'N0', input: 'say', data: { word: 'second' } });
  const earliest = pendingTo(run, 'N1').sort((a, b) => a.deliverAtMs - b.deliverAtMs)[0];
  assert.ok(earliest);
  actInRun(run, { type: 'reorder', message: earliest.id });
  assert.notEqual(stepRun(run)?.[0]?.message?.id, earliest.id);
  const fifo = started(2, { network: { ...chatterScenario(2).network, order: 'fifo' } });
  assert.throws(() => actInRun(fifo, { type: 'reorder', message: 1 }), /fifo/);
});

test('fifo links deliver in sending order whatever the latencies', () => {
  for (let seed = 0; seed < 30; seed++) {
    const run = createRun(
      chatterScenario(3, { seed, network: { ...chatterScenario(3).network, order: 'fifo' } }),
      chatter,
    );
    for (const word of ['a', 'b', 'c', 'd']) actInRun(run, { type: 'input', node: 'N0', input: 'say', data: { word } });
    runToEnd(run);
    const last = new Map<string, number>();
    for (const { message } of run.trace) {
      if (message === null) continue;
      const link = `${message.from}>${message.to}`;
      assert.ok(message.id > (last.get(link) ?? 0), `seed ${seed}: message ${message.id} overtook on ${link}`);
      last.set(link, message.id);
    }
  }
});

test('on fifo links nothing that is done to messages makes one overtake another', () => {
  const network = { ...chatterScenario(2).network, order: 'fifo' } as const;
  const late: Act[][] = [
    [{ type: 'delay', message: 1, byMs: 500 }],
    [{ type: 'hold', message: 1 }],
    [
      { type: 'hold', message: 1 },
      { type: 'deliver-now', message: 1 },
    ],
    [{ type: 'hold', message: 1 }, { type: 'heal' }],
    [{ type: 'hold', message: 1 }, { type: 'release' }],
    [
      { type: 'delay', message: 2, byMs: 500 },
      { type: 'deliver-now', message: 1 },
    ],
  ];
  for (let seed = 0; seed < 10; seed++)
    for (const acts of late) {
      const run = started(2, { seed, network });
      for (const word of ['a', 'b']) actInRun(run, { type: 'input', node: 'N0', input: 'say', data: { word } });
      for (const act of acts) actInRun(run, act);
      actInRun(run, { type: 'input', node: 'N0', input: 'say', data: { word: 'c' } });
      runToEnd(run);
      const arrived = run.trace.flatMap(({ message }) => (message?.from === 'N0' ? [message.id] : []));
      assert.deepEqual(
        arrived,
        arrived.toSorted((a, b) => a - b),
        JSON.stringify(acts),
      );
      const stays = acts.length === 1 && acts[0]?.type === 'hold';
      assert.equal(arrived.includes(1), !stays, 'what is behind a held message waits with it');
      if (stays) assert.deepEqual(arrived, []);
    }
});

test('on a fifo link a message that is to come now does, and one behind a held message is not let go before it', () => {
  const network = { ...chatterScenario(2).network, order: 'fifo' } as const;
  const run = started(2, { network });
  for (const word of ['a', 'b']) actInRun(run, { type: 'input', node: 'N0', input: 'say', data: { word } });
  actInRun(run, { type: 'hold', message: 1 });
  assert.match(refusal(run.world, { type: 'release', message: 2 }) ?? '', /fifo: message 1 goes first/);
  actInRun(run, { type: 'deliver-now', message: 1 });
  const atMs = run.world.nowMs;
  const delivered = stepRun(run)?.find(({ message }) => message !== null);
  assert.deepEqual([delivered?.message?.id, delivered?.atMs], [1, atMs]);
});

test('loss and duplication follow their probabilities and do not shift the latencies', () => {
  const network = chatterScenario(2).network;
  const all = createRun(chatterScenario(5, { network: { ...network, loss: 1 } }), chatter);
  runToEnd(all);
  assert.equal(all.world.costs.delivered, 0);
  const twice = createRun(chatterScenario(2, { network: { ...network, duplicate: 1 } }), chatter);
  runToEnd(twice);
  assert.equal(twice.world.costs.delivered, 2 * twice.world.costs.messages);
  const latencies = (loss: number): number[] => {
    const run = createRun(chatterScenario(4, { network: { ...network, loss } }), chatter);
    until(run, () => run.trace.some(({ sends }) => sends.length > 0));
    return run.trace.flatMap(({ sends }) => sends.map(({ deliverAtMs }) => deliverAtMs));
  };
  assert.deepEqual(latencies(0), latencies(0.5));
});

test('equal seeds give equal digests, other seeds others', () => {
  const digestOf = (seed: number): string => {
    const run = createRun(chatterScenario(4, { seed }), chatter);
    runToEnd(run);
    return digestWorld(run.world);
  };
  assert.equal(digestOf(5), digestOf(5));
  assert.notEqual(digestOf(5), digestOf(6));
});
