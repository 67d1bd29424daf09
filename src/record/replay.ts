/**
 * Executes a recording anew, in this process: the schedule of its scenario, and at each recorded index what the person
 * did there. Nothing that the file claims about outcomes is believed: every checkpoint and the end are compared.
 */
import { perform } from '../core/commit.ts';
import { checkpointEvery, digestWorld } from '../core/digest.ts';
import type { Protocol } from '../core/protocol.ts';
import { refusal } from '../core/refusal.ts';
import { createRun, type Run, record, stepRun } from '../core/run.ts';
import { nextEntry } from '../core/scheduler.ts';
import type { TraceEvent, World } from '../core/world.ts';
import type { Entry, RecordedAct, Recording } from './format.ts';

/** Where the re-execution and the file part: the line that says otherwise, and the events that may be at fault. */
export interface Divergence {
  readonly line: number;
  /** the first event of the window, and the one after its last */
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

type Input = Extract<Entry, { kind: 'act' | 'branch' }>;
type Act = Extract<Entry, { kind: 'act' }>;

/** A re-execution, one event at a time. */
export class Replayer {
  readonly recording: Recording;
  readonly #protocol: Protocol;
  readonly #inputs: readonly Input[];
  readonly #checkpoints = new Map<string, { readonly line: number; readonly digest: string }>();
  /** where the recording ends, whole or cut off */
  readonly #endsAt: number;
  readonly #lastLine: number;
  #run: Run;
  #position = 0;
  #branches = 0;
  /** the inputs that the present branch consists of */
  #active: Act[] = [];
  /** index of the last checkpoint that agreed */
  #agreedAt = 0;
  #compared = 0;
  divergence: Divergence | null = null;

  constructor(recording: Recording, protocol: Protocol) {
    this.recording = recording;
    this.#protocol = protocol;
    this.#run = createRun(recording.header.scenario, protocol);
    this.#inputs = recording.entries.filter((entry): entry is Input => entry.kind === 'act' || entry.kind === 'branch');
    let branches = 0;
    for (const entry of recording.entries) {
      if (entry.kind === 'branch') branches += 1;
      if (entry.kind === 'checkpoint') this.#checkpoints.set(`${branches}:${entry.i}`, entry);
    }
    const last = recording.entries.at(-1);
    this.#endsAt = recording.end?.events ?? (last === undefined ? 0 : last.i + (last.kind === 'act' ? 1 : 0));
    this.#lastLine = recording.end?.line ?? last?.line ?? 1;
    // a recording without a single event is over before it begins
    if (this.done) this.#compareEnd();
  }

