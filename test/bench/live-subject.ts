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
import { median } from './measure.ts';

const source = { id: 'relay' };
const rounds = 7;
const echoTrips = 10_000;
const eventsPerRound = 10_000;
/** a fresh thread interprets; what is measured is a run that has been going on for some seconds */
const warmUpEvents = 60_000;
/** five balls that travel 35 ms a hop on average: about so many virtual ms an event */
const msPerEvent = 7;

const echoer = `
  const { workerData } = require('node:worker_threads');
  const { WebSocket } = require('ws');
  const socket = new WebSocket(workerData, { perMessageDeflate: false });
  socket.on('message', (data) => socket.send(String(data)));
`;

interface Contender {
  /** messages or events a second, over a round */
  round(): Promise<number>;
  close(): Promise<void>;
}

/** Round trips between this thread and one other, one message outstanding. */
async function openEcho(): Promise<Contender> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  await once(server, 'listening');
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const worker = new Worker(echoer, { eval: true, workerData: url, execArgv: [] });
  const [socket] = (await once(server, 'connection')) as [WebSocket];
  const text = JSON.stringify({ type: 'step', seq: 1, base: 1, event: { type: 'ball', hops: 1, from: 'N0' } });
  let left = 0;
  let done = (): void => {};
  socket.on('message', () => {
    left--;
    if (left > 0) socket.send(text);
    else done();
  });
  const run = (trips: number): Promise<void> =>
    new Promise((resolve) => {
      left = trips;
      done = resolve;
      socket.send(text);
    });
  await run(warmUpEvents);
  return {
    round: async () => {
      const started = performance.now();
      await run(echoTrips);
      return (echoTrips / (performance.now() - started)) * 1000;
    },
    close: async () => {
      await worker.terminate();
      server.close();
    },
  };
}

/** Events of a run at full speed over threads and bus, with the digests of a run that is recorded. */
async function openRun(nodes: number): Promise<Contender> {
  const session = await openLiveSession({
    scenario: relayScenario(nodes, 1_000_000),
    protocol: relay,
    source,
    paused: true,
    observer: { onCheckpoint: () => {} },
  });
  let untilMs = warmUpEvents * msPerEvent;
  await session.runUntil(untilMs);
  return {
    round: async () => {
      const before = session.trace.length;
      const started = performance.now();
      untilMs += eventsPerRound * msPerEvent;
      await session.runUntil(untilMs);
      return ((session.trace.length - before) / (performance.now() - started)) * 1000;
    },
    close: () => session.close(),
  };
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
  const [echo, run] = [await openEcho(), await openRun(5)];
  const echoes: number[] = [];
  const events: number[] = [];
  for (let i = 0; i < rounds; i++) {
    echoes.push(await echo.round());
    events.push(await run.round());
  }
  await Promise.all([echo.close(), run.close()]);
  return [median(events), median(echoes)];
}

const [, , what, nodes] = process.argv;
const figures = what === 'speed' ? await measureSpeed() : [await residentMb(Number(nodes))];
process.stdout.write(JSON.stringify(figures));
