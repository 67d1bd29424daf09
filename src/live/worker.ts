/**
 * The thread of one node. It owns the node's state, speaks with the controller over the bus, takes one step per request
 * and answers with the result. It is bundled on its own and imports nothing heavy: every node pays for it.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { WebSocket } from 'ws';
import { assertPlain } from '../core/json.ts';
import type { Json, NodeState, Protocol } from '../core/protocol.ts';
import { stepMachine } from '../core/step.ts';
import type { StepResult } from '../core/world.ts';
import { loadProtocolRef } from '../scenario/protocols.ts';
import { compact, worthCompacting } from './compact.ts';
import { type Answer, partCharactersMax, type StepRequest } from './messages.ts';
import type { WorkerBriefing } from './node-thread.ts';

const briefing = workerData as WorkerBriefing;
const { node, role } = briefing;

/** States by number: the one that the controller last built on, and the one made from it. The rest is never asked for again. */
let known = new Map<number, NodeState>();

const answer = (socket: WebSocket, message: Answer): void => {
  const text = JSON.stringify(message);
  if (text.length <= partCharactersMax) {
    socket.send(text);
    return;
  }
  for (let at = 0; at < text.length; at += partCharactersMax) {
    const last = at + partCharactersMax >= text.length;
    socket.send(
      JSON.stringify({ type: 'part', node, seq: message.seq, text: text.slice(at, at + partCharactersMax), last }),
    );
  }
};

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 2000);

function stateToStepFrom(request: StepRequest): NodeState | null {
  if (request.base === 0) return null;
  const state = request.state ?? known.get(request.base);
  if (state === undefined) throw new Error(`the state ${request.base} is not known here`);
  return state;
}

function takeStep(protocol: Protocol, request: StepRequest): Answer {
  const { seq, base, event } = request;
  const machine = protocol.roles[role];
  if (machine === undefined) throw new Error(`the protocol has no role ${role}`);
  const before = stateToStepFrom(request);
  const stable: Readonly<Record<string, Json>> = request.stable ?? {};
  const result: StepResult = stepMachine(machine, before, event, {
    self: node,
    role,
    nodes: briefing.nodes,
    parameters: briefing.parameters,
    stable,
    seed: briefing.seed,
  });
  known = new Map([[seq, result.state]]);
  if (before !== null) known.set(base, before);
  if (result.state === before && result.effects.length === 0) return { type: 'same', node, seq };
  // each of them is plain and of a bearable size, but all of them become one text
  assertPlain(result.effects, 'effects');
  return { type: 'result', node, seq, state: result.state, effects: result.effects };
}

async function connect(): Promise<WebSocket> {
  const socket = new WebSocket(briefing.url, {
    headers: { authorization: `Bearer ${briefing.token}` },
    perMessageDeflate: false,
    maxPayload: 64 * 1024 * 1024,
    skipUTF8Validation: true,
    // masks protect proxies from what a page could send through them: here are neither
    generateMask: (mask) => mask.fill(0),
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return socket;
}

async function main(): Promise<void> {
  const socket = await connect();
  // without the bus there is nobody to live for
  socket.on('close', () => process.exit(0));
  let protocol: Protocol;
  try {
    protocol = await loadProtocolRef(briefing.source);
  } catch (error) {
    answer(socket, { type: 'threw', node, seq: 0, reason: reasonOf(error) });
    return;
  }
  socket.on('message', (data) => {
    const request = JSON.parse(String(data)) as StepRequest;
    // the bus also tells a client that its message was bad: there is nothing to do about it here
    if (request.type !== 'step') return;
    try {
      answer(socket, takeStep(protocol, request));
    } catch (error) {
      answer(socket, { type: 'threw', node, seq: request.seq, reason: reasonOf(error) });
    }
  });
  if (worthCompacting(Object.keys(briefing.nodes).length)) compact();
  socket.send(JSON.stringify({ type: 'ready', node }));
}

if (parentPort !== null) await main();
