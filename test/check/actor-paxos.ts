/**
 * A register on single-decree Paxos, as the model checker Stateright has it among its examples: three servers, and
 * clients that each write once and then read once, with the history of operations as part of the state. Published for
 * two clients: 16,668 states, 32,971 generated, depth 21; for three: 1,194,428 states. Deliveries that change nothing
 * are no transitions there (`--reductions noop` here).
 */
import { enqueueActions, setup } from 'xstate';
import {
  defineProtocol,
  effects,
  type Json,
  type Message,
  type NodeInput,
  type Protocol,
} from '../../src/core/protocol.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { scenarioOf } from './made.ts';
import { answers, client, operations, valuesRead } from './published/register-clients.ts';

type Ballot = readonly [round: number, server: number];
type Proposal = readonly [request: number, client: string, value: string];
type Accepted = readonly [Ballot, Proposal] | null;
type Event = Message & { readonly from: string };
interface Server {
  readonly self: string;
  readonly ballot: Ballot;
  readonly proposal: Proposal | null;
  readonly prepares: Readonly<Record<string, Accepted>>;
  readonly accepts: readonly string[];
  readonly accepted: Accepted;
  readonly isDecided: boolean;
}
interface Step {
  readonly changes: Partial<Server>;
  readonly sends: readonly (readonly [to: string, message: Message])[];
}

const servers = ['S0', 'S1', 'S2'];
const majority = 2;
const numberOf = (node: string): number => Number(node.slice(1));
const compare = (a: Ballot, b: Ballot): number => a[0] - b[0] || a[1] - b[1];
const toPeers = (self: string, message: Message): Step['sends'] =>
  servers.filter((server) => server !== self).map((server) => [server, message]);

/** What a server does; null: nothing. */
function step(server: Server, event: Event): Step | null {
  const { self, ballot, accepted, proposal, isDecided } = server;
  if (isDecided) {
    if (event.type !== 'get') return null;
    const value = (accepted as NonNullable<Accepted>)[1][2];
    return { changes: {}, sends: [[event.from, { type: 'getOk', request: event.request, value }]] };
  }
  const asked = event.ballot as unknown as Ballot;
  switch (event.type) {
    case 'put': {
      if (proposal !== null) return null;
      const own: Ballot = [ballot[0] + 1, numberOf(self)];
      const wanted: Proposal = [event.request as number, event.from, event.value as string];
      const changes = { ballot: own, proposal: wanted, prepares: { [self]: accepted }, accepts: [] };
      return { changes, sends: toPeers(self, { type: 'prepare', ballot: [...own] }) };
    }
    case 'prepare':
      if (compare(ballot, asked) >= 0) return null;
      return {
        changes: { ballot: asked },
        sends: [[event.from, { type: 'prepared', ballot: [...asked], accepted: accepted as Json }]],
      };
    case 'prepared':
      return compare(ballot, asked) === 0 ? afterPrepared(server, event) : null;
    case 'accept': {
      if (compare(ballot, asked) > 0) return null;
      const taken: Accepted = [asked, event.proposal as unknown as Proposal];
      return {
        changes: { ballot: asked, accepted: taken },
        sends: [[event.from, { type: 'accepted', ballot: [...asked] }]],
      };
    }
    case 'accepted':
      return compare(ballot, asked) === 0 ? afterAccepted(server, event.from) : null;
    case 'decided': {
      const taken: Accepted = [asked, event.proposal as unknown as Proposal];
      return { changes: { ballot: asked, accepted: taken, isDecided: true }, sends: [] };
    }
    default:
      return null;
  }
}

function afterPrepared({ self, ballot, proposal, prepares }: Server, event: Event): Step {
  const all = { ...prepares, [event.from]: event.accepted as unknown as Accepted };
  if (Object.keys(all).length !== majority) return { changes: { prepares: all }, sends: [] };
  const highest = Object.values(all).reduce((best, each) =>
    best === null || (each !== null && compare(each[0], best[0]) > 0) ? each : best,
  );
  const chosen = highest === null ? (proposal as Proposal) : highest[1];
  const changes = { prepares: all, proposal: chosen, accepted: [ballot, chosen] as const, accepts: [self] };
  return { changes, sends: toPeers(self, { type: 'accept', ballot: [...ballot], proposal: [...chosen] }) };
}

function afterAccepted({ self, ballot, proposal, accepts }: Server, from: string): Step {
  const all = [...new Set([...accepts, from])].sort();
  if (all.length !== majority) return { changes: { accepts: all }, sends: [] };
  const [request, client, value] = proposal as Proposal;
  const decided = { type: 'decided', ballot: [...ballot], proposal: [request, client, value] };
  return {
    changes: { accepts: all, isDecided: true },
    sends: [...toPeers(self, decided), [client, { type: 'putOk', request }]],
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
const toServer = ['put', 'get', 'prepare', 'prepared', 'accept', 'accepted', 'decided'];
const server = forServer.createMachine({
  context: ({ input }) => ({
    self: input.self,
    ballot: [0, 0],
    proposal: null,
    prepares: {},
    accepts: [],
    accepted: null,
    isDecided: false,
  }),
  on: Object.fromEntries(toServer.map((type) => [type, whatItDoes])),
});

export const actorPaxos: Protocol = defineProtocol({
  id: 'actor-paxos',
  title: 'A register on Paxos, as in Stateright',
  roles: { server: server as never, client: client as never },
  messages: [...toServer, ...answers],
  properties: [
    {
      name: 'same-value',
      kind: 'always',
      clauses: {},
      reads: ['deliveries', 'memory'],
      memory: operations,
      test: ({ nodes }) => new Set(valuesRead(nodes)).size < 2 || { why: 'two reads returned different values' },
    },
  ],
});

/** Three servers and so many clients, 1 to 3. */
export const actorPaxosScenario = (clients: number): Scenario =>
  scenarioOf({
    protocol: 'actor-paxos',
    nodes: Object.fromEntries([
      ...servers.map((id) => [id, 'server']),
      ...Array.from({ length: clients }, (_, i) => [`C${servers.length + i}`, 'client']),
    ]),
  });

export default actorPaxos;
