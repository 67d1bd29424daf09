/** What a replica knows, and the conditions on which its statechart turns. */
import { setup } from 'xstate';
import { draw, effects, type NodeId, type NodeInput } from '../../src/core/protocol.ts';
import {
  type Command,
  type Event,
  isSame,
  type Parameters,
  type Proposal,
  type Request,
  type Service,
  type Slots,
} from './words.ts';

export interface ReplicaContext extends Service {
  parameters: Parameters;
  self: NodeId;
  replicas: NodeId[];
  seed: number;
  /** how many random timeouts it has drawn */
  draws: number;
  /** whom it takes for the leader */
  leader: NodeId | null;
  /** the acceptor: it takes part in no ballot below this one, and this is what it has accepted, slot by slot */
  promised: number;
  accepted: Slots<Proposal>;
  /** the proposer: the ballot that it leads or would like to lead, and who promised to follow */
  ballot: number;
  promises: NodeId[];
  /** the latest proposals that it was told of, slot by slot */
  reported: Slots<Proposal>;
  /** what it asks to be accepted, who has, and whether it has waited for more for a while */
  proposals: Slots<{ readonly command: Command; readonly by: readonly NodeId[]; readonly isOld: boolean }>;
  /** up to where it has told the others that everything is chosen */
  announced: number;
}
export type About = { context: ReplicaContext; event: Event };

export const othersOf = ({ replicas, self }: ReplicaContext): NodeId[] => replicas.filter((id) => id !== self);
export const majorityOf = ({ replicas }: ReplicaContext): number => Math.floor(replicas.length / 2) + 1;
export const senderOf = (event: Event): NodeId => ('from' in event ? event.from : '');
export const ballotIn = (event: Event): number => ('ballot' in event ? Number(event.ballot) : 0);
export const commandIn = (event: Request): Command => {
  const { from: client, number, operation, value } = event;
  return { client, number, operation, value };
};
/** With its member among them; a member is counted once. */
export const withMember = (members: readonly NodeId[], member: NodeId): NodeId[] =>
  members.includes(member) ? [...members] : [...members, member].sort();

export const forReplica = setup({
  types: {} as { context: ReplicaContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: {
    leaderTimeout: ({ context: { parameters, seed, draws } }) =>
      parameters.leaderTimeout + Math.floor(draw(seed, draws) * parameters.leaderSpread),
    aliveInterval: ({ context }) => context.parameters.aliveInterval,
  },
  guards: {
    isAboveItsPromise: ({ context, event }) => ballotIn(event) > context.promised,
    isNotBelowItsPromise: ({ context, event }) => ballotIn(event) >= context.promised,
    isForThisBallot: ({ context, event }) => ballotIn(event) === context.ballot,
    isPreempted: ({ context, event }) =>
      event.type === 'reject' && event.ballot === context.ballot && event.promised > context.ballot,
    hasMajority: ({ context }) => context.promises.length >= majorityOf(context),
    hasExecuted: ({ context, event }) =>
      event.type === 'request' && context.executed.some((each) => isSame(each, commandIn(event))),
    isUnderWay: ({ context, event }) =>
      event.type === 'request' &&
      [...Object.values(context.proposals), ...Object.values(context.chosen).map((command) => ({ command }))].some(
        ({ command }) => isSame(command, commandIn(event)),
      ),
  },
});
