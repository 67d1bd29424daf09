/**
 * Every fault there is, as data. A fault is a choice like any other: a scenario scripts it, a key makes it, a recording
 * names it. What each does to messages that are already in flight is said here, once, and `havoc list faults` prints it.
 */
import type { JsonObject, Message, NodeId } from './protocol.ts';

/** Which messages a rule catches: one that is in flight, or everything sent from now on over a link. */
export interface MessageTarget {
  /** one message that is in flight or held */
  readonly message?: number;
  /** a rule instead: sender, receiver and kind, each optional */
  readonly from?: NodeId;
  readonly to?: NodeId;
  readonly kind?: string;
  /** the rule ends after so many messages; left out: it stays until healed */
  readonly count?: number;
}

export type Behaviour =
  | 'silent'
  | 'omit'
  | 'equivocate'
  | 'wrong-value'
  | 'replay'
  | 'delay'
  | 'duplicate'
  | 'amnesia'
  | 'mutate'
  | 'collude';

/** Instead of one message: the truth, nothing, or this lie, which is one that its protocol has for that message. */
export type Word = 'truth' | 'nothing' | Message;

export type Fault =
  | { readonly type: 'crash'; readonly node: NodeId; readonly afterSends?: number }
  | { readonly type: 'restart'; readonly node: NodeId }
  | { readonly type: 'pause'; readonly node: NodeId }
  | { readonly type: 'resume'; readonly node: NodeId }
  | { readonly type: 'skew'; readonly node: NodeId; readonly offsetMs?: number; readonly rate?: number }
  | { readonly type: 'partition'; readonly groups: readonly (readonly NodeId[])[]; readonly drop?: boolean }
  | { readonly type: 'cut'; readonly from: NodeId; readonly to: NodeId; readonly drop?: boolean }
  | { readonly type: 'heal' }
  | ({ readonly type: 'delay'; readonly byMs: number } & MessageTarget)
  | ({ readonly type: 'hold' } & MessageTarget)
  | ({ readonly type: 'release' } & MessageTarget)
  | ({ readonly type: 'drop' } & MessageTarget)
  | ({ readonly type: 'duplicate' } & MessageTarget)
  | { readonly type: 'deliver-now'; readonly message: number }
  | { readonly type: 'reorder'; readonly message: number }
  /** other values in some fields of one message; its kind, its sender and what is signed stay */
  | { readonly type: 'corrupt'; readonly message: number; readonly values: JsonObject }
  | {
      readonly type: 'traitor';
      readonly node: NodeId;
      /** `scripted`: as `says` has it, word by word; no scenario can ask for that, but a recording and the bus */
      readonly behaviour: Behaviour | 'scripted';
      readonly targets?: readonly NodeId[];
      readonly kinds?: readonly string[];
      readonly byMs?: number;
      /** instead of its next messages, in the order of sending; after the last it tells the truth */
      readonly says?: readonly Word[];
      /** as many as `says`: so much longer each of these messages is on its way */
      readonly lateMs?: readonly number[];
    }
  | { readonly type: 'honest'; readonly node: NodeId };

export type FaultType = Fault['type'];
/** the traitor, as a fault: its behaviour and whom and what it strikes */
export type Treachery = Extract<Fault, { type: 'traitor' }>;

export interface FaultHelp {
  readonly about: string;
  /** what it does to messages that are already on their way */
  readonly inFlight: string;
  readonly fields: Readonly<Record<string, string>>;
}

const target = {
  message: 'the number of one message that is on its way then',
  from: 'sender, for a rule on what is sent from now on',
  to: 'receiver, for a rule on what is sent from now on',
  kind: 'message kind, for a rule on what is sent from now on',
  count: 'the rule ends after so many messages',
};
const untouched = 'not touched';

export const faultHelp: Readonly<Record<FaultType, FaultHelp>> = {
  crash: {
    about:
      'The node stops and loses everything it did not persist. With `afterSends: k` it stops right after its k-th send from now: in the middle of a broadcast.',
    inFlight: 'what it sent stays in flight; what is delivered to it while it is down is lost',
    fields: { node: 'who', afterSends: 'stop after so many more sends' },
  },
  restart: {
    about: 'The crashed node starts anew, with its stable storage and nothing else.',
    inFlight: 'messages still in flight will reach it',
    fields: { node: 'who' },
  },
  pause: {
    about: 'The node takes no steps: a slow process. To the others it looks like a crash.',
    inFlight: 'they arrive and wait; nothing is lost',
    fields: { node: 'who' },
  },
  resume: {
    about: 'The paused node goes on, with everything that waited for it.',
    inFlight: untouched,
    fields: { node: 'who' },
  },
  skew: {
    about:
      "The node's clock jumps by `offset` and runs at `rate` from now on: its timers fire that much earlier or faster.",
    inFlight: untouched,
    fields: { node: 'who', offset: 'a duration, forward when positive', rate: '1 is true, 1.1 runs 10% fast' },
  },
  partition: {
    about:
      'Only nodes of one group can talk to each other. Any number of groups; every node is in exactly one. It replaces an earlier partition.',
    inFlight: 'those that cross are held until healed; with `drop: true` they are lost, and so is what is sent across',
    fields: { groups: 'lists of nodes', drop: 'lose instead of hold' },
  },
  cut: {
    about: 'One direction of one link goes down.',
    inFlight: 'those on it are held until healed; with `drop: true` they are lost',
    fields: { from: 'sender', to: 'receiver', drop: 'lose instead of hold' },
  },
  heal: {
    about: 'Ends the partition, every cut and every rule (delay, hold, drop, duplicate).',
    inFlight: 'what was held goes on, with the travelling time that it had left',
    fields: {},
  },
  delay: {
    about: 'Messages take `by` longer.',
    inFlight: 'only the one that `message` names; a rule touches what is sent from now on',
    fields: { ...target, by: 'a duration' },
  },
  hold: {
    about: 'Messages stop on the way until released or healed.',
    inFlight:
      'only the one that `message` names, and on fifo links those behind it; a rule touches what is sent from now on',
    fields: target,
  },
  release: {
    about: 'Held messages go on.',
    inFlight: 'the one that `message` names, or all that `hold` has stopped and that match',
    fields: target,
  },
  drop: {
    about: 'Messages are lost.',
    inFlight: 'only the one that `message` names; a rule touches what is sent from now on',
    fields: target,
  },
  duplicate: {
    about: 'Messages arrive twice.',
    inFlight: 'only the one that `message` names; a rule touches what is sent from now on',
    fields: target,
  },
  'deliver-now': { about: 'The message arrives at once.', inFlight: 'that one', fields: { message: target.message } },
  reorder: {
    about: 'The message arrives after the next one on its link.',
    inFlight: 'that one',
    fields: { message: target.message },
  },
  corrupt: {
    about:
      'The message says something else when it arrives. Its sender has not lied: no model allows it, and the run says that the model is broken.',
    inFlight: 'that one; its kind, its sender and what is signed in it stay, and a number stays a number, text text',
    fields: { message: target.message, values: 'the fields that change, and what they say then' },
  },
  traitor: {
    about: 'The node lies from now on: see `havoc list lies`.',
    inFlight: untouched,
    fields: {
      node: 'who',
      behaviour: 'how',
      targets: 'the receivers it lies to; left out: all',
      kinds: 'the message kinds it lies in; left out: all',
      by: 'a duration, for behaviour: delay',
    },
  },
  honest: {
    about: 'The traitor follows the protocol again. It stays a faulty node in the count.',
    inFlight: untouched,
    fields: { node: 'who' },
  },
};
