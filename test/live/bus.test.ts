/** How clients must behave on the bus: every row of the security table that is decided after the upgrade. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { type Bus, type BusOptions, startBus } from '../../src/live/bus.ts';
import type { Command, NodeMessage } from '../../src/live/messages.ts';
import { frame, inject, join } from './strangers.ts';

let bus: Bus;
const commands: Command[] = [];
async function start(options: BusOptions = {}): Promise<void> {
  commands.length = 0;
  bus = await startBus({
    onCommand: async (command) => {
      commands.push(command);
      return null;
    },
    ...options,
  });
}
afterEach(() => bus.close());

const step = JSON.stringify({ type: 'step' });

/** Somebody else on the bus is served as ever. */
async function othersUnaffected(): Promise<void> {
  const other = await join(bus, bus.operatorToken);
  const answer = other.next();
  other.socket.send(step);
  assert.deepEqual(await answer, { type: 'done' });
  other.socket.close();
}

test('a message over 64 KiB ends the connection with 1009', async () => {
  await start();
  const client = await join(bus, bus.operatorToken);
  client.socket.send('x'.repeat(64 * 1024 + 1));
  assert.equal(await client.closed, 1009);
  await othersUnaffected();
});

test('100,000 tiny or empty fragments end the connection with 1008, and memory stays flat', async () => {
  await start();
  const before = process.memoryUsage().rss;
  for (const payload of [Buffer.alloc(0), Buffer.from('x')]) {
    const client = await join(bus, bus.operatorToken);
    const middle = frame(0, false, payload);
    inject(client, Buffer.concat([frame(1, false, payload), ...new Array<Buffer>(100_000).fill(middle)]));
    assert.equal(await client.closed, 1008);
  }
  assert.ok(process.memoryUsage().rss - before < 64 * 1024 * 1024);
  await othersUnaffected();
});

test('a binary frame ends the connection with 1003', async () => {
  await start();
  const client = await join(bus, bus.operatorToken);
  client.socket.send(Buffer.from(step), { binary: true });
  assert.equal(await client.closed, 1003);
  assert.deepEqual(commands, []);
  await othersUnaffected();
});

test('invalid UTF-8 ends the connection with 1007', async () => {
  await start();
  const client = await join(bus, bus.operatorToken);
  inject(client, frame(1, true, Buffer.from([0x22, 0xff, 0xfe, 0x22])));
  assert.equal(await client.closed, 1007);
  await othersUnaffected();
});

const bad: readonly (readonly [name: string, text: string, path: string])[] = [
  ['no JSON', '{', ''],
  ['nested 10,000 deep', '['.repeat(10_000) + ']'.repeat(10_000), '[0][0]'],
  ['nested deep inside a field', `{"type":"act","act":${'{"a":'.repeat(100)}1${'}'.repeat(100)}}`, 'act.a.a'],
  ['a prototype key', '{"type":"act","act":{"type":"heal","__proto__":{"x":1}}}', 'act.__proto__'],
  ['an escaped prototype key', '{"type":"step","\\u005f_proto__":1}', '__proto__'],
  ['a number that overflows', '{"type":"act","act":{"type":"delay","byMs":1e400}}', 'act.byMs'],
  ['an unknown type', '{"type":"launch"}', 'type'],
  ['a type that every object has', '{"type":"constructor"}', 'type'],
  ['no type', '{}', 'type'],
  ['a list', '[]', ''],
  ['a missing field', '{"type":"act","act":{"type":"crash"}}', 'act.node'],
  ['an unknown act', '{"type":"act","act":{"type":"explode"}}', 'act.type'],
  ['a wrong item', '{"type":"act","act":{"type":"partition","groups":[["A"],[1]]}}', 'act.groups[1][0]'],
  ['a field too many', '{"type":"step","times":3}', 'times'],
  ['a count that is no whole number', '{"type":"act","act":{"type":"deliver-now","message":1.5}}', 'act.message'],
];
for (const [name, text, path] of bad) {
  test(`a bad message is told with the path of its field: ${name}`, async () => {
    await start();
    const client = await join(bus, bus.operatorToken);
    const answer = client.next();
    client.socket.send(text);
    const told = await answer;
    assert.equal(told.error, 'bad message');
    assert.ok(String(told.path).startsWith(path), String(told.path));
    assert.ok(String(told.path).length < 200);
    assert.deepEqual(commands, []);
    await othersUnaffected();
  });
}

