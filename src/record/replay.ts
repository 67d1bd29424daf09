/**
 * Executes a recording anew, in this process: the schedule of its scenario, and at each recorded index what the person
 * did there. Nothing that the file claims about outcomes is believed: every checkpoint and the end are compared.
 */
import { perform } from '../core/commit.ts';
import { checkpointEvery, digestWorld, passesCheckpoint } from '../core/digest.ts';
import { History } from '../core/history.ts';
import type { Protocol } from '../core/protocol.ts';
import { refusal } from '../core/refusal.ts';
import { advanceWorld } from '../core/run.ts';
import { inputToCome, nextEntry } from '../core/scheduler.ts';
import type { Branch, Mark } from '../core/session.ts';
import type { TraceEvent, World } from '../core/world.ts';
import { createWorld } from '../core/world-init.ts';
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
type Note = Extract<Entry, { kind: 'note' | 'mark' }>;

/** A re-execution, one event at a time. */
export class Replayer {
  readonly recording: Recording;
  readonly history: History;
  readonly #inputs: readonly Input[];
  readonly #checkpoints = new Map<string, { readonly line: number; readonly digest: string }>();
  /** where the recording ends, whole or cut off */
  readonly #endsAt: number;
  readonly #lastLine: number;
  #position = 0;
  branches: readonly Branch[] = [];
  /** the remarks that have been passed, in the present branch */
  marks: readonly Mark[] = [];
  /** the remarks still to come, in the order of the file */
  readonly #notes: Note[];
  /** index of the last checkpoint that agreed */
  #agreedAt = 0;
  #compared = 0;
  divergence: Divergence | null = null;

  constructor(recording: Recording, protocol: Protocol) {
    this.recording = recording;
    this.history = new History(createWorld(recording.header.scenario, protocol));
    this.#inputs = recording.entries.filter((entry): entry is Input => entry.kind === 'act' || entry.kind === 'branch');
    this.#notes = recording.entries.filter((entry): entry is Note => entry.kind === 'note' || entry.kind === 'mark');
    let branches = 0;
    for (const entry of recording.entries) {
      if (entry.kind === 'branch') branches += 1;
      if (entry.kind === 'checkpoint') this.#checkpoints.set(`${branches}:${entry.i}`, entry);
    }
    const last = recording.entries.at(-1);
    this.#endsAt = recording.end?.events ?? (last === undefined ? 0 : last.i + (last.kind === 'act' ? 1 : 0));
    this.#lastLine = recording.end?.line ?? last?.line ?? 1;
    this.#passNotes();
    // a recording without a single event is over before it begins
    if (this.done) this.#compareEnd();
  }

  get world(): World {
    return this.history.world;
  }
  /** how many checkpoints agreed */
  get compared(): number {
    return this.#compared;
  }
  get inputs(): number {
    return this.#inputs.filter(({ kind }) => kind === 'act').length;
  }
  get done(): boolean {
    return this.divergence !== null || (this.#next() === null && this.world.events >= this.#endsAt);
  }

  /** When the next event is due, in virtual time; null: there is none. */
  get dueMs(): number | null {
    if (this.done) return null;
    const input = this.#next();
    if (input !== null && placeOf(input) <= this.world.events) return input.atMs;
    return nextEntry(this.world)?.atMs ?? this.world.nowMs;
  }

  /** The next event and what it set off; null: the recording is over, or the run has left it (see `divergence`). */
  step(): readonly TraceEvent[] | null {
    if (this.done) return null;
    const before = this.world.events;
    let events: readonly TraceEvent[] | null;
    try {
      events = this.#advance();
    } catch (error) {
      events = this.#diverge(
        this.#next()?.line ?? this.#lastLine,
        `it cannot be executed: ${(error as Error).message}`,
      );
    }
    if (events !== null) {
      this.history.record(events);
      this.#passNotes();
      if (passesCheckpoint(before, this.world.events, this.world.ids.length)) this.#compareCheckpoint();
    }
    if (this.divergence === null && this.done) this.#compareEnd();
    return this.divergence === null ? events : null;
  }

