import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setup } from 'xstate';
import type { Treachery } from '../../src/core/faults.ts';
import { defineProtocol, effects, type Json, type NodeInput } from '../../src/core/protocol.ts';
import { refusal } from '../../src/core/refusal.ts';
import { actInRun, createRun, type Run, runToEnd, stepRun } from '../../src/core/run.ts';
import type { Envelope } from '../../src/core/world.ts';
import { chatter, chatterScenario } from '../fixtures/chatter.ts';

/** N0 turned traitor before it said its first word: what it really sent to whom. */
function said(
  behaviour: Treachery['behaviour'],
  more: Partial<Treachery> = {},
  count = 5,
): { run: Run; sends: readonly Envelope[] } {
  const run = createRun(chatterScenario(count, { inputs: [], failures: 'byzantine' }), chatter);
  for (let i = 0; i < count; i++) stepRun(run);
  actInRun(run, { type: 'traitor', node: 'N0', behaviour, ...more });
  const [event] = actInRun(run, { type: 'input', node: 'N0', input: 'say', data: { word: 'hello' } });
  assert.ok(event);
  return { run, sends: event.sends };
}
const words = (sends: readonly Envelope[]): Json[] => sends.map(({ to, body }) => `${to}:${String(body.word)}`);

test('silent: nothing is sent, and the honest sends stay visible as effects', () => {
  const { run, sends } = said('silent');
  assert.equal(sends.length, 0);
  assert.equal(run.trace.at(-1)?.effects.filter(({ type }) => type === 'send').length, 4);
  assert.equal(run.world.faults[0]?.touched, 4);
});

test('omit: the targets get nothing, the others everything', () => {
  assert.deepEqual(words(said('omit', { targets: ['N2', 'N4'] }).sends), ['N1:hello', 'N3:hello']);
  assert.deepEqual(words(said('omit').sends), ['N2:hello', 'N4:hello']);
});

test('equivocate: the targets hear something else than the others', () => {
  assert.deepEqual(words(said('equivocate', { targets: ['N3'] }).sends), [
    'N1:hello',
    'N2:hello',
    'N3:hush',
    'N4:hello',
  ]);
});

test('scripted: word by word as it is told, then the truth; what is no lie of its protocol it cannot say', () => {
  const hush = { type: 'word', word: 'hush', hop: 2 };
  const { sends, run } = said('scripted', { says: [hush, 'nothing', { ...hush, word: 'never' }] });
  assert.deepEqual(words(sends), ['N1:hush', 'N3:hello', 'N4:hello']);
  assert.deepEqual(run.world.nodes[0]?.treachery?.how.says, []);
  assert.equal(run.world.faults[0]?.touched, 2);
});

test('scripted: a word may come late, the truth too, and that is noted as a lie', () => {
  const inTime = said('scripted', { says: [] }).sends;
  const { sends, run } = said('scripted', { says: ['truth', 'truth', 'nothing'], lateMs: [70, 0, 0] });
  const arrivals = sends.map(({ deliverAtMs }, i) => deliverAtMs - (inTime[i]?.deliverAtMs ?? 0));
  assert.deepEqual(arrivals.slice(0, 2), [70, 0]);
  assert.deepEqual(
    sends.map(({ lie }) => lie !== undefined),
    [true, false, false],
  );
  assert.deepEqual(run.world.nodes[0]?.treachery?.how.lateMs, []);
  assert.equal(run.world.faults[0]?.touched, 2);
});

test('only a scripted traitor has a script, and it must have one', () => {
  const { world } = said('silent').run;
  const late = { type: 'traitor', node: 'N0', behaviour: 'scripted', says: ['truth'] } as const;
  assert.match(refusal(world, { ...late, lateMs: [1, 2] }) ?? '', /each word in `says`/);
  assert.match(refusal(world, { ...late, lateMs: [-1] }) ?? '', /from 0 to a day/);
  assert.equal(refusal(world, { ...late, lateMs: [1] }), null);
  assert.match(refusal(world, { type: 'traitor', node: 'N0', behaviour: 'scripted' }) ?? '', /has `says`/);
  assert.match(refusal(world, { type: 'traitor', node: 'N0', behaviour: 'omit', says: [] }) ?? '', /has `says`/);
  assert.equal(refusal(world, { type: 'traitor', node: 'N0', behaviour: 'scripted', says: ['truth'] }), null);
});

test('wrong-value: everybody hears the same lie, and the record keeps what was true', () => {
  const { sends } = said('wrong-value');
  assert.deepEqual(words(sends), ['N1:hush', 'N2:hush', 'N3:hush', 'N4:hush']);
  assert.equal(sends[0]?.lie?.honest?.word, 'hello');
});

test('replay: an old message goes out instead of the one that is due', () => {
  const { run } = said('replay');
  const [event] = actInRun(run, { type: 'input', node: 'N0', input: 'say', data: { word: 'news' } });
  assert.ok(event?.sends.every(({ body }) => body.word === 'hello'));
});

