/** A member: multicasts in its view, watches the others, and goes with them from view to view. */
import { setup } from 'xstate';
import { effects, type Message, type NodeId, type NodeInput } from '../../src/core/protocol.ts';
import type { Context, Event, Flushed, Parameters, Proposal, Said } from './words.ts';

type Of<Type extends Event['type']> = Extract<Event, { type: Type }>;
/** What one step does besides changing what the member knows. */
interface Doing {
  send(to: NodeId | readonly NodeId[], message: Message): void;
  deliver(item: { view: number; members: NodeId[] } | Said): void;
}

const forMember = setup({
  types: {} as { context: Context; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: { tick: ({ context }) => context.parameters.tick },
  guards: {
    isOver: ({ context }) => context.isOut || context.ticks >= context.parameters.beats,
    isOut: ({ context }) => context.isOut,
    isFlushing: ({ context }) => context.promised > 0,
    isInView: ({ context }) => context.promised === 0,
  },
});
/** A step as a function that changes a copy of the context. */
const doing = <E extends Event>(task: (member: Context, act: Doing, event: E) => void) =>
  forMember.enqueueActions(({ context, event, enqueue }) => {
    const member = { ...context };
    const act: Doing = {
      send: (to, message) => enqueue({ type: 'send', params: { to, message } }),
      deliver: (item) => enqueue({ type: 'deliver', params: { item } }),
    };
    if (!member.isOut) task(member, act, event as E);
    enqueue.assign(member);
  });

const rest = ({ members, self }: Context): NodeId[] => members.filter((id) => id !== self);
const isSuspect = ({ heard, parameters, self, ticks }: Context, id: NodeId): boolean =>
  id !== self && ticks - (heard[id] ?? 0) > parameters.patience;
const isEnough = ({ members, parameters }: Context, count: number): boolean =>
  !parameters.majority || 2 * count > members.length;

/** What was said here, and what others said: once each, in this view, and not when a change is under way. */
function take(member: Context, act: Doing, said: Said): void {
  if (said.view > member.view) member.early = [...member.early, said];
  const isDue = said.view === member.view && member.promised === 0 && member.members.includes(said.from);
  if (!isDue || member.messages.some(({ id }) => id === said.id)) return;
  member.messages = [...member.messages, said];
  act.deliver(said);
}
function say(member: Context, act: Doing, text: string): void {
  if (member.promised > 0) {
    member.waiting = [...member.waiting, text];
    return;
  }
  member.count += 1;
  const said = { id: `${member.self}.${member.count}`, from: member.self, view: member.view, text };
  take(member, act, said);
  act.send(rest(member), { type: 'data', said });
}

/** Whoever is behind for long is given the change that it missed; perhaps it is out since then. */
function help(member: Context, act: Doing, behind: NodeId, view: number): void {
  if (member.ticks - member.sinceTick < member.parameters.patience) return;
  const missed = member.changes.find(({ number }) => number === view + 1);
  if (missed !== undefined) act.send(behind, { type: 'view', proposal: missed });
}

/** Another tick: a sign of life; and a change, if somebody is silent and nobody is there before this one in the list. */
function look(member: Context, act: Doing): void {
  member.ticks += 1;
  act.send(rest(member), { type: 'alive', view: member.view });
  const trusted = member.members.filter((id) => !isSuspect(member, id));
  const isNeeded = trusted.length < member.members.length || member.promised > 0;
  const isTried = member.ballot > 0 && member.ticks - member.sinceTick <= 2 * member.parameters.patience;
  if (isNeeded && !isTried && trusted[0] === member.self) beginChange(member, act);
  propose(member, act);
}

/** Phase 1: from now on nobody delivers anything in this view; what has been delivered so far? */
function beginChange(member: Context, act: Doing): void {
  member.ballot = (Math.floor(member.promised / 1000) + 1) * 1000 + member.members.indexOf(member.self);
  member.promised = member.ballot;
  member.sinceTick = member.ticks;
  member.answers = { [member.self]: { messages: member.messages, accepted: member.accepted } };
  member.proposal = null;
  member.acceptors = [];
  act.send(rest(member), { type: 'flush', view: member.view, ballot: member.ballot });
}
function flush(member: Context, act: Doing, { from, view, ballot }: Of<'flush'>): void {
  if (view !== member.view || ballot <= member.promised) return;
  member.promised = ballot;
  const answer: Flushed = { messages: member.messages, accepted: member.accepted };
  act.send(from, { type: 'flushed', view, ballot, answer });
}

/** Phase 2: when all have answered whom it trusts, and they are enough. What may have been chosen already stays. */
function propose(member: Context, act: Doing): void {
  const { answers, ballot, members, parameters, view } = member;
  const there = members.filter((id) => Object.hasOwn(answers, id));
  const isWaiting = members.some((id) => !there.includes(id) && !isSuspect(member, id));
  if (ballot === 0 || ballot !== member.promised || member.proposal !== null || isWaiting) return;
  if (!isEnough(member, there.length)) return;
  const accepted = there.flatMap((id) => answers[id]?.accepted ?? []).sort((a, b) => b.ballot - a.ballot)[0];
  const messages = parameters.flush ? union(there.map((id) => answers[id]?.messages ?? [])) : [];
  const proposal = accepted?.proposal ?? { number: view + 1, members: there, messages };
  Object.assign(member, { proposal, accepted: { ballot, proposal }, acceptors: [member.self] });
  act.send(rest(member), { type: 'propose', view, ballot, proposal });
  choose(member, act);
}
function union(lists: readonly (readonly Said[])[]): Said[] {
  const known = new Map<string, Said>();
  for (const said of lists.flat()) if (!known.has(said.id)) known.set(said.id, said);
  return [...known.values()];
}
function accept(member: Context, act: Doing, { from, view, ballot, proposal }: Of<'propose'>): void {
  if (view !== member.view || ballot < member.promised) return;
  Object.assign(member, { promised: ballot, accepted: { ballot, proposal } });
  act.send(from, { type: 'accepted', view, ballot });
}
/** A majority of the old view has accepted: the new one is chosen, and everybody told. */
function choose(member: Context, act: Doing): void {
  const { proposal } = member;
  if (proposal === null || !isEnough(member, member.acceptors.length)) return;
  act.send(rest(member), { type: 'view', proposal });
  enter(member, act, proposal);
}

/** First what others have delivered in the old view, then the new one. */
function enter(member: Context, act: Doing, proposal: Proposal): void {
  if (proposal.number !== member.view + 1) return;
  if (!proposal.members.includes(member.self)) {
    member.isOut = true;
    return;
  }
  const missed = proposal.messages.filter(({ id }) => !member.messages.some((known) => known.id === id));
  for (const said of missed) act.deliver(said);
  const { number: view, members } = proposal;
  act.deliver({ view, members });
  const heard = Object.fromEntries(members.map((id) => [id, member.ticks]));
  const { early, waiting } = member;
  Object.assign(member, {
    view,
    members,
    heard,
    changes: [...member.changes, proposal],
    messages: [],
    early: [],
    waiting: [],
  });
  Object.assign(member, {
    promised: 0,
    accepted: null,
    ballot: 0,
    sinceTick: member.ticks,
    answers: {},
    proposal: null,
    acceptors: [],
  });
  for (const said of early) take(member, act, said);
  for (const text of waiting) say(member, act, text);
}

const hear = (member: Context, from: NodeId): void => {
  member.heard = { ...member.heard, [from]: member.ticks };
};
const on = {
  say: { actions: doing<Of<'say'>>((member, act, { text }) => say(member, act, text)) },
  alive: {
    actions: doing<Of<'alive'>>((member, act, { from, view }) => {
      if (member.members.includes(from)) hear(member, from);
      if (view < member.view) help(member, act, from, view);
    }),
  },
  data: { actions: doing<Of<'data'>>((member, act, { said }) => take(member, act, said)) },
  flush: { actions: doing<Of<'flush'>>(flush) },
  flushed: {
    actions: doing<Of<'flushed'>>((member, act, { from, view, ballot, answer }) => {
      if (view !== member.view || ballot !== member.ballot) return;
      member.answers = { ...member.answers, [from]: answer };
      propose(member, act);
    }),
  },
  propose: { actions: doing<Of<'propose'>>(accept) },
  accepted: {
    actions: doing<Of<'accepted'>>((member, act, { from, view, ballot }) => {
      if (view !== member.view || ballot !== member.ballot || member.acceptors.includes(from)) return;
      member.acceptors = [...member.acceptors, from];
      choose(member, act);
    }),
  },
  view: { actions: doing<Of<'view'>>((member, act, { proposal }) => enter(member, act, proposal)) },
};

export const member = forMember.createMachine({
  id: 'member',
  description: 'Multicasts in its view, watches the others, and goes with them from view to view.',
  context: ({ input }) => ({
    parameters: input.parameters,
    self: input.self,
    view: 1,
    members: Object.keys(input.nodes),
    isOut: false,
    changes: [],
    ticks: 0,
    heard: Object.fromEntries(Object.keys(input.nodes).map((id) => [id, 0])),
    messages: [],
    early: [],
    waiting: [],
    count: 0,
    promised: 0,
    accepted: null,
    ballot: 0,
    sinceTick: 0,
    answers: {},
    proposal: null,
    acceptors: [],
  }),
  entry: { type: 'deliver', params: ({ context: { view, members } }) => ({ item: { view, members } }) },
  type: 'parallel',
  on,
  states: {
    watch: {
      initial: 'keeping',
      states: {
        keeping: {
          description: 'A sign of life each tick, and a look at who is silent.',
          after: {
            tick: [
              { guard: 'isOver', target: 'over' },
              { target: 'keeping', reenter: true, actions: doing(look) },
            ],
          },
        },
        over: { description: 'Watches no more.' },
      },
    },
    group: {
      initial: 'inView',
      states: {
        inView: {
          description: 'Delivers what is said in its view.',
          always: [
            { guard: 'isOut', target: 'excluded' },
            { guard: 'isFlushing', target: 'flushing' },
          ],
        },
        flushing: {
          description: 'The view is about to change: delivers nothing until the next one is there.',
          always: [
            { guard: 'isOut', target: 'excluded' },
            { guard: 'isInView', target: 'inView' },
          ],
        },
        excluded: { description: 'The group has gone on without it.' },
      },
    },
  },
});