  #advance(): readonly TraceEvent[] | null {
    const input = this.#next();
    const count = this.world.events;
    if (input !== null && placeOf(input) === count)
      return input.kind === 'act' ? this.#act(input) : this.#branch(input);
    const target = input === null ? this.#endsAt : placeOf(input);
    const line = input?.line ?? this.#lastLine;
    if (target < count)
      return this.#diverge(line, `nothing stands between events at ${target}: the run passed it in one step`);
    const events = advanceWorld(this.world);
    return (
      events ?? this.#diverge(line, `the run is over after ${count} events, but the recording goes on to ${target}`)
    );
  }

  #next(): Input | null {
    return this.#inputs[this.#position] ?? null;
  }

  #act(input: Act): readonly TraceEvent[] | null {
    const { world } = this;
    const due = nextEntry(world);
    if (input.atMs < world.nowMs || (due !== null && due.atMs < input.atMs)) {
      return this.#diverge(input.line, `${input.atMs} ms is not between the events before and after it`);
    }
    const why = refuses(world, input.act);
    if (why !== null) return this.#diverge(input.line, `this was not possible: ${why}`);
    this.#position += 1;
    world.nowMs = input.atMs;
    return perform(world, input.act, input.act.type === 'fail' ? 'runtime' : 'person');
  }

  /** Goes back, and on from there. */
  #branch({ i, atMs, from, line }: Extract<Entry, { kind: 'branch' }>): readonly TraceEvent[] | null {
    if (this.history.moment(i) !== i)
      return this.#diverge(line, `there is no moment at ${i} to go back to: the run passed it in one step`);
    this.#position += 1;
    const world = this.history.goBack(i);
    world.nowMs = Math.max(world.nowMs, atMs);
    this.branches = [...this.branches, { from, to: i }];
    this.marks = this.marks.filter(({ count }) => count <= i);
    return [];
  }

  /** What was remarked before the next input, as far as the run has come. */
  #passNotes(): void {
    const before = this.#next()?.line ?? Number.POSITIVE_INFINITY;
    for (let note = this.#notes[0]; note !== undefined; note = this.#notes[0]) {
      if (note.line > before || note.i > this.world.events) return;
      this.#notes.shift();
      const count = this.history.moment(note.kind === 'mark' ? note.of : note.i);
      this.marks = [...this.marks, { count, text: note.text }];
    }
  }

  #compareCheckpoint(): void {
    const index = this.world.events;
    if (index > this.#endsAt) return;
    const claimed = this.#checkpoints.get(`${this.branches.length}:${index}`);
    if (claimed === undefined) {
      // a file that was cut off may end right here
      if (index === this.#endsAt && this.recording.end === null) return;
      this.#diverge(this.#next()?.line ?? this.#lastLine, `there should be a checkpoint at ${index} before this line`);
    } else if (claimed.digest !== digestWorld(this.world)) {
      this.#diverge(claimed.line, `the checkpoint at ${index} differs`);
    } else {
      this.#agreedAt = index;
      this.#compared += 1;
    }
  }

  #compareEnd(): void {
    const { end } = this.recording;
    if (end === null) return;
    const count = this.world.events;
    if (count !== end.events)
      this.#diverge(end.line, `the run has ${count} events here, but the recording ${end.events}`);
    else if (digestWorld(this.world) !== end.digest) this.#diverge(end.line, 'the world at the end differs');
    else if (end.atMs < this.world.nowMs) this.#diverge(end.line, `it ends at ${end.atMs} ms, before its last event`);
    else this.world.nowMs = end.atMs;
  }

  #diverge(line: number, why: string): null {
    const to = Math.max(
      this.#agreedAt + 1,
      Math.min(this.world.events, this.#agreedAt + 2 * checkpointEvery(this.world.ids.length)),
    );
    this.divergence = { line, from: this.#agreedAt, to, why };
    return null;
  }
}

/** At which event count an input has its place. */
const placeOf = (input: Input): number => (input.kind === 'branch' ? input.from : input.i);

function refuses(world: World, act: RecordedAct): string | null {
  if (act.type === 'deliver') return world.pending.has(act.message) ? null : `message ${act.message} is not on its way`;
  if (act.type === 'fire') {
    const running = world.nodes[world.indexOf.get(act.node) ?? -1]?.timers ?? [];
    return running.some(({ timer }) => timer === act.timer) ? null : `${act.node} has no timer ${act.timer} running`;
  }
  if (act.type === 'input' && 'early' in act)
    return inputToCome(world, act) === null ? `no such input of the scenario is still to come at ${act.node}` : null;
  if (act.type !== 'fail') return refusal(world, act);
  const status = world.nodes[world.indexOf.get(act.node) ?? -1]?.status;
  const isAlive = status === 'up' || status === 'paused';
  return isAlive || act.restarting === true ? null : `${act.node} was down already`;
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
