/**
 * The world: everything that one run consists of, at one moment. Nodes, messages on their way, timers, rules, clocks,
 * random streams. It is a value owned by one run: `commit` moves it on, `cloneWorld` makes an independent copy.
 * Everything that happens to it is a `Choice`; the record of one is a `TraceEvent`.
 */
import type { Agenda } from './agenda.ts';
import type { Costs } from './costs.ts';
import type { Fault, Treachery } from './faults.ts';
import type { LocalClock } from './local-clock.ts';
import type { PropertyState } from './properties.ts';
import type {
  Effect,
  Json,
  JsonObject,
  Message,
  NodeId,
  NodeState,
  NodeStatus,
  NodeView,
  Protocol,
  RoleName,
  View,
} from './protocol.ts';
import type { Streams } from './rng.ts';
import type { Scenario, ScheduledFault } from './scenario.ts';

/** Whatever can happen next. A recording names choices; what no choice can name does not happen. */
export type Choice =
  | { readonly type: 'start'; readonly node: NodeId }
  | { readonly type: 'deliver'; readonly message: number }
  | { readonly type: 'fire'; readonly node: NodeId; readonly timer: string }
  | {
      readonly type: 'input';
      readonly node: NodeId;
      readonly input: string;
      readonly data: JsonObject;
      /** it is one of the scenario's that is still to come, ahead of its time */
      readonly early?: true;
    }
  /** the runtime lost the node: its worker hung, exited or ran out of memory. Recorded, so that a replay loses it too. */
  | {
      readonly type: 'fail';
      readonly node: NodeId;
      readonly reason: string;
      /** it was lost over a restart of the script, which then fails */
      readonly restarting?: true;
    }
  | Fault;

/** A message on its way: sent, and not yet delivered or dropped. Immutable. */
export interface Envelope {
  /** in sending order, from 1 */
  readonly id: number;
  readonly from: NodeId;
  readonly to: NodeId;
  readonly body: Message;
  readonly sentAtMs: number;
  /** index of the trace event in which it was sent */
  readonly sentIndex: number;
  /** when it will arrive; while held: when it would have */
  readonly deliverAtMs: number;
  /** the sender's clocks at the sending */
  readonly lamport: number;
  readonly vector: readonly number[];
  /** length of the longest chain of messages that ends in this one */
  readonly depth: number;
  readonly writeDepth: number;
  /** why it does not travel: numbers of the faults that hold it (indices of `World.faults`), or the paused receiver */
  readonly held: Hold | null;
  /** sent by a traitor: what it did, and what an honest node would have sent (null: nothing) */
  readonly lie?: { readonly behaviour: string; readonly honest: Message | null };
  /** what was sent, when a fault has changed the message on its way */
  readonly was?: Message;
  /** the id of the message that this one is a copy of */
  readonly copyOf?: number;
}
export interface Hold {
  readonly by: 'partition' | 'cut' | 'hold' | 'pause';
  /** index into `World.faults` */
  readonly fault: number;
  readonly sinceMs: number;
}

/** Why a message will never arrive. */
export type DropReason =
  | { readonly by: 'loss' }
  | { readonly by: 'fault'; readonly fault: number }
  /** it reached a node that was down; `fault` is the crash, or null for a node that failed by itself */
  | { readonly by: 'crash'; readonly fault: number | null }
  | { readonly by: 'forged'; readonly signer: NodeId };

export interface RunningTimer {
  /** `voteTimeout@waitingVotes` */
  readonly timer: string;
  readonly setAtMs: number;
  readonly fireAtMs: number;
  /** distinguishes this setting from earlier ones in the agenda */
  readonly token: number;
}

/** What a crash took and what it left, kept for the screen until the next crash. */
export interface CrashReport {
  /** index into `World.faults`; null when the node failed by itself */
  readonly fault: number | null;
  readonly atMs: number;
  readonly index: number;
  readonly path: string;
  readonly lost: JsonObject;
  readonly kept: Readonly<Record<string, Json>>;
  readonly lostTimers: readonly string[];
  /** what it was just after its restart; left out: it has not come back */
  readonly returned?: { readonly index: number; readonly path: string; readonly context: JsonObject };
}

export interface NodeRecord extends NodeView {
  status: NodeStatus;
  honest: boolean;
  everCrashed: boolean;
  path: string;
  /** null while crashed */
  state: NodeState | null;
  context: JsonObject;
  stable: Readonly<Record<string, Json>>;
  decisions: readonly Json[];
  delivered: readonly Json[];
  readonly index: number;
  lamport: number;
  readonly vector: number[];
  depth: number;
  writeDepth: number;
  timers: RunningTimer[];
  /** deliveries and timers that wait for a paused node, in order, and the pause's fault */
  waiting: Choice[];
  pausedBy: number | null;
  /** how it lies now, and the fault that made it so */
  treachery: { readonly fault: number; readonly how: Treachery } | null;
  /** countdown of an armed mid-broadcast crash, and the fault that armed it */
  crashAfter: { readonly sends: number; readonly fault: number } | null;
  crash: CrashReport | null;
  /** why it failed, when the runtime and not a fault brought it down */
  failure: string | null;
  /** its next restart fails, for what was to run for it is lost */
  lostRestart: boolean;
  /** the clock on its wall: how far it is off, how fast it runs, and the fault that made it so */
  clock: LocalClock;
  /** the first messages that it sent, for a traitor that repeats old ones */
  readonly sentBefore: Message[];
  /** since when it is blocked, virtual ms; null: it is not */
  blockedSinceMs: number | null;
  /** what it was before its last step, for whoever wants to see what that step changed; null: it has taken none */
  previous: {
    readonly index: number;
    readonly path: string;
    readonly context: JsonObject;
    readonly stable: Readonly<Record<string, Json>>;
  } | null;
}

