/**
 * The bus: a WebSocket server on loopback over which the controller speaks with its nodes, and on which viewers and
 * operators of this run may watch and act. The checks before the upgrade are in `gate.ts`, a client's duties afterwards in
 * `client.ts`. Every life of every node has a token of its own, so a node that speaks as another is found out.
 */
import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { NodeId } from '../core/protocol.ts';
import { Client, type ClientHandler, type ClientLimits, clientLimits } from './client.ts';
import { type Address, isLoopback, refuseRequest, tokenOf } from './gate.ts';
import { type Command, type NodeMessage, parseCommand, parseNodeMessage } from './messages.ts';
import { BadMessage } from './shapes.ts';
import { TokenBook } from './tokens.ts';

/** nodes, twice over while threads are being replaced, and an audience */
const connectionsMax = 512;

/** The bus could not start: the message is for the person. */
export class BusError extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'BusError';
  }
}

export interface BusOptions {
  readonly host?: string;
  /** 0: any free one */
  readonly port?: number;
  /** must be set for any address that other machines can reach */
  readonly allowRemote?: boolean;
  readonly limits?: Partial<ClientLimits>;
  /** a request that is not complete after this is answered with 408 */
  readonly requestTimeoutMs?: number;
  /** does an operator's command; resolves with why it was refused, or null */
  onCommand?(command: Command): Promise<string | null>;
  /** a node spoke as another: dropped and counted */
  onForgery?(speaker: NodeId, claimed: NodeId): void;
}

/** What the owner of a node's connection is told. */
export interface SeatHandler {
  /** Throws `BadMessage` for what makes no sense now. */
  message(message: NodeMessage): void;
  /** it sent something that makes no sense */
  bad(why: string): void;
  gone(why: string): void;
}
/** The place of one life of one node on the bus. */
export interface Seat {
  readonly token: string;
  send(text: string): void;
  leave(): void;
}

interface SeatRecord {
  readonly node: NodeId;
  readonly handler: SeatHandler;
  client: Client | null;
}
type Holder = 'operator' | 'viewer' | SeatRecord;

export class Bus {
  readonly url: string;
  /** what the person should know about the address; null on loopback */
  readonly warning: string | null;
  readonly operatorToken: string;
  readonly viewerToken: string;
  forgeries = 0;
  readonly #options: BusOptions;
  readonly #limits: ClientLimits;
  readonly #address: Address;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #book = new TokenBook<Holder>();
  readonly #clients = new Set<Client>();
  readonly #watchers = new Set<Client>();

