/**
 * Two registers of Stateright's examples. One server that keeps the value (`single-copy-register.rs`; published: 93
 * states with two clients). And the register of Attiya, Bar-Noy and Dolev, which asks a majority for the latest value
 * before it writes or answers (`linearizable-register.rs`; published: 544 states with two servers and two clients).
 * Deliveries that change nothing are no transitions there (`--reductions noop` here).
 */
import { enqueueActions, setup } from 'xstate';
import {
  defineProtocol,
  effects,
  type Json,
  type Message,
  type NodeInput,
  type Protocol,
} from '../../../src/core/protocol.ts';
import type { Scenario } from '../../../src/core/scenario.ts';
import { scenarioOf } from '../made.ts';
import { answers, client, numberOf, operations, valuesRead } from './register-clients.ts';

type Event = Message & { readonly from: string };
type Version = readonly [count: number, server: number];
type Written = readonly [Version, value: Json];
interface Server {
  readonly self: string;
  readonly peers: readonly string[];
  readonly written: Written;
  /** an operation in its first phase: who has answered what */
  readonly asking: { readonly event: Event; readonly found: Readonly<Record<string, Written>> } | null;
  /** in its second: who has recorded the value; `answer` is what the client will be told */
  readonly telling: { readonly event: Event; readonly told: readonly string[]; readonly answer: Message } | null;
}
interface Step {
  readonly changes: Partial<Server>;
  readonly sends: readonly (readonly [to: string, message: Message])[];
}

const isLater = (a: Version, b: Version): boolean => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);
const plain = (written: Written): Json => written as unknown as Json;
const majority = ({ peers }: Server): number => Math.floor((peers.length + 1) / 2) + 1;
const toPeers = ({ peers }: Server, message: Message): Step['sends'] => peers.map((peer) => [peer, message]);

/** What a server does; null: nothing. */
function step(server: Server, event: Event): Step | null {
  const { self, written, asking, telling } = server;
  const request = event.request as Json;
  switch (event.type) {
    case 'put':
    case 'get':
      if (asking !== null || telling !== null) return null;
      return {
        changes: { asking: { event, found: { [self]: written } } },
        sends: toPeers(server, { type: 'ask', request }),
      };
    case 'ask':
      return { changes: {}, sends: [[event.from, { type: 'found', request, written: plain(written) }]] };
    case 'found':
      return asking?.event.request === request ? afterFound(server, asking, event) : null;
    case 'record': {
      const theirs = event.written as unknown as Written;
      const changes = isLater(theirs[0], written[0]) ? { written: theirs } : {};
      return { changes, sends: [[event.from, { type: 'recorded', request }]] };
    }
    case 'recorded': {
      if (telling?.event.request !== request || telling.told.includes(event.from)) return null;
      const told = [...telling.told, event.from].sort();
      if (told.length < majority(server)) return { changes: { telling: { ...telling, told } }, sends: [] };
      return { changes: { telling: null }, sends: [[telling.event.from, telling.answer]] };
    }
    default:
      return null;
  }
}

function afterFound(server: Server, asking: NonNullable<Server['asking']>, { from, written }: Event): Step {
  const { event } = asking;
  const { request } = event;
  const found = { ...asking.found, [from]: written as unknown as Written };
  if (Object.keys(found).length < majority(server)) return { changes: { asking: { event, found } }, sends: [] };
  const latest = Object.values(found).reduce((a, b) => (isLater(b[0], a[0]) ? b : a));
  const isWrite = event.type === 'put';
  const own: Written = isWrite ? [[latest[0][0] + 1, numberOf(server.self)], event.value as Json] : latest;
  const answer = isWrite ? { type: 'putOk', request } : { type: 'getOk', request, value: own[1] };
  return {
    changes: {
      asking: null,
      telling: { event, told: [server.self], answer: answer as Message },
      written: isLater(own[0], server.written[0]) ? own : server.written,
    },
    sends: toPeers(server, { type: 'record', request: request as Json, written: plain(own) }),
  };
}

const forServer = setup({
  types: {} as { context: Server; events: Event; input: NodeInput },
  actions: effects,
  guards: { doesSomething: ({ context, event }) => step(context, event) !== null },
});
const whatItDoes = {
  guard: 'doesSomething' as const,
  actions: enqueueActions(({ context, event, enqueue }) => {
    const { changes, sends } = step(context as Server, event as Event) as Step;
    enqueue.assign(changes);
    for (const [to, message] of sends) enqueue({ type: 'send', params: { to, message } } as never);
  }) as never,
};
const toServer = ['put', 'get', 'ask', 'found', 'record', 'recorded'];
const server = forServer.createMachine({
  context: ({ input: { self, nodes } }) => ({
    self,
    peers: Object.keys(nodes).filter((id) => nodes[id] !== 'client' && id !== self),
    written: [[0, numberOf(self)], ''],
    asking: null,
    telling: null,
  }),
  on: Object.fromEntries(toServer.map((type) => [type, whatItDoes])),
});

const forSingle = setup({
  types: {} as { context: { value: Json }; events: Event; input: NodeInput },
  actions: effects,
});
const single = forSingle.createMachine({
  context: { value: '' },
  on: {
    put: {
      actions: [
        forSingle.assign({ value: ({ event }) => event.value as Json }),
        {
          type: 'send',
          params: ({ event: { from, request } }) => ({ to: from, message: { type: 'putOk', request } as Message }),
        },
      ],
    },
    get: {
      actions: {
        type: 'send',
        params: ({ context: { value }, event: { from, request } }) => ({
          to: from,
          message: { type: 'getOk', request, value } as Message,
        }),
      },
    },
  },
});

export const registers: Protocol = defineProtocol({
  id: 'registers',
  title: 'Registers, as in Stateright',
  roles: { server: server as never, single: single as never, client: client as never },
  messages: [...toServer, ...answers],
  properties: [
    {
      name: 'written-value-read',
      kind: 'sometimes',
      clauses: {},
      reads: ['deliveries', 'memory'],
      memory: operations,
      test: ({ nodes }) => valuesRead(nodes).some((value) => value !== ''),
    },
  ],
});

export function registerScenario(role: 'server' | 'single', servers: number, clients: number): Scenario {
  const nodes: Record<string, string> = {};
  for (let i = 0; i < servers; i++) nodes[`S${i}`] = role;
  for (let i = servers; i < servers + clients; i++) nodes[`C${i}`] = 'client';
  return scenarioOf({ protocol: 'registers', nodes });
}
