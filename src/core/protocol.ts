/**
 * What a protocol is. A protocol is one file: a statechart a role, the messages they exchange, the properties they
 * promise, and what a traitor may bend. Everything that runs protocols (play, replay, check, grade) reads only this.
 *
 * A role is an ordinary XState v5 machine. It asks for effects with the named actions of `effects`; it gets
 * `NodeInput` as its input; messages and inputs reach it as events named after their kind.
 */
import type { AnyStateMachine, StateValue } from 'xstate';
import type { Json, JsonObject } from './json.ts';

export type { Json, JsonObject } from './json.ts';
export type NodeId = string;
export type RoleName = string;

/** What travels: a kind and plain fields. It arrives as the event `{ ...message, from }`. */
export interface Message extends JsonObject {
  readonly type: string;
}
/** A message as its receiver sees it. `from` is stamped by the world and cannot be forged. */
export type Received<M extends Message> = M & { readonly from: NodeId };

/** The input of every role's machine. `stable` holds what earlier lives of this node persisted. */
export interface NodeInput<P = JsonObject> {
  readonly self: NodeId;
  readonly role: RoleName;
  /** every node of the run, itself included, in scenario order */
  readonly nodes: Readonly<Record<NodeId, RoleName>>;
  readonly parameters: P;
  readonly stable: Readonly<Record<string, Json>>;
  /** a number of this node's own, from the run's seed: with `draw`, the only randomness that a machine may use */
  readonly seed: number;
}

/** Everything a machine may ask for. Anything else is an error of the protocol. */
export type Effect =
  | { readonly type: 'send'; readonly to: NodeId; readonly message: Message; readonly signed?: boolean }
  /** forced write to stable storage: survives a crash, costs one stable write; `null` erases the key */
  | { readonly type: 'persist'; readonly key: string; readonly value: Json }
  | { readonly type: 'setTimer'; readonly timer: string; readonly delayMs: number }
  | { readonly type: 'cancelTimer'; readonly timer: string }
  | { readonly type: 'decide'; readonly value: Json }
  | { readonly type: 'deliver'; readonly item: Json }
  | { readonly type: 'note'; readonly text: string };

export interface SendParams {
  /** a node, several, or a node by its place in scenario order, from 0 */
  readonly to: NodeId | readonly NodeId[] | number;
  readonly message: Message;
  /** sign the message's fields as this node; see `signatures.ts` */
  readonly signed?: boolean;
}
export interface BroadcastParams {
  readonly message: Message;
  /** only the nodes of this role (or these roles); left out: every other node. Never to oneself. */
  readonly to?: RoleName | readonly RoleName[];
  readonly signed?: boolean;
}

/** The named actions of a role: give them to `setup({ actions: effects })` to have their params type-checked. */
export const effects = {
  send: (_: unknown, _params: SendParams): void => {},
  broadcast: (_: unknown, _params: BroadcastParams): void => {},
  persist: (_: unknown, _params: { key: string; value: Json }): void => {},
  decide: (_: unknown, _params: { value: Json }): void => {},
  deliver: (_: unknown, _params: { item: Json }): void => {},
  note: (_: unknown, _params: { text: string }): void => {},
};

/** The state of one node's statechart: plain JSON, so that it can cross threads and be compared. */
export interface NodeState {
  readonly value: StateValue;
  readonly context: JsonObject;
  readonly done: boolean;
}

export type FieldKind = 'text' | 'number' | 'node' | 'flag' | 'value' | 'list';
export interface MessageKind {
  readonly about?: string;
  readonly fields?: Readonly<Record<string, FieldKind>>;
}
export interface InputKind extends MessageKind {
  /** the roles that take it; left out: any */
  readonly roles?: readonly RoleName[];
  /** the fields an interactive user gets when giving none */
  readonly defaults?: JsonObject;
}

