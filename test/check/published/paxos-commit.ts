/**
 * Paxos Commit of the TLA+ examples (Gray and Lamport; `transaction_commit`, two resource managers, three acceptors,
 * ballots 0 and 1). Published: 1,321,761 states, 16,959,159 generated, depth 28.
 *
 * There, actions look at all messages that were ever sent. Here, what one instance of Paxos looks at is one node's
 * context: the acceptors of I1 decide what R1 has chosen, those of I2 what R2 has. I1 tells I2 what it has decided, and I2
 * announces the decision; since messages are never consumed (`--network set`), what was told says no more than the
 * context of I1 does, and its arrival is the action that announces. TLC counts a successor once for each ballot and
 * majority that shows a decision (and for each pair of them, where both instances have to): here each is a message of
 * its own, or an input.
 */
import { enqueueActions, setup } from 'xstate';
import { defineProtocol, effects, type Message, type NodeInput, type Protocol } from '../../../src/core/protocol.ts';
import type { Scenario, ScheduledInput } from '../../../src/core/scenario.ts';
import { scenarioOf } from '../made.ts';

type Choice = 'prepared' | 'aborted';
interface Vote {
  /** -1: none */
  readonly ballot: number;
  readonly choice: Choice | null;
}
interface Instance {
  readonly announces: boolean;
  /** of each acceptor: the highest ballot it has heard of, its last vote, and what it has said when ballot 1 began */
  readonly heard: readonly number[];
  readonly votes: readonly Vote[];
  readonly said: readonly (Vote | null)[];
  readonly isBegun: boolean;
  /** what the leader has proposed in ballot 1 */
  readonly proposed: Choice | null;
  /** every vote that was ever cast: `acceptor ballot choice` */
  readonly cast: readonly string[];
}

const acceptors = [0, 1, 2];
const majorities = [
  [0, 1],
  [0, 2],
  [1, 2],
];
const put = <T>(list: readonly T[], at: number, value: T): T[] => list.map((each, i) => (i === at ? value : each));

/** What shows that an instance has decided: a ballot, and a majority that has voted alike in it. */
const witnesses = [0, 1].flatMap((ballot) => majorities.map((majority) => ({ ballot, majority })));

function shows({ cast }: Instance, witness: number, choice: Choice): boolean {
  const { ballot, majority } = witnesses[witness] as (typeof witnesses)[number];
  return majority.every((acceptor) => cast.includes(`${acceptor} ${ballot} ${choice}`));
}

function vote(
  { heard, votes, cast }: Instance,
  acceptor: number,
  ballot: number,
  choice: Choice,
): Partial<Instance> | null {
  if ((heard[acceptor] as number) > ballot) return null;
  return {
    heard: put(heard, acceptor, ballot),
    votes: put(votes, acceptor, { ballot, choice }),
    cast: [...new Set([...cast, `${acceptor} ${ballot} ${choice}`])].sort(),
  };
}

/** What changes; null: it cannot happen. */
function change(instance: Instance, event: Message): Partial<Instance> | null {
  const { heard, votes, said, isBegun, proposed, announces } = instance;
  const acceptor = event.acceptor as number;
  switch (event.type) {
    case 'begin':
      return { isBegun: true };
    case 'hear':
      if (!isBegun || (heard[acceptor] as number) >= 1) return null;
      return { heard: put(heard, acceptor, 1), said: put(said, acceptor, votes[acceptor] as Vote) };
    case 'propose': {
      const heardFrom = (majorities[event.majority as number] as number[]).map((each) => said[each]);
      if (proposed !== null || heardFrom.some((each) => each === null)) return null;
      return { proposed: heardFrom.find((each) => each?.choice)?.choice ?? 'aborted' };
    }
    case 'vote':
      return proposed === null ? null : vote(instance, acceptor, 1, proposed);
    case 'chosen':
      return vote(instance, acceptor, 0, event.choice as Choice);
    case 'abandon':
      return announces && shows(instance, event.own as number, 'aborted') ? {} : null;
    case 'otherAborted':
      return {};
    default:
      return shows(instance, event.own as number, 'prepared') ? {} : null;
  }
}

