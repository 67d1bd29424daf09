/**
 * A path through the states, carried out in a world: what it takes to make an ordinary run of it. What the schedule would do
 * next anyway it does; every other choice becomes an act that a recording names. They follow each other without a gap.
 */
import { perform } from '../core/commit.ts';
import type { Word } from '../core/faults.ts';
import { sameJson } from '../core/json.ts';
import type { Protocol } from '../core/protocol.ts';
import { refusal } from '../core/refusal.ts';
import { advanceWorld, createRun, type Run, record } from '../core/run.ts';
import type { Scenario } from '../core/scenario.ts';
import { comingEntries, nextEntry } from '../core/scheduler.ts';
import type { Act } from '../core/session.ts';
import type { Choice, Envelope, TraceEvent, World } from '../core/world.ts';
import type { Path } from './explore.ts';
import { type Lateness, latenessIn, nextTimerMs, scriptOf } from './lateness.ts';
import type { Letter } from './messages.ts';
import type { Model } from './model.ts';
import type { Manner, Move } from './moves.ts';

/** What comes by itself, at some time. */
type Coming = Extract<Choice, { type: 'deliver' | 'fire' | 'input' }>;
export type PathAct = Act | Coming;
export interface PlacedAct {
  readonly i: number;
  readonly atMs: number;
  readonly act: PathAct;
}
export interface PathRun {
  readonly scenario: Scenario;
  readonly acts: readonly PlacedAct[];
  readonly run: Run;
}

/** The path as a run; a text: it cannot be made one, and why. */
export function runPath(model: Model, protocol: Protocol, path: Path): PathRun | string {
  try {
    const runner = new PathRunner(model, protocol, path, null);
    const run = runner.run();
    if (path.moves.every(({ timeGoesOn }) => !timeGoesOn)) return run;
    return new PathRunner(model, protocol, path, runner.lateness()).run();
  } catch (error) {
    if (error instanceof OffPath) return error.message;
    throw error;
  }
}

/** so many events, if it does not come to it before */
const eventsMax = 5000;

/**
 * The path's faults and lies, each at its moment, and all else as the schedule has it: no event comes ahead of its turn, and
 * some happen that the path can do without. What is late in the path is not.
 * @param isSettled does the world show what the path is for?
 * @returns null: it does not come to that
 */
export function runBySchedule(
  model: Model,
  protocol: Protocol,
  path: Path,
  isSettled: (world: World) => boolean,
): PathRun | null {
  try {
    return new PathRunner(model, protocol, path, null).runBySchedule(isSettled);
  } catch (error) {
    if (error instanceof OffPath) return null;
    throw error;
  }
}

class OffPath extends Error {}

/** The same scenario, without anything that would happen by chance or by a script of faults. */
function quietScenario({ scenario, network }: Model): Scenario {
  const links = scenario.network.links?.map((link) => ({ ...link, loss: 0, duplicate: 0 }));
  return {
    ...scenario,
    faults: [],
    inputs: scenario.inputs.filter(({ anytime }) => anytime !== true),
    network: {
      ...scenario.network,
      order: network === 'fifo' ? 'fifo' : 'unordered',
      loss: 0,
      duplicate: 0,
      ...(links === undefined ? {} : { links }),
    },
  };
}

class PathRunner {
  readonly #model: Model;
  readonly #path: Path;
  readonly #lateness: Lateness | null;
  readonly #scenario: Scenario;
  readonly #run: Run;
  readonly #acts: PlacedAct[] = [];

  /** @param lateness null: not known; where time goes on without messages of traitors, it is a rehearsal */
  constructor(model: Model, protocol: Protocol, path: Path, lateness: Lateness | null) {
    this.#model = model;
    this.#path = path;
    this.#lateness = lateness;
    this.#scenario = quietScenario(model);
    this.#run = createRun(this.#scenario, protocol);
  }