/** A parameter: what it may be, its default (durations in milliseconds), and a sentence about it. */
export type ParameterSpec =
  | {
      readonly kind: 'duration' | 'integer' | 'number';
      readonly default: number;
      readonly min?: number;
      readonly max?: number;
      readonly about?: string;
    }
  | { readonly kind: 'flag'; readonly default: boolean; readonly about?: string }
  | { readonly kind: 'text'; readonly default: string; readonly about?: string }
  | { readonly kind: 'choice'; readonly default: Json; readonly choices: readonly Json[]; readonly about?: string }
  | { readonly kind: 'value'; readonly default: Json; readonly about?: string }
  /** one value a node (of `role`, when given); a node left out gets `of.default` */
  | {
      readonly kind: 'per-node';
      readonly of: ParameterSpec;
      readonly role?: RoleName;
      readonly about?: string;
      readonly default?: undefined;
    };

/** One line of a node's card. */
export interface Field {
  readonly label: string;
  readonly value: Json;
}

export type NodeStatus = 'up' | 'paused' | 'crashed' | 'failed';

/** What a property may see of a node. Decisions and deliveries outlive a crash: the world has seen them. */
export interface NodeView {
  readonly id: NodeId;
  readonly role: RoleName;
  readonly status: NodeStatus;
  /** false from the moment it first turned traitor, for good */
  readonly honest: boolean;
  readonly everCrashed: boolean;
  /** the statechart's path: `voting`, `normal.preparing`, parallel regions joined by ` & ` */
  readonly path: string;
  readonly context: JsonObject;
  readonly stable: Readonly<Record<string, Json>>;
  /** the distinct values decided, in order: more than one breaks integrity */
  readonly decisions: readonly Json[];
  readonly delivered: readonly Json[];
}

/** What a property may see of the world. */
export interface View {
  readonly nodes: readonly NodeView[];
  readonly parameters: JsonObject;
  /** the inputs taken so far, in order */
  readonly inputs: readonly { readonly node: NodeId; readonly input: string; readonly data: JsonObject }[];
  node(id: NodeId): NodeView;
  /** nodes that never turned traitor */
  readonly honest: readonly NodeView[];
  /** some node crashed, some message was lost, late or held, or some node is or was a traitor */
  readonly anyFault: boolean;
  /** true time, which no node knows */
  readonly nowMs: number;
  /** what the clock on this node's wall shows now */
  clockMs(id: NodeId): number;
}

/** A property that fails says which clause, at which nodes, and why, in one sentence. */
export interface Failure {
  readonly clause?: string;
  readonly nodes?: readonly NodeId[];
  readonly why: string;
}
/** `true`: it holds (always), was reached (sometimes), is achieved (eventually). */
export type Verdict = boolean | Failure;

export interface Property {
  /** `problem/name` for the properties of a shared problem */
  readonly name: string;
  readonly kind: 'always' | 'sometimes' | 'eventually';
  /** what it promises, clause by clause, in words */
  readonly clauses: Readonly<Record<string, string>>;
  /** what `test` reads, so that it is not asked again when nothing of that changed; left out: everything */
  readonly reads?: readonly ('decisions' | 'states' | 'deliveries' | 'memory')[];
  /**
   * `test` looks at all nodes: among very many (see `judgedEvery`) it is asked only as many events apart as there are nodes,
   * and at the end, so that what an event costs does not grow with them.
   */
  readonly spaced?: boolean;
  /** a history variable: folded over the events, for what the present state has forgotten */
  readonly memory?: {
    readonly initial: Json;
    next(memory: Json, happened: Happened): Json;
  };
  test(view: View, memory: Json): Verdict;
}
/** What a history variable is told of: an effect that took place, and at whom. */
export interface Happened {
  readonly node: NodeId;
  readonly honest: boolean;
  readonly effect: Effect;
}

/** For every message kind a traitor may bend: fields and their alternatives, or whole messages to send instead. */
export type Lie =
  | Readonly<Record<string, readonly Json[] | ((honest: Json | undefined, about: LieContext) => readonly Json[])>>
  | ((honest: Message, about: LieContext) => readonly Message[]);
export interface LieContext {
  readonly self: NodeId;
  readonly to: NodeId;
  readonly nodes: Readonly<Record<NodeId, RoleName>>;
  readonly parameters: JsonObject;
}

