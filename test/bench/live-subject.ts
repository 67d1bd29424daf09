/**
 * What `live.ts` measures, as a program: it is bundled as the command is, and run as a process of its own.
 * Prints one JSON list of numbers: `speed` events and echoes a second, `memory N` resident MB.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { type WebSocket, WebSocketServer } from 'ws';
import { openLiveSession } from '../../src/live/live-session.ts';
import relay, { relayScenario } from '../fixtures/live/relay.ts';

const source = { id: 'relay' };
const rounds = 5;
const echoTrips = 10_000;
const hops = 2_000;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;

const echoer = `
  const { workerData } = require('node:worker_threads');
  const { WebSocket } = require('ws');
  const socket = new WebSocket(workerData, { perMessageDeflate: false });
  socket.on('message', (data) => socket.send(String(data)));
`;

/** Round trips a second between this thread and one other, one message outstanding. */
async function echoRate(): Promise<number> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  await once(server, 'listening');
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const worker = new Worker(echoer, { eval: true, workerData: url, execArgv: [] });
  const [socket] = (await once(server, 'connection')) as [WebSocket];
  const text = JSON.stringify({ type: 'step', seq: 1, base: 1, event: { type: 'ball', hops: 1, from: 'N0' } });
  const run = (trips: number): Promise<void> =>
    new Promise((resolve) => {
      let left = trips;
      socket.on('message', () => {
        left--;
        if (left > 0) socket.send(text);
        else resolve();
      });
      socket.send(text);
    });
  await run(1000);
  socket.removeAllListeners('message');
  const started = performance.now();
  await run(echoTrips);
  const perSecond = (echoTrips / (performance.now() - started)) * 1000;
  await worker.terminate();
  server.close();
  return perSecond;
}

/** Events a second of a run at full speed over threads and bus, recorded as a run is that a person plays. */
async function eventRate(nodes: number): Promise<number> {
  const session = await openLiveSession({
    scenario: relayScenario(nodes, hops),
    protocol: relay,
    source,
    paused: true,
    observer: { onCheckpoint: () => {} },
  });
  await session.runUntil(500);
  const before = session.trace.length;
  const started = performance.now();
  await session.runUntil(Number.MAX_SAFE_INTEGER);
  const perSecond = ((session.trace.length - before) / (performance.now() - started)) * 1000;
  await session.close();
  return perSecond;
}

/** Resident memory of this process with so many nodes up and at work, in MB. */
async function residentMb(nodes: number): Promise<number> {
  const session = await openLiveSession({ scenario: relayScenario(nodes, 50), protocol: relay, source, paused: true });
  await session.runUntil(Number.MAX_SAFE_INTEGER);
  const mb = process.memoryUsage().rss / 1024 / 1024;
  await session.close();
  return mb;
}

/** The floor is measured in turn with the value, so that both see the same machine. */
async function measureSpeed(): Promise<number[]> {
  const echoes: number[] = [];
  const events: number[] = [];
  for (let i = 0; i < rounds; i++) {
    echoes.push(await echoRate());
    events.push(await eventRate(5));
  }
  return [median(events), median(echoes)];
}

const [, , what, nodes] = process.argv;
const figures = what === 'speed' ? await measureSpeed() : [await residentMb(Number(nodes))];
process.stdout.write(JSON.stringify(figures));