  constructor(http: Server, address: Address, options: BusOptions) {
    this.#http = http;
    this.#options = options;
    this.#limits = { ...clientLimits, ...options.limits };
    this.#address = address;
    this.url = `ws://${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
    this.warning = isLoopback(address.host) ? null : `the bus listens on ${address.host}: other machines can reach it`;
    this.operatorToken = this.#book.issue('operator');
    this.viewerToken = this.#book.issue('viewer');
    const serverOptions = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: this.#limits.messageBytes,
      maxFragments: this.#limits.fragments,
      maxBufferedChunks: this.#limits.bufferedChunks,
      closeTimeout: 2000,
    };
    this.#sockets = new WebSocketServer(serverOptions);
    http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** How many operators and viewers there are: without one nobody needs to draw snapshots. */
  get watchers(): number {
    return this.#watchers.size;
  }

  /** A place for one life of a node. Its token is good for one connection. */
  seat(node: NodeId, handler: SeatHandler): Seat {
    const record: SeatRecord = { node, handler, client: null };
    return {
      token: this.#book.issue(record),
      send: (text) => record.client?.send(text),
      leave: () => {
        this.#book.revoke(record);
        record.client?.terminate();
      },
    };
  }

  publish(snapshot: string): void {
    for (const client of this.#watchers) client.sendSnapshot(snapshot);
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.terminate();
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const refused = refuseRequest(request, this.#address);
    const holder = refused === null ? this.#book.holderOf(tokenOf(request)) : null;
    if (refused !== null) turnAway(socket, refused.status, refused.why);
    else if (holder === null) turnAway(socket, 401, 'a token of this run is needed');
    else if (typeof holder === 'object' && holder.client !== null) turnAway(socket, 403, 'this token is in use');
    else this.#sockets.handleUpgrade(request, socket, head, (upgraded) => this.#admit(upgraded, holder));
  }

  #admit(socket: WebSocket, holder: Holder): void {
    const isNode = typeof holder === 'object';
    const rules = isNode ? this.#nodeRules(holder) : this.#watcherRules(holder, (text) => client.send(text));
    const client: Client = new Client(socket, this.#limits, !isNode, {
      message: rules.message,
      gone: (why) => {
        this.#clients.delete(client);
        this.#watchers.delete(client);
        rules.gone(why);
      },
    });
    this.#clients.add(client);
    if (isNode) holder.client = client;
    else this.#watchers.add(client);
  }

  #nodeRules(seat: SeatRecord): ClientHandler {
    return {
      message: (text) => {
        try {
          const message = parseNodeMessage(text);
          if (message.node === seat.node) return seat.handler.message(message);
          this.forgeries++;
          this.#options.onForgery?.(seat.node, message.node);
        } catch (error) {
          if (error instanceof BadMessage) seat.handler.bad(error.message);
          throw error;
        }
        throw new BadMessage('node', 'is not the node that speaks');
      },
      gone: (why) => seat.handler.gone(why),
    };
  }

  #watcherRules(role: 'operator' | 'viewer', reply: (text: string) => void): ClientHandler {
    return {
      message: (text) => {
        const command = parseCommand(text);
        if (role === 'viewer')
          return reply(JSON.stringify({ type: 'error', error: 'forbidden', why: 'a viewer only watches' }));
        const done = this.#options.onCommand?.(command) ?? Promise.resolve('there is nothing to command');
        done.then(
          (refused) =>
            reply(
              JSON.stringify(refused === null ? { type: 'done' } : { type: 'error', error: 'refused', why: refused }),
            ),
          () => reply(JSON.stringify({ type: 'error', error: 'failed' })),
        );
      },
      gone: () => {},
    };
  }
}

function turnAway(socket: Duplex, status: number, why: string): void {
  const body = `${why}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  socket.once('finish', () => socket.destroy());
}

/** Starts a bus. Throws `BusError` when the address is not permitted or not to be had. */
export async function startBus(options: BusOptions = {}): Promise<Bus> {
  const host = options.host ?? '127.0.0.1';
  const port = options.port ?? 0;
  if (!isLoopback(host) && !options.allowRemote) {
    throw new BusError(
      `the bus listens on loopback only: ${host} would let other machines in, and has to be allowed expressly`,
    );
  }
  const http = createHttp(options.requestTimeoutMs ?? 5000);
  await new Promise<void>((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => reject(new BusError(whyNotListening(error, host, port))));
    http.listen(port, host, resolve);
  });
  return new Bus(http, { host, port: (http.address() as AddressInfo).port }, options);
}

function createHttp(requestTimeoutMs: number): Server {
  const http = createServer(
    {
      maxHeaderSize: 16 * 1024,
      headersTimeout: requestTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(1000, requestTimeoutMs),
    },
    (_request, response) => {
      response.writeHead(426, { Connection: 'close', Upgrade: 'websocket', 'Content-Type': 'text/plain' });
      response.end('this is a WebSocket bus\n');
    },
  );
  // counted by the gate, which answers 431, instead of dropped in silence
  http.maxHeadersCount = 0;
  http.maxConnections = connectionsMax;
  return http;
}

function whyNotListening(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === 'EADDRINUSE') return `port ${port} on ${host} is in use: choose another, or 0 for any free one`;
  if (error.code === 'EACCES')
    return `port ${port} on ${host} is not permitted: choose one above 1023, or 0 for any free one`;
  return `the bus cannot listen on ${host}, port ${port} (${error.code ?? error.message})`;
}