test('the third bad message ends the connection', async () => {
  await start();
  const client = await join(bus, bus.operatorToken);
  for (let i = 0; i < 5; i++) client.socket.send('{}');
  client.socket.send(step);
  assert.equal(await client.closed, 1008);
  assert.equal(client.heard.length, 3);
  assert.deepEqual(commands, []);
});

test('a node that speaks as another is not heard, is counted, and is cut off when it goes on', async () => {
  const forged: string[] = [];
  await start({ onForgery: (speaker, claimed) => forged.push(`${speaker} as ${claimed}`) });
  const heard: NodeMessage[] = [];
  const gone = Promise.withResolvers<string>();
  const quiet = { message: () => assert.fail('B was heard'), bad: () => {}, gone: () => {} };
  bus.seat('B', quiet);
  const seat = bus.seat('A', { message: (message) => heard.push(message), bad: () => {}, gone: gone.resolve });
  const node = await join(bus, seat.token);
  node.socket.send(JSON.stringify({ type: 'ready', node: 'A' }));
  for (let i = 0; i < 3; i++) node.socket.send(JSON.stringify({ type: 'ready', node: 'B' }));
  assert.equal(await node.closed, 1008);
  assert.deepEqual(heard, [{ type: 'ready', node: 'A' }]);
  assert.equal(bus.forgeries, 3);
  assert.deepEqual(forged, ['A as B', 'A as B', 'A as B']);
  assert.equal(await gone.promise, 'bad messages');
});

test('a viewer watches and commands nothing', async () => {
  await start();
  const viewer = await join(bus, bus.viewerToken);
  const answer = viewer.next();
  viewer.socket.send(step);
  assert.equal((await answer).error, 'forbidden');
  assert.deepEqual(commands, []);
  const snapshot = viewer.next();
  bus.publish(JSON.stringify({ type: 'snapshot', events: 1 }));
  assert.deepEqual(await snapshot, { type: 'snapshot', events: 1 });
});

test('neither a viewer nor an operator can speak as a node', async () => {
  await start();
  for (const token of [bus.viewerToken, bus.operatorToken]) {
    const client = await join(bus, token);
    const answer = client.next();
    client.socket.send(JSON.stringify({ type: 'ready', node: 'A' }));
    assert.equal((await answer).error, 'bad message');
    client.socket.close();
  }
});

test('over 200 messages in a second a client is throttled, and cut off when it does not stop', async () => {
  await start();
  const client = await join(bus, bus.operatorToken);
  for (let i = 0; i < 260; i++) client.socket.send(step);
  await until(() => client.heard.some(({ error }) => error === 'too many messages'));
  assert.equal(commands.length, 200);
  await othersUnaffected();
  const flood = setInterval(() => {
    for (let i = 0; i < 100; i++) client.socket.send(step);
  }, 50);
  assert.equal(await client.closed, 1008);
  clearInterval(flood);
  await othersUnaffected();
});

test('a reader that does not read gets only the newest snapshot, and memory stays flat', async () => {
  await start();
  const viewer = await join(bus, bus.viewerToken);
  const before = process.memoryUsage().rss;
  viewer.socket.pause();
  const big = 'x'.repeat(512 * 1024);
  for (let i = 0; i < 400; i++) {
    bus.publish(JSON.stringify({ type: 'snapshot', i, big }));
    await new Promise(setImmediate);
  }
  assert.ok(process.memoryUsage().rss - before < 100 * 1024 * 1024);
  viewer.socket.resume();
  await until(() => viewer.heard.at(-1)?.i === 399);
  assert.ok(viewer.heard.length < 100);
});

test('a reader with more than its backlog unread is cut off', async () => {
  await start({ limits: { backlogBytes: 100_000 } });
  const gone = Promise.withResolvers<string>();
  const seat = bus.seat('A', { message: () => {}, bad: () => {}, gone: gone.resolve });
  const node = await join(bus, seat.token);
  node.socket.pause();
  const stop = setInterval(() => seat.send(JSON.stringify('x'.repeat(1024 * 1024))), 1);
  assert.equal(await gone.promise, 'does not read what it is sent');
  clearInterval(stop);
  await othersUnaffected();
});

test('no token stands in what the bus says', async () => {
  await start();
  const client = await join(bus, bus.operatorToken);
  client.socket.send('{}');
  client.socket.send(JSON.stringify({ type: 'act', act: { type: bus.operatorToken } }));
  await until(() => client.heard.length === 2);
  assert.doesNotMatch(JSON.stringify(client.heard), new RegExp(bus.operatorToken));
  assert.doesNotMatch(process.title + process.argv.join(' ') + bus.url, new RegExp(bus.operatorToken));
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