/** How many faulty nodes the protocol stands, in its paper's terms. */
export interface Bound {
  /** `n > 3f`; of several cases, `caseOf` says which applies */
  readonly formula: string;
  caseOf?(parameters: JsonObject): string;
  readonly of: 'traitors' | 'crashes';
  /** the roles that count (left out: all); those that must be honest; does a crashed node count among the traitors? */
  readonly among?: readonly RoleName[];
  readonly honest?: readonly RoleName[];
  readonly crashesCount?: boolean;
  /** the greatest f that is still inside the bound; n counts every node, `roles` the nodes of each role */
  greatest(n: number, roles: Readonly<Record<RoleName, number>>, parameters: JsonObject): number;
}

export interface CostFigures {
  readonly messages: number;
  readonly byKind: Readonly<Record<string, number>>;
  readonly messageDelays: number;
  readonly stableWrites: number;
  readonly stableWriteDelays: number;
  /** how many `deliver` effects there were, for costs of one of them */
  readonly items: number;
  /** what each interval has added to the protocol's curve */
  readonly curve: readonly number[];
}
/** A published cost, to stand beside the measured one in a fault-free run. */
export interface Cost {
  readonly name: string;
  /** as published: `3n`; of several cases, `caseOf` says which applies (left out: what stands before a comma or colon) */
  readonly formula: string;
  caseOf?(roles: Readonly<Record<RoleName, number>>, parameters: JsonObject): string;
  readonly source?: string;
  /** the formula's value here; null where it does not apply to these parameters */
  expected(roles: Readonly<Record<RoleName, number>>, parameters: JsonObject): number | null;
  measured(figures: CostFigures): number;
}

/** A figure that grows as the run goes, to be plotted against time: infected nodes against rounds. */
export interface Curve {
  readonly title: string;
  /** what an interval is called: `round` */
  readonly interval: string;
  intervalMs(parameters: JsonObject): number;
  /** by how much it grows by this */
  adds(happened: Happened): number;
}

/** Without whose word a node cannot go on: it needs `need` of `nodes` (1 when left out). */
export interface WaitsFor {
  readonly nodes: readonly NodeId[];
  readonly need?: number;
  /** they can help even while they are blocked themselves, as an acceptor does: only being down or cut off silences them */
  readonly answering?: boolean;
}

/** How this protocol takes over a scenario that was written for another one of the same problem. Names it shares need no entry. */
export interface Counterparts {
  /** the other protocol's role -> the one that stands for it here */
  readonly roles?: Readonly<Record<RoleName, RoleName>>;
  /** the other protocol's message kind -> the one that means as much here */
  readonly messages?: Readonly<Record<string, string>>;
  /** nodes that this protocol needs besides those of the scenario */
  more?(nodes: Readonly<Record<NodeId, RoleName>>, parameters: JsonObject): Readonly<Record<NodeId, RoleName>>;
}

export interface Protocol {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  /** the problem it solves: `atomic-commit`, `consensus`, ... */
  readonly problem: string;
  /** the idea, in a few sentences */
  readonly about?: string;
  readonly roles: Readonly<Record<RoleName, AnyStateMachine>>;
  readonly messages: Readonly<Record<string, MessageKind>>;
  readonly inputs: Readonly<Record<string, InputKind>>;
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  /** its machines look at the clock on the wall: every event carries `clockMs`, what it shows then */
  readonly readsClock?: boolean;
  readonly properties: readonly Property[];
  readonly lies?: Readonly<Record<string, Lie>>;
  readonly costs?: readonly Cost[];
  readonly bound?: Bound;
  readonly curve?: Curve;
  readonly counterparts?: Counterparts;
  summary?(state: NodeState): readonly Field[];
  /**
   * Whom an undecided node waits for, or null when it can go on by itself (a timer of its own leads on).
   * This is what makes blocking visible: a node is blocked when those it waits for cannot answer.
   */
  waitsFor?(state: NodeState, input: NodeInput): WaitsFor | null;
  /** wrong on purpose: which parameter makes it so, and what breaks */
  readonly wrongVariants?: readonly {
    readonly parameters: JsonObject;
    readonly breaks: string;
    readonly about: string;
  }[];
}

export { defineProtocol, nodesWithRole, others, type ProtocolDefinition, ProtocolError } from './define.ts';
export { draw } from './draw.ts';
export { firstWithRole, nodeCount, placeOf } from './places.ts';
