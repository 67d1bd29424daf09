/**
 * The two-phase commit of the TLA+ examples (Gray and Lamport, "Consensus on Transaction Commit"), as machines: messages
 * are never consumed, resource managers prepare or abort when they like, the transaction manager may abort at any time.
 */
import { setup } from 'xstate';
import {
  defineProtocol,
  effects,
  type Message,
  type NodeInput,
  nodesWithRole,
  type Protocol,
  type Received,
} from '../../src/core/protocol.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { scenarioOf } from './made.ts';

type Event =
  | Received<Message & { type: 'prepared' | 'commit' | 'abort' }>
  | { type: 'prepare' | 'giveUp' | 'decideAbort' | 'decideCommit' };
interface ManagerContext {
  prepared: string[];
  everybody: number;
}

const forManager = setup({
  types: {} as { context: ManagerContext; events: Event; input: NodeInput },
  actions: effects,
  guards: { isPreparedByAll: ({ context }) => context.prepared.length === context.everybody },
});
const manager = forManager.createMachine({
  context: ({ input }: { input: NodeInput }) => ({ prepared: [], everybody: nodesWithRole(input, 'rm').length }),
  initial: 'init',
  states: {
    init: {
      on: {
        prepared: {
          actions: forManager.assign(({ context, event }) => ({
            prepared: 'from' in event ? [...new Set([...context.prepared, event.from])].sort() : context.prepared,
          })),
        },
        decideAbort: { target: 'aborted', actions: { type: 'broadcast', params: { message: { type: 'abort' } } } },
        decideCommit: {
          guard: 'isPreparedByAll',
          target: 'committed',
          actions: { type: 'broadcast', params: { message: { type: 'commit' } } },
        },
      },
    },
    committed: {},
    aborted: {},
  },
});

const forResource = setup({ types: {} as { events: Event; input: NodeInput }, actions: effects });
const decide = (value: string) => ({ type: 'decide' as const, params: { value } });
const resource = forResource.createMachine({
  initial: 'working',
  on: { commit: '.committed', abort: '.aborted' },
  states: {
    working: {
      on: {
        prepare: {
          target: 'prepared',
          actions: { type: 'send', params: { to: 'TM', message: { type: 'prepared' } } },
        },
        giveUp: 'aborted',
      },
    },
    prepared: {},
    committed: { entry: decide('commit') },
    aborted: { entry: decide('abort') },
  },
});

export const tlaTwoPhase: Protocol = defineProtocol({
  id: 'tla-two-phase',
  title: 'Two-phase commit, as in TLA+',
  source: 'Gray and Lamport, 2006',
  problem: 'atomic-commit',
  roles: { tm: manager as never, rm: resource as never },
  messages: ['prepared', 'commit', 'abort'],
  inputs: ['prepare', 'giveUp', 'decideAbort', 'decideCommit'],
  properties: [
    {
      name: 'consistent',
      kind: 'always',
      clauses: {},
      reads: ['decisions'],
      test: (view) => {
        const decided = new Set(view.nodes.flatMap(({ decisions }) => decisions));
        return decided.size < 2 || { why: 'one committed and another aborted' };
      },
    },
    {
      name: 'commits',
      kind: 'sometimes',
      clauses: {},
      reads: ['decisions'],
      test: (view) => view.nodes.some(({ decisions }) => decisions.includes('commit')),
    },
  ],
});

/** With so many resource managers. */
export function tlaScenario(count: number): Scenario {
  const managers = Array.from({ length: count }, (_, i) => `R${i + 1}`);
  const anytime = (node: string, input: string) => ({ atMs: 0, node, input, data: {}, anytime: true });
  return scenarioOf({
    protocol: 'tla-two-phase',
    nodes: { TM: 'tm', ...Object.fromEntries(managers.map((id) => [id, 'rm'])) },
    inputs: [
      anytime('TM', 'decideAbort'),
      anytime('TM', 'decideCommit'),
      ...managers.flatMap((id) => [anytime(id, 'prepare'), anytime(id, 'giveUp')]),
    ],
  });
}

/** For threads, which find protocols by their files. */
export default tlaTwoPhase;
