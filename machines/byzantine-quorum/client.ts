/** A client: reads and writes, one operation after another, and believes what more servers say than there may be liars. */
import { and, setup } from 'xstate';
import { effects, type Json, type NodeId, type NodeInput, nodesWithRole } from '../../src/core/protocol.ts';
import {
  type Asked,
  type Asking,
  completed,
  enlisted,
  invoked,
  phaseOf,
  present,
  withoutPresent,
} from '../quorum-register/operations.ts';
import { type Copy, copyIn, empty, isNewer, type Stored, type Told } from '../quorum-register/words.ts';
import { type Grid, gridOf, holdsQuorum, quorumAt, type Shape } from './grid.ts';

export interface Parameters extends Shape {
  /** with so many liars among the servers a reader reckons: f */
  readonly liars: number;
  readonly vouching: boolean;
  readonly retryTimeout: number;
}
type Event = Asked | Told | Stored;
export interface ClientContext extends Asking {
  parameters: Parameters;
  self: NodeId;
  grid: Grid;
  /** its place among the clients */
  place: number;
  /** how often it has tried the present phase */
  tries: number;
  /** what it was told in this operation, by whom */
  told: Readonly<Record<NodeId, Copy>>;
  /** who has stored what it writes */
  stored: readonly NodeId[];
  /** what it writes */
  copy: Copy;
}
type About = { context: ClientContext };

/** The quorums in turn, another one in each phase and at each try, so that all servers have equally much to do. */
function quorumOf({ grid, parameters, phases, place, tries }: ClientContext): NodeId[] {
  const turn = place + phases + tries;
  return quorumAt(grid, parameters, turn, turn);
}

/** How many say the same, at least, before it is believed. */
export const vouchersNeeded = ({ liars, vouching }: Parameters): number => (vouching ? liars + 1 : 1);
/** The newest version for which enough servers vouch; null: there is none. */
export function vouchedFor(told: readonly Copy[], parameters: Parameters): Copy | null {
  const isSame = (a: Copy, b: Copy): boolean => a.time === b.time && a.writer === b.writer && a.value === b.value;
  let newest: Copy | null = null;
  for (const copy of told) {
    const vouchers = told.filter((each) => isSame(each, copy)).length;
    if (vouchers >= vouchersNeeded(parameters) && (newest === null || isNewer(copy, newest))) newest = copy;
  }
  return newest;
}

const forClient = setup({
  types: {} as { context: ClientContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: { retryTimeout: ({ context }) => context.parameters.retryTimeout },
  guards: {
    hasOperation: ({ context }) => context.queue.length > 0,
    isWrite: ({ context }) => present(context)?.f === 'write',
    isAwaited: ({ context, event }) =>
      (event.type === 'version' || event.type === 'stored') &&
      event.phase === phaseOf(context) &&
      context.grid.some((line) => line.includes(event.from)),
    hasAnswers: ({ context: { grid, parameters, told } }) =>
      holdsQuorum(grid, parameters, (id) => told[id] !== undefined),
    isStored: ({ context: { grid, parameters, stored } }) => holdsQuorum(grid, parameters, (id) => stored.includes(id)),
  },
});

const enlist = forClient.assign(({ context, event }) =>
  event.type === 'write' || event.type === 'read' ? enlisted(context, event) : {},
);
const invoke = { type: 'deliver' as const, params: invoked };
const beginPhase = { phases: ({ context }: About) => context.phases + 1, tries: 0 };
const beginQuery = forClient.assign({ ...beginPhase, told: {}, stored: [] });
const tryAgain = forClient.assign({ tries: ({ context }) => context.tries + 1 });
const hear = forClient.assign({
  told: ({ context, event }) =>
    event.type === 'version' ? { ...context.told, [event.from]: copyIn(event) } : context.told,
});
const count = forClient.assign({
  stored: ({ context, event }) => (event.type === 'stored' ? [...context.stored, event.from] : context.stored),
});
/** Above all that it was told, lies included: times are not scarce. And above its own last one. */
const beginUpdate = forClient.assign({
  ...beginPhase,
  copy: ({ context: { copy, life, queue, self, told } }) => {
    const time = 1 + Math.max(copy.time, ...Object.values(told).map((each) => each.time));
    return { time, writer: `${self}.${life}`, value: queue[0]?.value ?? null };
  },
});
const ask = {
  type: 'send' as const,
  params: ({ context }: About) => ({
    to: quorumOf(context).filter((id) => context.told[id] === undefined),
    message: { type: 'query', phase: phaseOf(context) },
  }),
};
const update = {
  type: 'send' as const,
  params: ({ context }: About) => ({
    to: quorumOf(context).filter((id) => !context.stored.includes(id)),
    message: { type: 'update', phase: phaseOf(context), ...context.copy },
  }),
};
const complete = (result: (context: ClientContext) => Json) => [
  { type: 'deliver' as const, params: ({ context }: About) => completed(context, result(context)) },
  forClient.assign({ queue: withoutPresent }),
];
const wasRead = complete(({ told, parameters }) => vouchedFor(Object.values(told), parameters)?.value ?? null);
const wasWritten = complete(({ copy }) => copy.value);
const retry = (target: 'querying' | 'updating') => ({ retryTimeout: { target, reenter: true, actions: tryAgain } });

export const client = forClient.createMachine({
  id: 'client',
  description: 'Reads and writes the register, one operation after another. It turns to one quorum at a time.',
  context: ({ input }) => ({
    parameters: input.parameters,
    self: input.self,
    grid: gridOf(input),
    place: nodesWithRole(input, 'client').indexOf(input.self),
    life: Number(input.stable.life ?? 0) + 1,
    phases: 0,
    tries: 0,
    queue: [],
    told: {},
    stored: [],
    copy: empty,
  }),
  entry: { type: 'persist', params: ({ context }) => ({ key: 'life', value: context.life }) },
  initial: 'idle',
  on: { write: { actions: enlist }, read: { actions: enlist } },
  states: {
    idle: {
      description: 'Has nothing to ask.',
      always: { guard: 'hasOperation', target: 'querying', actions: [invoke, beginQuery] },
    },
    querying: {
      description: 'What is your version? It takes the word of a whole quorum.',
      entry: ask,
      after: retry('querying'),
      on: { version: { guard: 'isAwaited', actions: hear } },
      always: [
        { guard: and(['hasAnswers', 'isWrite']), target: 'updating', actions: beginUpdate },
        { guard: 'hasAnswers', target: 'idle', actions: wasRead },
      ],
    },
    updating: {
      description: 'A whole quorum is to store what it writes.',
      entry: update,
      after: retry('updating'),
      on: { stored: { guard: 'isAwaited', actions: count } },
      always: { guard: 'isStored', target: 'idle', actions: wasWritten },
    },
  },
});
