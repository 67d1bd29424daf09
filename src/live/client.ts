/**
 * One client on the bus, and what it may do there: text only, in messages of sane size and shape, at a sane rate, and it
 * has to read what it is sent. Three bad messages, or a flood that goes on, end the connection.
 */
import { performance } from 'node:perf_hooks';
import type { RawData, WebSocket } from 'ws';
import { BadMessage } from './shapes.ts';

export interface ClientLimits {
  readonly messageBytes: number;
  readonly fragments: number;
  readonly bufferedChunks: number;
  /** sent and not read by the client: more, and it is cut off */
  readonly backlogBytes: number;
  readonly messagesPerSecond: number;
  readonly strikes: number;
}
export const clientLimits: ClientLimits = {
  messageBytes: 64 * 1024,
  fragments: 64,
  bufferedChunks: 1024,
  backlogBytes: 1024 * 1024,
  messagesPerSecond: 200,
  strikes: 3,
};
/** snapshots wait, the newest replacing the others, while this much is unread */
const snapshotBacklogBytes = 64 * 1024;
const windowMs = 1000;

export interface ClientHandler {
  /** Throws `BadMessage`. */
  message(text: string): void;
  gone(why: string): void;
}

export class Client {
  readonly #socket: WebSocket;
  readonly #limits: ClientLimits;
  readonly #handler: ClientHandler;
  readonly #counted: boolean;
  #strikes = 0;
  #windowStartMs = performance.now();
  #inWindow = 0;
  #floods = 0;
  #resume: NodeJS.Timeout | null = null;
  #closing: string | null = null;
  #snapshot: string | null = null;

  /** `counted`: held to the rate limit. Nodes are not: they answer requests, and what nobody asked for is a strike. */
  constructor(socket: WebSocket, limits: ClientLimits, counted: boolean, handler: ClientHandler) {
    this.#socket = socket;
    this.#limits = limits;
    this.#counted = counted;
    this.#handler = handler;
    socket.on('message', (data, isBinary) => this.#received(data, isBinary));
    socket.on('ping', () => this.#admitted());
    // `ws` has already chosen the close code (1007, 1008, 1009) when it reports an error
    socket.on('error', (error) => {
      this.#closing ??= error.message;
    });
    socket.on('close', (code) => {
      if (this.#resume) clearTimeout(this.#resume);
      handler.gone(this.#closing ?? `connection closed (${code})`);
    });
  }

  send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(text);
    if (this.#socket.bufferedAmount <= this.#limits.backlogBytes) return;
    this.#closing = 'does not read what it is sent';
    this.#socket.terminate();
  }

  /** Sends a picture of the present; while the client is behind, only the newest one waits. */
  sendSnapshot(text: string): void {
    if (this.#socket.bufferedAmount > snapshotBacklogBytes) {
      this.#snapshot = text;
      return;
    }
    this.#snapshot = null;
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(text, () => {
      if (this.#snapshot !== null) this.sendSnapshot(this.#snapshot);
    });
  }

  close(code: number, why: string): void {
    if (this.#closing !== null) return;
    this.#closing = why;
    this.#socket.close(code, why);
  }

  terminate(): void {
    this.#closing ??= 'ended';
    this.#socket.terminate();
  }

  strike(path: string, why: string): void {
    if (this.#closing !== null) return;
    this.send(JSON.stringify({ type: 'error', error: 'bad message', path, why }));
    this.#strikes++;
    if (this.#strikes >= this.#limits.strikes) this.close(1008, 'bad messages');
  }

  #received(data: RawData, isBinary: boolean): void {
    if (this.#closing !== null || !this.#admitted()) return;
    if (isBinary) {
      this.close(1003, 'text only');
      return;
    }
    try {
      this.#handler.message(String(data));
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      this.strike(error.path, error.message);
    }
  }

  /** Over the rate the socket rests until the second is over, and what it had already sent is not heard. */
  #admitted(): boolean {
    if (!this.#counted) return true;
    const nowMs = performance.now();
    if (nowMs - this.#windowStartMs >= windowMs) {
      if (this.#inWindow <= this.#limits.messagesPerSecond) this.#floods = 0;
      this.#windowStartMs = nowMs;
      this.#inWindow = 0;
    }
    this.#inWindow++;
    if (this.#inWindow <= this.#limits.messagesPerSecond) return true;
    if (this.#resume === null) this.#throttle(windowMs - (nowMs - this.#windowStartMs));
    return false;
  }

  #throttle(restMs: number): void {
    this.#floods++;
    if (this.#floods >= this.#limits.strikes) {
      this.close(1008, 'too many messages');
      return;
    }
    this.send(JSON.stringify({ type: 'error', error: 'too many messages', perSecond: this.#limits.messagesPerSecond }));
    this.#socket.pause();
    this.#resume = setTimeout(() => {
      this.#resume = null;
      this.#windowStartMs = performance.now();
      this.#inWindow = 0;
      this.#socket.resume();
    }, restMs);
  }
}
