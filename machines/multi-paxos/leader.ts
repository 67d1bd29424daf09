/** The proposer in a replica: would-be leader in phase 1, leader in phase 2. */
import {
  type About,
  ballotIn,
  commandIn,
  forReplica,
  majorityOf,
  othersOf,
  type ReplicaContext,
  senderOf,
  withMember,
} from './about.ts';
import { chosenMessage, learnt, replyTo } from './learner.ts';
import {
  type Accepted,
  ballotAbove,
  type Command,
  lastSlot,
  nothing,
  type Promised,
  type Proposal,
  type Request,
  type Slots,
} from './words.ts';

/** A new ballot of its own. Its first promise is the one that it gives itself, for what it has accepted. */
export const newBallot = forReplica.assign(({ context }) => {
  const { promised, self, replicas, accepted, draws } = context;
  const ballot = ballotAbove(promised, replicas.indexOf(self), replicas.length);
  return {
    ballot,
    promised: ballot,
    promises: [self],
    reported: accepted,
    proposals: {},
    leader: null,
    draws: draws + 1,
  };
});
export const logBallot = {
  type: 'persist' as const,
  params: ({ context }: About) => ({ key: 'promised', value: context.promised }),
};
export const askForPromises = {
  type: 'broadcast' as const,
  params: ({ context: { ballot, known } }: About) => ({
    to: 'replica',
    message: { type: 'prepare', ballot, slot: known + 1 },
  }),
};
export const countPromise = forReplica.assign(({ context, event }) => {
  const reported: Record<string, Proposal> = { ...context.reported };
  for (const { slot, ballot, command } of (event as Promised).accepted) {
    if (ballot > (reported[slot]?.ballot ?? 0)) reported[slot] = { ballot, command };
  }
  return { reported, promises: withMember(context.promises, senderOf(event)) };
});

/** A slot further ahead is none that a replica has named: its number was changed on its way. */
const holesMax = 1000;

/** The heart of it: in every slot that may be taken the leader proposes what was accepted there, and fills the holes. */
function inherited({ parameters, reported, chosen, known }: ReplicaContext): Slots<Command> {
  if (parameters.ignoreAccepted) return {};
  const commands: Record<string, Command> = {};
  const last = Math.min(lastSlot(reported, chosen), known + holesMax);
  for (let slot = known + 1; slot <= last; slot++) {
    if (chosen[slot] === undefined) commands[slot] = reported[slot]?.command ?? nothing;
  }
  return commands;
}
/** Asks the acceptors, itself first, to accept these commands. Its own acceptance is on its disk before anybody hears of it. */
function propose(context: ReplicaContext, commands: Slots<Command>): Partial<ReplicaContext> {
  const { ballot, self } = context;
  const entries = Object.entries(commands);
  const own = entries.map(([slot, command]): [string, Proposal] => [slot, { ballot, command }]);
  const asked = entries.map(([slot, command]) => [slot, { command, by: [self], isOld: false }] as const);
  return {
    accepted: { ...context.accepted, ...Object.fromEntries(own) },
    proposals: { ...context.proposals, ...Object.fromEntries(asked) },
  };
}
const proposing = (commandsOf: (about: About) => Slots<Command>) =>
  forReplica.enqueueActions(({ context, event, enqueue }) => {
    const commands = commandsOf({ context, event });
    if (Object.keys(commands).length === 0) return;
    const after = propose(context, commands);
    enqueue.assign(after);
    enqueue({ type: 'persist', params: { key: 'accepted', value: after.accepted ?? {} } });
    for (const [slot, command] of Object.entries(commands)) {
      enqueue({ type: 'send', params: acceptMessage(context, othersOf(context), Number(slot), command) });
    }
  });
const acceptMessage = ({ ballot }: ReplicaContext, to: readonly string[], slot: number, command: Command) => ({
  to,
  message: { type: 'accept', ballot, slot, command },
});
export const takeOffice = forReplica.assign(({ context }) => ({ leader: context.self, announced: context.known }));
export const proposeInherited = proposing(({ context }) => inherited(context));
export const proposeRequest = proposing(({ context, event }) => {
  const free = Math.max(context.known, lastSlot(context.proposals, context.chosen)) + 1;
  return { [free]: commandIn(event as Request) };
});
export const countAccepted = forReplica.assign(({ context, event }) => {
  const { slot, from } = event as Accepted;
  const proposal = context.proposals[slot];
  if (proposal === undefined) return {};
  return { proposals: { ...context.proposals, [slot]: { ...proposal, by: withMember(proposal.by, from) } } };
});
/** What a majority has accepted is chosen: the leader executes what it can, answers the clients, and tells the others. */
export const choose = forReplica.enqueueActions(({ context, enqueue }) => {
  const enough = context.parameters.uniform ? majorityOf(context) : 1;
  const news = Object.entries(context.proposals)
    .filter(([slot, { by }]) => by.length >= enough && context.chosen[slot] === undefined)
    .map(([slot, { command }]) => [slot, command] as const);
  if (news.length === 0) return;
  const { service, items } = learnt(context, Object.fromEntries(news));
  enqueue.assign({ ...service });
  for (const item of items) enqueue({ type: 'deliver', params: { item } });
  for (const [slot, command] of news) {
    enqueue({ type: 'send', params: chosenMessage(othersOf(context), Number(slot), command) });
  }
  for (const item of items) enqueue({ type: 'send', params: replyTo(item) });
});
/** Lets itself be heard, and asks again those who have not answered for a while. */
export const showLife = forReplica.enqueueActions(({ context, enqueue }) => {
  const { ballot, announced, proposals, known } = context;
  enqueue({ type: 'send', params: { to: othersOf(context), message: { type: 'alive', ballot, known: announced } } });
  for (const [slot, { command, by, isOld }] of Object.entries(proposals)) {
    const silent = othersOf(context).filter((id) => !by.includes(id));
    if (isOld && silent.length > 0 && context.chosen[slot] === undefined)
      enqueue({ type: 'send', params: acceptMessage(context, silent, Number(slot), command) });
  }
  const older = Object.entries(proposals).map(([slot, proposal]) => [slot, { ...proposal, isOld: true }] as const);
  enqueue.assign({ announced: known, proposals: Object.fromEntries(older) });
});
/** The ballot that got in its way: the next one will be higher. */
export const giveWay = forReplica.assign({
  promised: ({ context, event }) =>
    Math.max(context.promised, event.type === 'reject' ? event.promised : ballotIn(event)),
  leader: null,
});
