/**
 * The sole scheduler of a live run. It takes choices off the agenda in its own order, has each node's steps taken by
 * whoever takes them, and commits the results in agenda order, whatever the order in which they come back.
 *
 * Choices that are due at the same instant for other nodes are asked for ahead of their turn, and in a hurry those of the
 * next instants too. Each is planned again when its turn comes: when an earlier commit has changed what it would be, the
 * answer is thrown away and the step asked for anew.
 */
import type { Entry } from '../core/agenda.ts';
import { commit } from '../core/commit.ts';
import { plan, samePlan, takeStep } from '../core/plan.ts';
import type { NodeId } from '../core/protocol.ts';
import { refusal } from '../core/refusal.ts';
import { comingEntries, isDue, nextEntry, takeEntry } from '../core/scheduler.ts';
import { type Act, type Early, Refusal } from '../core/session.ts';
import type { Choice, CrashReport, Plan, StepFailure, StepResult, TraceEvent, World } from '../core/world.ts';
import { cloneWorld } from '../core/world-init.ts';
import type { OutsideChoice } from './observer.ts';
import { NodeLost, type Stepper } from './stepper.ts';

type Outcome = StepResult | StepFailure | NodeLost;
/** steps asked for ahead of their turn are looked for among so many entries */
const foreseenMax = 16;
interface Ahead {
  readonly plan: Plan;
  readonly outcome: Promise<Outcome>;
}

/** What came of one turn: the events, and the choice behind them when it came from outside the schedule. */
export interface Turn {
  readonly index: number;
  readonly atMs: number;
  readonly events: readonly TraceEvent[];
  readonly outside: OutsideChoice | null;
}

/** A choice whose own step has been taken. */
interface Doing {
  readonly choice: Choice;
  readonly result: StepResult | StepFailure | null;
  readonly origin: TraceEvent['origin'];
  readonly script: number;
}

export class Controller {
  world: World;
  readonly #stepper: Stepper;
  readonly #ahead = new Map<NodeId, Ahead>();
  /** the crash of each node that has already been carried out on what runs for it */
  #crashes: (CrashReport | null)[];
  #crashesSeen: number;

  constructor(world: World, stepper: Stepper) {
    this.world = world;
    this.#stepper = stepper;
    this.#crashes = world.nodes.map(({ crash }) => crash);
    this.#crashesSeen = world.versions.crashes;
  }

  /** The next event of the schedule. When its node is lost on the way, that is the event instead, and it stays due. */
  async advance(hurry = false): Promise<Turn | null> {
    const { world } = this;
    const entry = nextEntry(world);
    if (entry === null) return null;
    world.nowMs = Math.max(world.nowMs, entry.atMs);
    const wanted = planFor(world, entry.choice);
    const outcome = wanted === null ? null : await this.#take(wanted, hurry ? Number.POSITIVE_INFINITY : entry.atMs);
    const isScripted = entry.script >= 0;
    if (outcome instanceof NodeLost) {
      const isRestart = isScripted && entry.choice.type === 'restart';
      return this.lose((wanted as Plan).node, outcome.message, isRestart);
    }
    const doing = { choice: entry.choice, result: outcome, origin: isScripted ? 'script' : 'schedule' } as const;
    return this.#carryOut({ ...doing, script: entry.script }, () => takeEntry(world));
  }

  /** Does what a person asks for, at the present virtual time. Throws `Refusal`. */
  async act(act: Act): Promise<Turn> {
    const why = refusal(this.world, act);
    if (why !== null) throw new Refusal(why);
    return this.#perform(act);
  }

  /** Brings about what would come later by itself. It comes when it is due, but before the schedule's next event. */
  async hasten(choice: Early): Promise<Turn> {
    const { world } = this;
    const coming = comingEntries(world);
    const own = coming.find((entry) => sameChoice(entry.choice, choice));
    if (own === undefined) throw new Refusal('it is not among what may come next');
    world.nowMs = Math.max(world.nowMs, Math.min(own.atMs, (nextEntry(world) as Entry).atMs));
    return this.#perform(choice);
  }

