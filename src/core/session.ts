/**
 * What the screen sees: one run, live, replayed or a counterexample, behind one interface. It never sees a socket.
 * A session owns its world; readers must not change it. `version` rises with every change.
 */
import type { Claim } from './challenge.ts';
import type { Fault } from './faults.ts';
import type { History } from './history.ts';
import type { JsonObject, NodeId } from './protocol.ts';
import type { Scenario } from './scenario.ts';
import type { Choice, TraceEvent, World } from './world.ts';

/** What a person can do to a run. */
export type Act =
  | Fault
  | { readonly type: 'input'; readonly node: NodeId; readonly input: string; readonly data: JsonObject };

/** What comes by itself, brought about before its turn: the choice of an adversary who orders the messages. */
export type Early = Extract<Choice, { type: 'deliver' | 'fire' }>;

/** Why an act is not possible now, in words for the person who asked for it. */
export class Refusal extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'Refusal';
  }
}

export type Breakpoint = (events: readonly TraceEvent[]) => boolean;

/** A moment that a person wants to find again. */
export interface Mark {
  /** how many events had happened */
  readonly count: number;
  readonly text: string;
}

/** The run went back to an earlier moment and on from there; what lay between is no longer part of it. */
export interface Branch {
  readonly from: number;
  readonly to: number;
}

/** Virtual milliseconds per wall millisecond; `Infinity`: as fast as possible. */
export type Speed = number;

export interface Session {
  readonly mode: 'live' | 'replay';
  readonly scenario: Scenario;
  readonly world: World;
  /** all events so far; reading one that is long past may take a moment */
  readonly trace: readonly TraceEvent[];
  readonly history: History;
  readonly marks: readonly Mark[];
  /** what the person hands in beside the run, oldest first */
  readonly claims: readonly Claim[];
  /** oldest first; with each the world is another one and the trace ends earlier */
  readonly branches: readonly Branch[];
  readonly version: number;
  readonly running: boolean;
  readonly speed: Speed;
  /** nothing is left to happen: no message on its way, no timer, no scripted fault or input */
  readonly quiet: boolean;
  /** of a recording: all of it has been shown */
  readonly ended?: boolean;
  /** where the recording is being written, or was read from; null: not recorded */
  readonly recording: string | null;
  /** what went wrong with the session itself (a node's worker died, the disk is full), newest last */
  readonly troubles: readonly string[];

  subscribe(listener: () => void): () => void;
  /** Does it now, at the present virtual time. Rejects with `Refusal` when it is not possible. */
  act(act: Act): Promise<TraceEvent>;
  /** Brings it about next, whatever else is due; time goes on as far as it may. Rejects with `Refusal`. */
  hasten?(choice: Early): Promise<TraceEvent>;
  /** The next scheduled event; false when there is none. */
  step(): Promise<boolean>;
  setRunning(running: boolean): void;
  setSpeed(speed: Speed): void;
  /** Asked after every event, with what has happened; true: time stops there. null: no more. */
  setBreakpoint?(stopsAt: Breakpoint | null): void;
  /** Makes the moment after so many events the present: the run goes on from there. Rejects with `Refusal`. */
  branch(count: number): Promise<void>;
  /** A remark of the person's, kept in the recording. Throws `Refusal`. */
  note(text: string): void;
  /** Marks the moment after so many events, present or past; the recording keeps it. Throws `Refusal`. */
  mark(count: number, text: string): void;
  /** Hands in an answer or a cut; the recording keeps it, and the last one counts. Throws `Refusal`. */
  claim(claim: Claim): void;
  /** Ends the recording and frees what the session holds. Idempotent. */
  close(): Promise<void>;
}
