/** A scenario, resolved: every default filled in, every duration in milliseconds, plain JSON. `scenario/` reads it from YAML. */
import type { Challenge } from './challenge.ts';
import type { Fault } from './faults.ts';
import type { LessonStep } from './lesson.ts';
import type { Json, JsonObject, NodeId, RoleName } from './protocol.ts';

/** A latency in virtual milliseconds, drawn anew for every message. */
export type Distribution =
  | { readonly kind: 'constant'; readonly ms: number }
  | { readonly kind: 'uniform'; readonly minMs: number; readonly maxMs: number }
  | { readonly kind: 'normal'; readonly meanMs: number; readonly deviationMs: number }
  | { readonly kind: 'exponential'; readonly meanMs: number };

export interface LinkSetting {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly latency?: Distribution;
  readonly loss?: number;
  readonly duplicate?: number;
}

/** A clock that is not true from the start: `offsetMs` ahead, and `rate` of its milliseconds for each true one. */
export interface ClockSetting {
  readonly offsetMs: number;
  readonly rate: number;
}

export interface NetworkSetting {
  readonly latency: Distribution;
  readonly order: 'unordered' | 'fifo';
  /** probability that a message is lost, 0..1 */
  readonly loss: number;
  /** probability that a message arrives twice, 0..1 */
  readonly duplicate: number;
  /** exceptions for single directed links */
  readonly links?: readonly LinkSetting[];
}

export type FailureModel = 'crash-stop' | 'crash-recovery' | 'fail-stop' | 'omission' | 'byzantine';

/** A moment of the protocol: the `nth` time (from 1) that `node` does what it says. */
export interface Trigger {
  readonly node: NodeId;
  readonly on: 'sends' | 'receives' | 'enters' | 'decides';
  /** a message kind, a state name, or the decided value; null: any */
  readonly what: Json;
  readonly nth: number;
}
/** A fault of the script: at a time or at a moment of the protocol. */
export type ScheduledFault =
  | { readonly at: number; readonly fault: Fault }
  | { readonly when: Trigger; readonly fault: Fault };

export interface ScheduledInput {
  readonly atMs: number;
  readonly node: NodeId;
  readonly input: string;
  readonly data: JsonObject;
  /** for `check`: on offer whenever the machine accepts it */
  readonly anytime?: boolean;
}

export type PropertyVerdict = 'holds' | 'violated' | 'unknown' | 'not reached';
export type Expectation =
  | { readonly property: string; readonly verdict: PropertyVerdict }
  /** these nodes are blocked: at the end, or together at some moment before `beforeMs`; an empty list: nobody is */
  | { readonly blocked: readonly NodeId[]; readonly beforeMs?: number }
  /** these nodes end with these decisions; null: undecided */
  | { readonly decided: Readonly<Record<NodeId, Json>> }
  /** this node was in this state at some moment */
  | { readonly reached: { readonly node: NodeId; readonly state: string } }
  /** as many messages were sent, of one kind or of all */
  | { readonly messages: number; readonly kind?: string };

/** What bounds the space that `check` explores: a state outside is neither counted nor expanded. */
export interface Constraint {
  /** states on a shortest path from the start */
  readonly depth?: number;
  /** messages on their way */
  readonly messages?: number;
  /** messages on their way on one link */
  readonly perLink?: number;
  /** messages on their way on one link that say the same */
  readonly copies?: number;
  /** of fields of contexts, `a.b` inside `a`: the greatest number, or the greatest length */
  readonly context?: Readonly<Record<string, number>>;
}

export interface Scenario {
  /** the preset's or the file's name without its ending */
  readonly name: string;
  readonly title: string;
  /** an id of `machines/`, or the path of a file as the scenario names it */
  readonly protocol: string;
  readonly topic: string;
  readonly summary: string;
  readonly learn: string;
  /** steps that teach the matter, ticked as they are done */
  readonly lesson?: readonly LessonStep[];
  readonly nodes: Readonly<Record<NodeId, RoleName>>;
  readonly model: 'asynchronous' | 'synchronous';
  /** the known bound on message delay, in the synchronous model */
  readonly boundMs?: number;
  readonly failures: FailureModel;
  readonly network: NetworkSetting;
  /** the clocks that are not true; whoever is left out has a true one */
  readonly clocks?: Readonly<Record<NodeId, ClockSetting>>;
  readonly parameters: JsonObject;
  readonly inputs: readonly ScheduledInput[];
  readonly faults: readonly ScheduledFault[];
  readonly budget: Readonly<Record<string, number>>;
  readonly expect: readonly Expectation[];
  /** a headless run ends here when it has not become quiet before, virtual ms */
  readonly untilMs: number;
  readonly seed: number;
  /** goal, budget and points, for the grader */
  readonly challenge?: Challenge;
  /** what bounds the exploration, for the explorer */
  readonly constraint?: Constraint;
  /** the screen shows from the start what can still be decided */
  readonly valence?: boolean;
}