/** I2 announces the decision; I1 tells it what it has decided, once. */
function tells(before: Instance, after: Instance, { type }: Message): (readonly [to: string, message: Message])[] {
  if (before.announces) {
    if (!['abandon', 'otherAborted', 'otherPrepared'].includes(type)) return [];
    const message = { type: type === 'otherPrepared' ? 'commit' : 'abort' };
    return ['R1', 'R2'].map((manager) => [manager, message]);
  }
  const all = witnesses.map((_, i) => i);
  const newly = (choice: Choice): number[] =>
    all.filter((witness) => shows(after, witness, choice) && !shows(before, witness, choice));
  return [
    ...newly('prepared').flatMap((witness) => all.map((own) => ({ type: 'otherPrepared', witness, own }))),
    ...newly('aborted').map((witness) => ({ type: 'otherAborted', witness })),
  ].map((message) => ['I2', message]);
}

const forInstance = setup({
  types: {} as { context: Instance; events: Message; input: NodeInput },
  actions: effects,
  guards: { canHappen: ({ context, event }) => change(context, event) !== null },
});
const happens = {
  guard: 'canHappen' as const,
  actions: enqueueActions(({ context, event, enqueue }) => {
    const before = context as Instance;
    const changes = change(before, event as Message) as Partial<Instance>;
    enqueue.assign(changes);
    for (const [to, message] of tells(before, { ...before, ...changes }, event as Message))
      enqueue({ type: 'send', params: { to, message } } as never);
  }) as never,
};
const actions = ['begin', 'hear', 'propose', 'vote', 'abandon'];
const messages = ['chosen', 'otherPrepared', 'otherAborted'];
const instance = forInstance.createMachine({
  context: ({ input: { self } }) => ({
    announces: self === 'I2',
    heard: acceptors.map(() => 0),
    votes: acceptors.map(() => ({ ballot: -1, choice: null })),
    said: acceptors.map(() => null),
    isBegun: false,
    proposed: null,
    cast: [],
  }),
  on: Object.fromEntries([...actions, ...messages].map((type) => [type, happens])),
});

const forManager = setup({
  types: {} as { context: { instance: string }; events: Message; input: NodeInput },
  actions: effects,
});
/** to each acceptor of its instance */
const chooses = (choice: Choice) =>
  acceptors.map((acceptor) => ({
    type: 'send' as const,
    params: ({ context }: { context: { instance: string } }) => ({
      to: context.instance,
      message: { type: 'chosen', acceptor, choice },
    }),
  }));
const manager = forManager.createMachine({
  context: ({ input: { self } }) => ({ instance: self.replace('R', 'I') }),
  initial: 'working',
  on: { commit: '.committed', abort: '.aborted' },
  states: {
    working: {
      on: {
        prepare: { target: 'prepared', actions: chooses('prepared') },
        giveUp: { target: 'aborted', actions: chooses('aborted') },
      },
    },
    prepared: {},
    committed: {},
    aborted: {},
  },
});

export const paxosCommit: Protocol = defineProtocol({
  id: 'tla-paxos-commit',
  title: 'Paxos Commit, as in TLA+',
  roles: { instance: instance as never, manager: manager as never },
  messages: [...messages, 'commit', 'abort'],
  inputs: [...actions, 'prepare', 'giveUp'],
  properties: [
    {
      name: 'consistent',
      kind: 'always',
      clauses: {},
      reads: ['states'],
      test: ({ nodes }) => {
        const paths = nodes.map(({ path }) => path);
        return !(paths.includes('committed') && paths.includes('aborted')) || { why: 'committed here, aborted there' };
      },
    },
  ],
});

const anytime = (node: string, input: string, data: ScheduledInput['data'] = {}): ScheduledInput => ({
  atMs: 0,
  node,
  input,
  data,
  anytime: true,
});

export const paxosCommitScenario: Scenario = scenarioOf({
  protocol: 'tla-paxos-commit',
  nodes: { R1: 'manager', R2: 'manager', I1: 'instance', I2: 'instance' },
  inputs: [
    ...['R1', 'R2'].flatMap((id) => [anytime(id, 'prepare'), anytime(id, 'giveUp')]),
    ...['I1', 'I2'].flatMap((id) => [
      anytime(id, 'begin'),
      ...acceptors.flatMap((acceptor) => [anytime(id, 'hear', { acceptor }), anytime(id, 'vote', { acceptor })]),
      ...majorities.map((_, majority) => anytime(id, 'propose', { majority })),
    ]),
    ...witnesses.map((_, own) => anytime('I2', 'abandon', { own })),
  ],
});

/** For threads, which find protocols by their files. */
export default paxosCommit;
