/** What the tests of the bus share: raw requests, clients that remember, and frames that no honest client sends. */
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import type { Bus } from '../../src/live/bus.ts';

export const portOf = (bus: Bus): number => Number(new URL(bus.url).port);

/** Sends these bytes and gives all that comes back. */
export function raw(bus: Bus, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(portOf(bus), '127.0.0.1');
    let text = '';
    socket.on('data', (data) => {
      text += data.toString('latin1');
      // an upgrade has no end of its own
      if (text.startsWith('HTTP/1.1 101')) socket.destroy();
    });
    socket.on('close', () => resolve(text));
    socket.on('error', () => resolve(text));
    socket.write(bytes);
  });
}

export interface Headers {
  readonly [name: string]: string | null;
}

/** The status of an upgrade request with these headers; null leaves a header out. */
export async function upgrade(bus: Bus, headers: Headers, path = '/'): Promise<number> {
  const all: Headers = {
    Host: `127.0.0.1:${portOf(bus)}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  const answer = await raw(bus, Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
}

export const bearer = (token: string): Headers => ({ Authorization: `Bearer ${token}` });

/** A client that keeps what it hears, in order, and knows how it ended. */
export interface Witness {
  readonly socket: WebSocket;
  readonly heard: { readonly [field: string]: unknown }[];
  readonly closed: Promise<number>;
  next(): Promise<{ readonly [field: string]: unknown }>;
}

export async function join(bus: Bus, token: string): Promise<Witness> {
  const socket = new WebSocket(bus.url, { headers: { authorization: `Bearer ${token}` }, perMessageDeflate: false });
  const heard: Witness['heard'] = [];
  const waiting: ((message: Witness['heard'][number]) => void)[] = [];
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    heard.push(message);
    waiting.shift()?.(message);
  });
  socket.on('error', () => {});
  const closed = new Promise<number>((resolve) => socket.on('close', (code) => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return { socket, heard, closed, next: () => new Promise((resolve) => waiting.push(resolve)) };
}

/** A client's frame: masked with zeros. */
export function frame(opcode: number, final: boolean, payload: Buffer): Buffer {
  const head = [(final ? 0x80 : 0) | opcode];
  if (payload.length < 126) head.push(0x80 | payload.length);
  else head.push(0x80 | 126, payload.length >> 8, payload.length & 255);
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload]);
}

/** Bytes straight onto an open connection, past the library's own good manners. */
export function inject(witness: Witness, bytes: Buffer): void {
  (witness.socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(bytes);
}