/** Evidence of a fault: what it did, since when, and how many messages, timers or nodes it has touched. */
export interface FaultRecord {
  readonly fault: Fault;
  readonly atMs: number;
  readonly index: number;
  readonly origin: Origin;
  /** index into the scenario's faults, for a scripted one */
  readonly script: number | null;
  touched: number;
}

/** A standing rule on messages that are sent from now on. */
export interface Rule {
  readonly fault: number;
  readonly rule: Extract<Fault, { type: 'delay' | 'hold' | 'drop' | 'duplicate' }>;
  left: number;
}

/** An assumption of the model that the run has broken: the model's fault, not the protocol's. */
export interface BrokenAssumption {
  readonly what: string;
  readonly index: number;
  readonly atMs: number;
}

export interface World {
  readonly scenario: Scenario;
  readonly protocol: Protocol;
  readonly ids: readonly NodeId[];
  readonly indexOf: ReadonlyMap<NodeId, number>;
  nowMs: number;
  /** how many trace events have happened: the next one's index */
  events: number;
  readonly nodes: NodeRecord[];
  /** in flight or held, by id */
  readonly pending: Map<number, Envelope>;
  nextMessageId: number;
  nextToken: number;
  readonly agenda: Agenda;
  readonly streams: Streams;
  /** the partition in force: the group number of each node by index, and the fault that made it */
  partition: { readonly groupOf: readonly number[]; readonly fault: number; readonly drop: boolean } | null;
  cuts: readonly { readonly from: NodeId; readonly to: NodeId; readonly fault: number; readonly drop: boolean }[];
  rules: Rule[];
  readonly faults: FaultRecord[];
  /** scripted, event-triggered faults that have not struck yet, with their counters */
  triggers: { readonly script: number; readonly scheduled: Extract<ScheduledFault, { when: unknown }>; seen: number }[];
  readonly inputs: { readonly node: NodeId; readonly input: string; readonly data: JsonObject }[];
  readonly properties: PropertyState[];
  readonly costs: Costs;
  /** last arrival a link has promised, for fifo order: `from>to` */
  readonly lastArrivalMs: Map<string, number>;
  assumptions: BrokenAssumption[];
  forgeries: number;
  anyFault: boolean;
  /** counters that say which part changed, so that nothing is evaluated twice */
  readonly versions: { decisions: number; states: number; deliveries: number; memory: number; crashes: number };
  /** what the properties see: this world, read only */
  readonly view: View;
  /** sets of nodes that were blocked together at some moment, each with the first such moment */
  blockedSets: { readonly nodes: readonly NodeId[]; readonly atMs: number }[];
  /** how often each `node state` was entered, for expectations */
  readonly reached: Set<string>;
}

/** Which node must take which step for a choice; null when no node has to. */
export interface Plan {
  readonly choice: Choice;
  readonly node: NodeId;
  readonly role: RoleName;
  /** the state to step from; null: start the machine anew */
  readonly state: NodeState | null;
  /** null: start */
  readonly event: (JsonObject & { readonly type: string }) | null;
  readonly stable: Readonly<Record<string, Json>>;
}
export interface StepResult {
  readonly state: NodeState;
  readonly effects: readonly Effect[];
}
/** The machine threw, or asked for what does not exist: the node fails, with the reason. */
export interface StepFailure {
  readonly failed: string;
}

/** A message as the record of one event keeps it: where it went. */
export type Fate = {
  readonly id: number;
  /** as it was before */
  readonly message: Envelope;
  readonly place: 'delivered' | 'dropped' | 'held' | 'released';
  readonly why?: DropReason | Hold;
};

/** Who made the choice: the seeded schedule, the scenario's script, a person, or the runtime that lost a node. */
export type Origin = 'schedule' | 'script' | 'person' | 'runtime';

/** The record of one choice. Together with the scenario, the trace says everything that happened. */
export interface TraceEvent {
  readonly index: number;
  readonly atMs: number;
  readonly choice: Choice;
  readonly origin: Origin;
  /** whose event it is; null for faults of the network */
  readonly node: NodeId | null;
  /** the message delivered (or lost at the door), for a delivery */
  readonly message: Envelope | null;
  /** the statechart's path before and after, for a step */
  readonly before: string | null;
  readonly after: string | null;
  /** what took place of the step's effects, in order */
  readonly effects: readonly Effect[];
  /** what went on its way, in order, copies and lies included */
  readonly sends: readonly Envelope[];
  /** messages whose place changed otherwise: lost, held, released */
  readonly fates: readonly Fate[];
  /** the node's clocks after receiving; its sends carry their own */
  readonly lamport: number;
  readonly vector: readonly number[];
  /** names of properties first violated, and of `sometimes` first reached, here */
  readonly violated: readonly string[];
  readonly reached: readonly string[];
  /** for a fault: its index in `World.faults` */
  readonly fault: number | null;
  /** what a person should read beside it */
  readonly notes: readonly string[];
}
