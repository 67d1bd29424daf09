/** Who gets onto the bus: every row of the security table that is decided before the WebSocket upgrade. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Bus, BusError, startBus } from '../../src/live/bus.ts';
import { bearer, portOf, raw, upgrade } from './strangers.ts';

let bus: Bus;
before(async () => {
  bus = await startBus({ requestTimeoutMs: 300 });
});
after(() => bus.close());

const stillAlive = async (): Promise<void> => assert.equal(await upgrade(bus, bearer(bus.operatorToken)), 101);

test('the bus listens on loopback, and on nothing else unless that is allowed expressly', async () => {
  assert.equal(new URL(bus.url).hostname, '127.0.0.1');
  assert.equal(bus.warning, null);
  await assert.rejects(
    startBus({ host: '0.0.0.0' }),
    (error) => error instanceof BusError && /loopback only/.test(error.message),
  );
  const open = await startBus({ host: '0.0.0.0', allowRemote: true });
  assert.match(open.warning ?? '', /other machines can reach it/);
  const address = `10.1.2.3:${portOf(open)}`;
  assert.equal(await upgrade(open, { ...bearer(open.viewerToken), Host: address, Origin: `http://${address}` }), 101);
  assert.equal(await upgrade(open, { ...bearer(open.viewerToken), Host: `evil.example:${portOf(open)}` }), 403);
  await open.close();
});

test('a token is demanded of everyone, and only a right one opens', async () => {
  const origin = { Origin: `http://127.0.0.1:${portOf(bus)}` };
  const wrong = bus.operatorToken.replace(/^./, (first) => (first === 'a' ? 'b' : 'a'));
  assert.equal(await upgrade(bus, {}), 401);
  assert.equal(await upgrade(bus, origin), 401);
  for (const token of [wrong, '', 'x', bus.operatorToken.slice(1), `${bus.operatorToken}x`, 'x'.repeat(5000), 'ü']) {
    assert.equal(await upgrade(bus, bearer(token)), 401, token.slice(0, 40));
  }
  assert.equal(await upgrade(bus, {}, `/?token=${wrong}`), 401);
  assert.equal(await upgrade(bus, bearer(bus.operatorToken)), 101);
  assert.equal(await upgrade(bus, { ...bearer(bus.viewerToken), ...origin }), 101);
  assert.equal(await upgrade(bus, {}, `/?token=${bus.viewerToken}`), 101);
});

test('tokens are long, and every seat has its own', () => {
  const handler = { message: () => {}, bad: () => {}, gone: () => {} };
  const seats = ['A', 'B', 'A'].map((node) => bus.seat(node, handler));
  const tokens = new Set([bus.operatorToken, bus.viewerToken, ...seats.map(({ token }) => token)]);
  assert.equal(tokens.size, 5);
  for (const token of tokens) assert.match(token, /^[\w-]{32}$/);
  for (const seat of seats) seat.leave();
});

test('a seat is taken by one connection, and its token dies with it', async () => {
  const seat = bus.seat('A', { message: () => {}, bad: () => {}, gone: () => {} });
  assert.equal(await upgrade(bus, bearer(seat.token)), 101);
  assert.equal(await upgrade(bus, bearer(seat.token)), 403);
  seat.leave();
  assert.equal(await upgrade(bus, bearer(seat.token)), 401);
});

test('pages from elsewhere are forbidden, with a token too', async () => {
  const port = portOf(bus);
  const pages = [
    'https://evil.example',
    'null',
    `http://127.0.0.1:${port + 1}`,
    `http://192.168.1.5:${port}`,
    'http://localhost',
  ];
  pages.push(
    `https://127.0.0.1:${port}`,
    `http://127.0.0.1.nip.io:${port}`,
    'file://',
    `http://127.0.0.1:${port}/path`,
  );
  for (const page of pages) assert.equal(await upgrade(bus, { ...bearer(bus.operatorToken), Origin: page }), 403, page);
});

test('a strange Host or Origin is refused, and the process lives', async () => {
  const port = portOf(bus);
  const token = bearer(bus.operatorToken);
  const refused = new Set([400, 403, 431]);
  const strange = [
    '127.0.0.1.nip.io',
    `127.0.0.1.nip.io:${port}`,
    '127.0.0.1',
    `127.0.0.1:${port + 1}`,
    '[',
    '::',
    'a b',
  ];
  strange.push('x'.repeat(10_000), `127.0.0.1:${port}\u0000`, `user@127.0.0.1:${port}`, `127.0.0.1:${port}/`, '\u00ff');
  for (const value of strange) {
    assert.ok(refused.has(await upgrade(bus, { ...token, Host: value })), `Host ${value.slice(0, 40)}`);
    assert.ok(refused.has(await upgrade(bus, { ...token, Origin: value })), `Origin ${value.slice(0, 40)}`);
  }
  assert.equal(await upgrade(bus, { ...token, Host: null }), 400);
  assert.equal(await upgrade(bus, { ...token, Host: '' }), 400);
  const old = `GET / HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
  assert.match(await raw(bus, old), /^HTTP\/1\.1 400/);
  await stillAlive();
});

test('a plain request is told to upgrade, and no other site may read the answer', async () => {
  const origin = 'Origin: https://evil.example\r\n';
  for (const method of ['GET', 'POST', 'OPTIONS']) {
    const answer = await raw(bus, `${method} / HTTP/1.1\r\nHost: 127.0.0.1:${portOf(bus)}\r\n${origin}\r\n`);
    assert.match(answer, /^HTTP\/1\.1 426/);
    assert.doesNotMatch(answer, /access-control/i);
  }
});

test('an upgrade that is no WebSocket handshake is refused', async () => {
  const token = bearer(bus.operatorToken);
  assert.equal(await upgrade(bus, { ...token, 'Sec-WebSocket-Key': 'short' }), 400);
  assert.equal(await upgrade(bus, { ...token, 'Sec-WebSocket-Version': '7' }), 400);
  assert.equal(await upgrade(bus, { ...token, Upgrade: 'h2c' }), 400);
});

test('2,000 headers are too many, short ones too', async () => {
  const many = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`x-${i}`, 'y']));
  assert.equal(await upgrade(bus, { ...bearer(bus.operatorToken), ...many }), 431);
  const few = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`x-${i}`, 'y']));
  assert.equal(await upgrade(bus, { ...bearer(bus.operatorToken), ...few }), 431);
  await stillAlive();
});

test('half a request is answered with a timeout', async () => {
  assert.match(await raw(bus, `GET / HTTP/1.1\r\nHost: 127.0.0.1:${portOf(bus)}\r\n`), /^HTTP\/1\.1 408/);
  await stillAlive();
});

test('a port in use is said in words', async () => {
  const port = portOf(bus);
  await assert.rejects(startBus({ port }), (error) => {
    assert.ok(error instanceof BusError);
    assert.match(error.message, new RegExp(`^port ${port} on 127.0.0.1 is in use: choose another`));
    return true;
  });
});