  async #perform(choice: Act | Early): Promise<Turn> {
    const wanted = planFor(this.world, choice);
    const outcome = wanted === null ? null : await this.#take(wanted, -1);
    if (outcome instanceof NodeLost) return this.lose((wanted as Plan).node, outcome.message);
    return this.#carryOut({ choice, result: outcome, origin: 'person', script: -1 });
  }

  /** The run goes on in another world: what runs for its nodes starts anew, and what was asked ahead is forgotten. */
  goOnIn(world: World): void {
    this.world = world;
    this.#ahead.clear();
    this.#crashes = world.nodes.map(({ crash }) => crash);
    this.#crashesSeen = world.versions.crashes;
    const alive = world.nodes.filter(({ status }) => status === 'up' || status === 'paused');
    this.#stepper.renew(alive.map(({ id }) => id));
  }

  /**
   * The runtime has lost this node: an event of its own.
   * @param restarting over a restart of the script, which stays due and then fails
   */
  lose(node: NodeId, reason: string, restarting = false): Turn {
    const choice = { type: 'fail', node, reason, ...(restarting ? { restarting } : {}) } as const;
    return this.#commit({ choice, result: null, origin: 'runtime', script: -1 }, []);
  }

  /**
   * Commits a choice whose own step is taken. Where it may set off restarts, it is rehearsed on a copy of the world until
   * the step of each is taken: what hangs there must not hang the controller. A node that is lost over one is the event
   * instead, and the choice stays due.
   */
  async #carryOut(doing: Doing, settle: () => void = () => {}): Promise<Turn> {
    const steps: (StepResult | StepFailure)[] = [];
    const mayRestart = this.world.triggers.some(({ scheduled }) => scheduled.fault.type === 'restart');
    if (this.#stepper.parallel && mayRestart) {
      for (let wanted = rehearse(this.world, doing, steps); wanted !== null; ) {
        const outcome = await this.#take(wanted, -1);
        if (outcome instanceof NodeLost) return this.lose(wanted.node, outcome.message, true);
        steps.push(outcome);
        wanted = rehearse(this.world, doing, steps);
      }
    }
    settle();
    return this.#commit(doing, steps);
  }

  #commit({ choice, result, origin, script }: Doing, steps: readonly (StepResult | StepFailure)[]): Turn {
    const { world } = this;
    const turn = { index: world.events, atMs: world.nowMs };
    const left = [...steps];
    const events = commit(world, choice, result, origin, script, (step) => left.shift() ?? takeStep(world, step));
    this.#carryOutCrashes();
    const outside = origin === 'person' || origin === 'runtime' ? (choice as OutsideChoice) : null;
    return { ...turn, events, outside };
  }

  /** A crash ends what runs for the node, also one that strikes in the middle of a broadcast. */
  #carryOutCrashes(): void {
    const { nodes, versions } = this.world;
    if (versions.crashes === this.#crashesSeen) return;
    this.#crashesSeen = versions.crashes;
    for (let i = 0; i < nodes.length; i++) {
      const { id, crash } = nodes[i] as World['nodes'][number];
      if (crash === this.#crashes[i]) continue;
      this.#crashes[i] = crash;
      this.#ahead.delete(id);
      this.#stepper.stop(id);
    }
  }

  /** The outcome of the wanted step; meanwhile other nodes are at theirs, as far as they are due by then. */
  async #take(wanted: Plan, aheadUntilMs: number): Promise<Outcome> {
    const early = this.#ahead.get(wanted.node);
    this.#ahead.delete(wanted.node);
    // one request a node: what it was asked for in vain must be over before it is asked again
    const isUseful = early !== undefined && samePlan(early.plan, wanted);
    if (early !== undefined && !isUseful) await early.outcome;
    const asked = isUseful ? early.outcome : this.#stepper.request(wanted);
    if (!(asked instanceof Promise)) return asked;
    const outcome = isUseful ? early.outcome : caught(asked as Promise<StepResult | StepFailure>);
    if (this.#stepper.parallel) this.#askAhead(wanted.node, aheadUntilMs);
    return outcome;
  }

  #askAhead(busy: NodeId, untilMs: number): void {
    const seen = new Set<NodeId>([busy]);
    for (const { choice, atMs } of upcoming(this.world, untilMs)) {
      const early = planFor(this.world, choice, Math.max(atMs, this.world.nowMs));
      // only a node's next choice can be foreseen
      if (early === null || seen.has(early.node)) continue;
      seen.add(early.node);
      if (this.#ahead.has(early.node)) continue;
      const answer = this.#stepper.request(early);
      if (answer instanceof Promise) this.#ahead.set(early.node, { plan: early, outcome: caught(answer) });
    }
  }
}

class StepWanted extends Error {
  readonly step: Plan;
  constructor(step: Plan) {
    super('a step is wanted');
    this.step = step;
  }
}

/** Carries it out on a copy, with the steps that are known; the first that is not: null when it needs no more. */
function rehearse(world: World, { choice, result, origin, script }: Doing, steps: Doing['result'][]): Plan | null {
  const left = [...steps];
  try {
    commit(cloneWorld(world), choice, result, origin, script, (step) => {
      const known = left.shift();
      if (known == null) throw new StepWanted(step);
      return known;
    });
    return null;
  } catch (error) {
    if (error instanceof StepWanted) return error.step;
    throw error;
  }
}

const sameChoice = (a: Choice, b: Early): boolean =>
  b.type === 'deliver'
    ? a.type === 'deliver' && a.message === b.message
    : a.type === 'fire' && a.node === b.node && a.timer === b.timer;

/** A node that failed before its start never starts. */
function planFor(world: World, choice: Choice, atMs = world.nowMs): Plan | null {
  const wanted = plan(world, choice, atMs);
  if (wanted === null || choice.type !== 'start') return wanted;
  return world.nodes[world.indexOf.get(wanted.node) as number]?.status === 'up' ? wanted : null;
}

const caught = (answer: Promise<StepResult | StepFailure>): Promise<Outcome> =>
  answer.catch((error: unknown) => {
    if (error instanceof NodeLost) return error;
    throw error;
  });

/** The entries due until then, this moment's first of all, in agenda order. In a heap they hang together below the root. */
function upcoming(world: World, untilMs: number): Entry[] {
  const { heap } = world.agenda;
  const found: Entry[] = [];
  const frontier = [0];
  while (frontier.length > 0 && found.length < foreseenMax) {
    let first = 0;
    for (let i = 1; i < frontier.length; i++) {
      if (isBefore(heap[frontier[i] as number] as Entry, heap[frontier[first] as number] as Entry)) first = i;
    }
    const [at] = frontier.splice(first, 1) as [number];
    const entry = heap[at];
    if (entry === undefined || entry.atMs > untilMs) break;
    if (isDue(world, entry)) found.push(entry);
    for (const child of [2 * at + 1, 2 * at + 2]) if (child < heap.length) frontier.push(child);
  }
  return found;
}

const isBefore = (a: Entry, b: Entry): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.seq < b.seq);