  get run(): Run {
    return this.#run;
  }
  get world(): World {
    return this.#run.world;
  }
  /** how many checkpoints agreed */
  get compared(): number {
    return this.#compared;
  }
  get inputs(): number {
    return this.#inputs.length;
  }
  get done(): boolean {
    return this.divergence !== null || (this.#next() === null && this.#run.trace.length >= this.#endsAt);
  }

  /** When the next event is due, in virtual time; null: there is none. */
  get dueMs(): number | null {
    if (this.done) return null;
    const input = this.#next();
    if (input !== null && placeOf(input) <= this.#run.trace.length) return input.atMs;
    return nextEntry(this.world)?.atMs ?? this.world.nowMs;
  }

  /** The next event and what it set off; null: the recording is over, or the run has left it (see `divergence`). */
  step(): readonly TraceEvent[] | null {
    if (this.done) return null;
    const before = this.#run.checkpoints.length;
    let events: readonly TraceEvent[] | null;
    try {
      events = this.#advance();
    } catch (error) {
      events = this.#diverge(
        this.#next()?.line ?? this.#lastLine,
        `it cannot be executed: ${(error as Error).message}`,
      );
    }
    if (events !== null && this.#run.checkpoints.length > before) this.#compareCheckpoint();
    if (this.divergence === null && this.done) this.#compareEnd();
    return this.divergence === null ? events : null;
  }

  #advance(): readonly TraceEvent[] | null {
    const input = this.#next();
    const count = this.#run.trace.length;
    if (input !== null && placeOf(input) === count)
      return input.kind === 'act' ? this.#act(input) : this.#branch(input);
    const target = input === null ? this.#endsAt : placeOf(input);
    const line = input?.line ?? this.#lastLine;
    if (target < count)
      return this.#diverge(line, `nothing stands between events at ${target}: the run passed it in one step`);
    const events = stepRun(this.#run);
    return (
      events ?? this.#diverge(line, `the run is over after ${count} events, but the recording goes on to ${target}`)
    );
  }

  #next(): Input | null {
    return this.#inputs[this.#position] ?? null;
  }

  #act(input: Act): readonly TraceEvent[] | null {
    const { world } = this.#run;
    const due = nextEntry(world);
    if (input.atMs < world.nowMs || (due !== null && due.atMs < input.atMs)) {
      return this.#diverge(input.line, `${input.atMs} ms is not between the events before and after it`);
    }
    const why = refuses(world, input.act);
    if (why !== null) return this.#diverge(input.line, `this was not possible: ${why}`);
    this.#position += 1;
    this.#active.push(input);
    return performAct(this.#run, input);
  }

  /** Goes back, on the inputs of the present branch, and on from there. */
  #branch(input: Extract<Entry, { kind: 'branch' }>): readonly TraceEvent[] {
    this.#position += 1;
    this.#branches += 1;
    this.#active = this.#active.filter(({ i }) => i < input.i);
    this.#run = createRun(this.recording.header.scenario, this.#protocol);
    for (const act of this.#active) {
      while (this.#run.trace.length < act.i && stepRun(this.#run) !== null);
      performAct(this.#run, act);
    }
    while (this.#run.trace.length < input.i && stepRun(this.#run) !== null);
    this.#run.world.nowMs = Math.max(this.#run.world.nowMs, input.atMs);
    return [];
  }

  #compareCheckpoint(): void {
    const made = this.#run.checkpoints.at(-1);
    if (made === undefined || made.index > this.#endsAt) return;
    const claimed = this.#checkpoints.get(`${this.#branches}:${made.index}`);
    if (claimed === undefined) {
      // a file that was cut off may end right here
      if (made.index === this.#endsAt && this.recording.end === null) return;
      this.#diverge(
        this.#next()?.line ?? this.#lastLine,
        `there should be a checkpoint at ${made.index} before this line`,
      );
    } else if (claimed.digest !== made.digest) {
      this.#diverge(claimed.line, `the checkpoint at ${made.index} differs`);
    } else {
      this.#agreedAt = made.index;
      this.#compared += 1;
    }
  }

  #compareEnd(): void {
    const { end } = this.recording;
    if (end === null) return;
    const count = this.#run.trace.length;
    if (count !== end.events)
      this.#diverge(end.line, `the run has ${count} events here, but the recording ${end.events}`);
    else if (digestWorld(this.world) !== end.digest) this.#diverge(end.line, 'the world at the end differs');
    else if (end.atMs < this.world.nowMs) this.#diverge(end.line, `it ends at ${end.atMs} ms, before its last event`);
    else this.world.nowMs = end.atMs;
  }

  #diverge(line: number, why: string): null {
    const to = Math.max(this.#agreedAt + 1, Math.min(this.#run.trace.length, this.#agreedAt + 2 * checkpointEvery));
    this.divergence = { line, from: this.#agreedAt, to, why };
    return null;
  }
}

/** At which event count an input has its place. */
const placeOf = (input: Input): number => (input.kind === 'branch' ? input.from : input.i);

function performAct(run: Run, { atMs, act }: Act): readonly TraceEvent[] {
  run.world.nowMs = atMs;
  const events = perform(run.world, act, act.type === 'fail' ? 'runtime' : 'person');
  record(run, events);
  return events;
}

function refuses(world: World, act: RecordedAct): string | null {
  if (act.type !== 'fail') return refusal(world, act);
  const status = world.nodes[world.indexOf.get(act.node) ?? -1]?.status;
  return status === 'up' || status === 'paused' ? null : `${act.node} was down already`;
}

/** Runs to the end of the recording, or to where the two part. */
export function replayRecording(
  recording: Recording,
  protocol: Protocol,
  onEvents: (events: readonly TraceEvent[]) => void = () => {},
): Replayer {
  const replayer = new Replayer(recording, protocol);
  for (let events = replayer.step(); events !== null; events = replayer.step()) onEvents(events);
  return replayer;
}
