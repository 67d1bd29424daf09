/**
 * Specifications of TLA+ whose actions look at everything, as machines: one node, whose context is the state, and for
 * each action, with each choice of its parameters, an input that is on offer at any time. Where TLC counts a successor
 * once for each witness of an `\E`, the witness is a parameter, too.
 */
import { setup } from 'xstate';
import { defineProtocol, effects, type Json, type JsonObject, type Protocol } from '../../../src/core/protocol.ts';
import type { Scenario } from '../../../src/core/scenario.ts';
import { scenarioOf } from '../made.ts';

/** What an action changes; null: it is not enabled. */
type Action<State> = (state: State, chosen: JsonObject) => Partial<State> | null;
export interface Specification<State extends JsonObject> {
  readonly id: string;
  readonly initial: State;
  readonly actions: Readonly<Record<string, Action<State>>>;
  /** of each action: the choices of its parameters */
  readonly choices: Readonly<Record<string, readonly JsonObject[]>>;
}

export function protocolOf<State extends JsonObject>({ id, initial, actions }: Specification<State>): Protocol {
  type Event = JsonObject & { readonly type: string };
  const change = (state: State, event: Event) => (actions[event.type] as Action<State>)(state, event);
  const forAll = setup({
    types: {} as { context: State; events: Event },
    actions: effects,
    guards: { isEnabled: ({ context, event }) => change(context, event) !== null },
  });
  const takes = {
    guard: 'isEnabled',
    actions: forAll.assign((({ context, event }: { context: State; event: Event }) => change(context, event)) as never),
  };
  const machine = forAll.createMachine({
    context: initial,
    on: Object.fromEntries(Object.keys(actions).map((name) => [name, takes])),
  } as never);
  return defineProtocol({ id, roles: { all: machine as never }, messages: [], inputs: Object.keys(actions) });
}

export const scenarioFor = <State extends JsonObject>({ id, choices }: Specification<State>): Scenario =>
  scenarioOf({
    protocol: id,
    nodes: { N: 'all' },
    inputs: Object.entries(choices).flatMap(([input, each]) =>
      each.map((data) => ({ atMs: 0, node: 'N', input, data, anytime: true })),
    ),
  });

const managers = ['r1', 'r2', 'r3'];
type Managers = Readonly<Record<string, string>>;
const isAmong = (states: Managers, ...allowed: string[]): boolean =>
  managers.every((manager) => allowed.includes(states[manager] as string));
const ofManager = (manager: Json | undefined, state: string): Managers => ({ [manager as string]: state });

/** Transaction commit (Gray and Lamport; `transaction_commit/TCommit`, three resource managers): 34, 94 generated, depth 7. */
export const transactionCommit: Specification<Managers> = {
  id: 'tla-transaction-commit',
  initial: { r1: 'working', r2: 'working', r3: 'working' },
  actions: {
    prepare: (states, { who }) => (states[who as string] === 'working' ? ofManager(who, 'prepared') : null),
    commit: (states, { who }) =>
      states[who as string] === 'prepared' && isAmong(states, 'prepared', 'committed')
        ? ofManager(who, 'committed')
        : null,
    abort: (states, { who }) =>
      ['working', 'prepared'].includes(states[who as string] as string) &&
      !managers.some((m) => states[m] === 'committed')
        ? ofManager(who, 'aborted')
        : null,
  },
  choices: Object.fromEntries(['prepare', 'commit', 'abort'].map((name) => [name, managers.map((who) => ({ who }))])),
};