  run(): PathRun {
    const starts = this.#model.ids.length + this.#model.atStart.length;
    for (const [node, words] of this.#words()) this.#act(scriptOf(node, words, this.#lateness?.get(node)));
    for (const [i, move] of this.#path.moves.entries()) {
      if (i < starts) this.#begin(move);
      else this.#take(move, i);
      if (move.timeGoesOn && this.#lateness === null) this.#world.nowMs = nextTimerMs(this.#world);
    }
    return { scenario: this.#scenario, acts: this.#acts, run: this.#run };
  }

  lateness(): Lateness {
    return latenessIn(this.#run, this.#words());
  }

  runBySchedule(isSettled: (world: World) => boolean): PathRun | null {
    for (const node of this.#path.traitors) this.#act(scriptOf(node, []));
    const left = [...this.#path.moves];
    while (this.#world.events < eventsMax) {
      for (let next = left[0]; next !== undefined && isFault(next); next = left[0]) this.#take(left.shift() as Move, 0);
      if (isSettled(this.#world)) return { scenario: this.#scenario, acts: this.#acts, run: this.#run };
      const entry = nextEntry(this.#world);
      if (entry === null) return null;
      const at = left.findIndex((move) => this.#isMove(move, entry.choice));
      for (const move of at < 0 ? [] : left.splice(at, 1)) this.#prepare(move);
      this.#record(() => advanceWorld(this.#world) ?? []);
    }
    return null;
  }

  /** Is it this move that the schedule has next? */
  #isMove(move: Move, due: Choice): boolean {
    switch (move.kind) {
      case 'start':
        return due.type === 'start' && due.node === this.#id(move.node);
      case 'deliver':
        return due.type === 'deliver' && this.#envelopes(move.letter).some(({ id }) => id === due.message);
      case 'fire':
        return isSame(due, { type: 'fire', node: this.#id(move.node), timer: move.timer });
      case 'input':
        return isSame(due, { type: 'input', ...move.input });
      default:
        return false;
    }
  }

  /** What the person has to do so that it happens as in the path. */
  #prepare(move: Move): void {
    if (!('manner' in move)) return;
    const { says } = move.manner;
    if (says?.some((word) => word !== 'truth')) this.#act(scriptOf(this.#stepper(move), says));
    if (move.kind === 'deliver' && move.keep)
      this.#act({ type: 'duplicate', message: this.#envelope(move.letter, 0).id });
    this.#armCrash(this.#stepper(move), move.manner);
  }

  get #world(): World {
    return this.#run.world;
  }

  /** By traitor: all that it says, one message after the other. */
  #words(): Map<string, Word[]> {
    const words = new Map<string, Word[]>(this.#path.traitors.map((node) => [node, []]));
    for (const move of this.#path.moves)
      if ('manner' in move) words.get(this.#stepper(move))?.push(...(move.manner.says ?? []));
    return words;
  }

  #stepper(move: Extract<Move, { manner: Manner }>): string {
    if (move.kind === 'input') return move.input.node;
    return this.#id(move.kind === 'deliver' ? (this.#path.letters[move.letter] as Letter).to : move.node);
  }

  /** A start, or an input at 0 ms: the schedule brings it about. */
  #begin(move: Move): void {
    if (move.kind === 'start' || move.kind === 'input') this.#armCrash(this.#stepper(move), move.manner);
    this.#record(() => advanceWorld(this.#world) ?? []);
  }

  #take(move: Move, i: number): void {
    switch (move.kind) {
      case 'deliver':
        this.#deliver(move, i);
        break;
      case 'fire':
        this.#armCrash(this.#id(move.node), move.manner);
        this.#bringAbout({ type: 'fire', node: this.#id(move.node), timer: move.timer });
        break;
      case 'input': {
        const { node, input, data, anytime } = move.input;
        this.#armCrash(node, move.manner);
        if (anytime === true) this.#act({ type: 'input', node, input, data });
        else this.#bringAbout({ type: 'input', node, input, data, early: true });
        break;
      }
      case 'crash':
      case 'restart':
        this.#act({ type: move.kind, node: this.#id(move.node) });
        break;
      case 'drop':
        this.#act({ type: 'drop', message: this.#envelope(move.letter, move.nth).id });
        break;
      case 'partition':
        this.#act(move.partition.fault);
        break;
      case 'heal':
        this.#act({ type: 'heal' });
        break;
      default:
        throw new OffPath('a node starts in the middle of it');
    }
  }

  #deliver({ letter, keep, manner }: Extract<Move, { kind: 'deliver' }>, i: number): void {
    const envelope = this.#envelope(letter, 0);
    if (keep || this.#isNeededAgain(letter, i)) this.#act({ type: 'duplicate', message: envelope.id });
    this.#armCrash(envelope.to, manner);
    this.#bringAbout({ type: 'deliver', message: envelope.id });
  }

  /** Where messages are never consumed, one that is delivered again later must be there twice. */
  #isNeededAgain(letter: number, i: number): boolean {
    if (this.#model.network !== 'set') return false;
    const again = this.#path.moves.slice(i + 1).some((move) => move.kind === 'deliver' && move.letter === letter);
    return again && this.#envelopes(letter).length === 1;
  }

  #armCrash(node: string, { crashAfter }: Manner): void {
    if (crashAfter > 0) this.#act({ type: 'crash', node, afterSends: crashAfter });
  }

  #id(node: number): string {
    return this.#model.ids[node] as string;
  }

  #envelopes(number: number): Envelope[] {
    const { from, to, body } = this.#path.letters[number] as Letter;
    return [...this.#world.pending.values()]
      .filter((each) => each.from === this.#id(from) && each.to === this.#id(to) && sameJson(each.body, body))
      .sort((a, b) => a.id - b.id);
  }

  #envelope(number: number, nth: number): Envelope {
    const found = this.#envelopes(number)[nth];
    if (found === undefined) throw new OffPath('a message of it is not on its way in the run');
    return found;
  }

  #bringAbout(choice: Coming): void {
    const entry = nextEntry(this.#world);
    if (entry !== null && isSame(entry.choice, choice)) this.#record(() => advanceWorld(this.#world) ?? []);
    else this.#act(choice);
  }

  #act(act: PathAct): void {
    const world = this.#world;
    const why = act.type === 'deliver' || act.type === 'fire' || 'early' in act ? null : refusal(world, act);
    if (why !== null) throw new OffPath(`a step of it is not possible in a run: ${why}`);
    const atMs = this.#timeOf(act);
    this.#acts.push({ i: world.events, atMs, act });
    world.nowMs = atMs;
    this.#record(() => perform(world, act, 'person'));
  }

  /** When it would have happened by itself; but not later than the schedule's next event, and not in the past. */
  #timeOf(act: PathAct): number {
    const world = this.#world;
    let ownMs = world.nowMs;
    if (act.type === 'deliver') ownMs = world.pending.get(act.message)?.deliverAtMs ?? ownMs;
    else if (act.type === 'fire') {
      const { timers = [] } = world.nodes[world.indexOf.get(act.node) as number] ?? {};
      ownMs = timers.find(({ timer }) => timer === act.timer)?.fireAtMs ?? ownMs;
    }
    const next = comingEntries(world).find(({ atMs }) => atMs >= world.nowMs);
    return Math.max(world.nowMs, Math.min(ownMs, next?.atMs ?? ownMs));
  }

  #record(happen: () => readonly TraceEvent[]): void {
    record(this.#run, happen());
  }
}

const isFault = ({ kind }: Move): boolean => ['crash', 'restart', 'drop', 'partition', 'heal'].includes(kind);

function isSame(due: Choice, choice: Coming): boolean {
  if (due.type === 'deliver' && choice.type === 'deliver') return due.message === choice.message;
  if (due.type === 'fire' && choice.type === 'fire') return due.node === choice.node && due.timer === choice.timer;
  if (due.type !== 'input' || choice.type !== 'input') return false;
  return due.node === choice.node && due.input === choice.input && sameJson(due.data, choice.data);
}