test('delay: by the given time, or until just before the receiver would time out', () => {
  const { run, sends } = said('delay', { byMs: 1000 });
  assert.ok(sends.every(({ deliverAtMs }) => deliverAtMs >= run.world.nowMs + 1000));
  const late = createRun(chatterScenario(2, { inputs: [] }), chatter);
  for (let i = 0; i < 2; i++) stepRun(late);
  actInRun(late, { type: 'input', node: 'N0', input: 'say', data: { word: 'first' } });
  while (late.world.nodes[1]?.timers.length === 0) stepRun(late);
  actInRun(late, { type: 'traitor', node: 'N0', behaviour: 'delay' });
  const [event] = actInRun(late, { type: 'input', node: 'N0', input: 'say', data: { word: 'late' } });
  const deadline = late.world.nodes[1]?.timers[0]?.fireAtMs ?? 0;
  const arrival = event?.sends[0]?.deliverAtMs ?? 0;
  assert.ok(arrival < deadline && arrival > deadline - 60, `arrives at ${arrival}, the timer fires at ${deadline}`);
});

test('duplicate: everything is sent twice', () => {
  assert.equal(said('duplicate').sends.length, 8);
});

test('mutate: exactly one field is off by a little', () => {
  for (const { body, lie } of said('mutate').sends) {
    const changed = Object.keys(body).filter((field) => body[field] !== lie?.honest?.[field]);
    assert.equal(changed.length, 1);
  }
});

test('collude: two colluders tell the same story to each camp, and nothing but the truth to each other', () => {
  const run = createRun(chatterScenario(6, { inputs: [], failures: 'byzantine' }), chatter);
  for (let i = 0; i < 6; i++) stepRun(run);
  for (const node of ['N0', 'N1'])
    actInRun(run, { type: 'traitor', node, behaviour: 'collude', targets: ['N2', 'N3'] });
  const story = (node: string): Json[] =>
    words(actInRun(run, { type: 'input', node, input: 'say', data: { word: 'hello' } })[0]?.sends ?? []).slice(1);
  const told = story('N0');
  assert.deepEqual(story('N1'), told);
  assert.equal(new Set(told.map((each) => String(each).split(':')[1])).size, 2);
});

test('amnesia: every step starts from a blank state', () => {
  const run = createRun(chatterScenario(3), chatter);
  while ((run.world.nodes[1]?.context.heard ?? 0) === 0) stepRun(run);
  actInRun(run, { type: 'traitor', node: 'N1', behaviour: 'amnesia' });
  runToEnd(run);
  assert.ok(Number(run.world.nodes[1]?.context.heard) <= 1);
  assert.ok(Number(run.world.nodes[2]?.context.heard) > 1);
});

test('an honest node again: it follows the protocol, and stays faulty in the count', () => {
  const { run } = said('wrong-value');
  actInRun(run, { type: 'honest', node: 'N0' });
  const [event] = actInRun(run, { type: 'input', node: 'N0', input: 'say', data: { word: 'truth' } });
  assert.ok(event?.sends.every(({ body }) => body.word === 'truth'));
  assert.equal(run.world.nodes[0]?.honest, false);
});

test('a traitor with nothing to bend touches nothing', () => {
  const { run } = said('wrong-value', { kinds: ['heard'] });
  assert.equal(run.world.faults[0]?.touched, 0);
});

/** A passes a signed order to B, B passes it on to C with the proof inside. */
const relay = setup({ types: {} as { input: NodeInput; context: { orders: number } }, actions: effects }).createMachine(
  {
    id: 'relay',
    context: { orders: 0 },
    on: {
      go: { actions: { type: 'send', params: { to: 'B', message: { type: 'order', value: 'attack' }, signed: true } } },
      order: {
        actions: {
          type: 'send',
          params: ({ event }) => ({ to: 'C', message: { type: 'relay', proof: event.signed as Json } }),
        },
      },
      relay: {
        actions: { type: 'deliver', params: ({ event }) => ({ item: (event.proof as { statement: Json }).statement }) },
      },
    },
  },
);
const signedRelay = defineProtocol({
  id: 'signed-relay',
  roles: { general: relay },
  messages: ['order', 'relay'],
  inputs: ['go'],
  lies: {
    order: { value: ['retreat'] },
    relay: (honest) => {
      const proof = honest.proof as { signer: string; statement: { value: string }; signature: string };
      return [{ ...honest, proof: { ...proof, statement: { ...proof.statement, value: 'retreat' } } }];
    },
  },
});
const relayRun = (traitor: string | null): Run => {
  const nodes = { A: 'general', B: 'general', C: 'general' };
  const run = createRun(
    chatterScenario(0, { nodes, inputs: [{ atMs: 1, node: 'A', input: 'go', data: {} }] }),
    signedRelay,
  );
  if (traitor) actInRun(run, { type: 'traitor', node: traitor, behaviour: 'wrong-value' });
  runToEnd(run);
  return run;
};

test('with signatures a forged relay is rejected and counted; a true one is delivered', () => {
  const honest = relayRun(null);
  assert.deepEqual(honest.world.nodes[2]?.delivered, [{ type: 'order', value: 'attack' }]);
  assert.equal(honest.world.forgeries, 0);
  const forged = relayRun('B');
  assert.deepEqual(forged.world.nodes[2]?.delivered, []);
  assert.equal(forged.world.forgeries, 1);
  assert.ok(forged.trace.some(({ notes }) => notes.some((note) => /signed by A is forged/.test(note))));
});

test('a traitor may sign its own lie: that is no forgery', () => {
  const run = relayRun('A');
  assert.deepEqual(run.world.nodes[2]?.delivered, [{ type: 'order', value: 'retreat' }]);
  assert.equal(run.world.forgeries, 0);
});
