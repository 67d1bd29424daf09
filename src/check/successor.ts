/**
 * A state that is being expanded, and its successor that is being made: a copy of its vector, in which a node has stepped,
 * messages have come and gone, and what else has changed is noted.
 */
import { Covered } from './covered.ts';
import type { Dictionary } from './dictionary.ts';
import { Histories } from './histories.ts';
import { type Counted, createLayout, type Layout, type Tracked } from './layout.ts';
import type { Local } from './locals.ts';
import type { Letter } from './messages.ts';
import { CheckError, type Model, type Partition } from './model.ts';
import { type Doing, type Move, moveOf, nothingYet, type Visit } from './moves.ts';
import { insert, isAcross } from './network.ts';
import type { Reductions } from './reductions.ts';
import { type Outcome, Steps } from './steps.ts';
import { goOn, passTime } from './time.ts';

const room = 1 << 14;

/** A history variable before and after a step of this node. */
export interface Folded {
  /** index of the property */
  readonly p: number;
  readonly node: number;
  readonly honest: boolean;
  readonly outcome: Outcome;
  readonly before: number;
  readonly after: number;
}

export class Successor {
  readonly model: Model;
  readonly layout: Layout;
  readonly steps: Steps;
  readonly histories: Histories;
  readonly next = new Int32Array(room);
  from: Int32Array = this.next;
  length = 0;
  /** to be filled in before `after`, `lose` and `emit` */
  readonly doing: Doing = nothingYet();
  /** which of all successors the present one is, counting those that are skipped */
  ordinal = -1;
  /** how many a reduction has skipped in this state */
  skipped = 0;
  /** steps that another order has covered; null: none is skipped */
  readonly covered: Covered | null;
  /** told of every change of a history variable that was not known */
  onFolded: ((folded: Folded) => void) | null = null;
  #visit: Visit = () => {};
  #letsTimePass = false;
  readonly #move = (): Move => moveOf(this.doing, this.model);

  constructor(model: Model, tracked: Tracked, dictionary: Dictionary, reductions: Reductions) {
    this.model = model;
    this.layout = createLayout(model, tracked);
    this.steps = new Steps(model, dictionary);
    this.histories = new Histories(model, dictionary, model.ids.length + 1);
    this.covered = reductions.has('por') ? new Covered(this) : null;
  }

  /** Expands this state from now on: `visit` is told of each successor. */
  begin(vector: Int32Array, length: number, visit: Visit, letsTimePass: boolean): void {
    this.from = vector;
    this.length = length;
    this.#visit = visit;
    this.#letsTimePass = letsTimePass && this.model.synchronous;
    this.ordinal = -1;
    this.skipped = 0;
  }

  /** `next` is a successor, of this length. */
  emit(length: number): void {
    const { doing } = this;
    doing.timeGoesOn = false;
    const awaited = this.#letsTimePass ? passTime(this, length) : 'honest nodes';
    this.#give(length);
    if (awaited !== 'traitors' || !goOn(this)) return;
    doing.timeGoesOn = true;
    this.#give(length);
  }

  #give(length: number): void {
    this.ordinal += 1;
    this.#visit(this.next, length, this.#move);
  }

  local(node: number): Local {
    return this.steps.local(node, this.from[node] as number);
  }

  partition(vector: Int32Array): Partition | undefined {
    const { partition } = this.layout;
    return partition < 0 ? undefined : this.model.partitions[(vector[partition] as number) - 1];
  }

  isBarred(letter: Letter): boolean {
    const partition = this.partition(this.from);
    return partition !== undefined && isAcross(partition, letter);
  }

  left(fault: Counted): boolean {
    const most = this.model.budget[fault];
    if (most === Number.POSITIVE_INFINITY) return true;
    const place = this.layout.used[fault];
    return place >= 0 && (this.from[place] as number) < most;
  }

  use(fault: Counted): void {
    const place = this.layout.used[fault];
    if (place >= 0) this.next[place] = (this.from[place] as number) + 1;
  }

  flag(): void {
    if (this.layout.anyFault >= 0) this.next[this.layout.anyFault] = 1;
  }

  /** The state as it is, without the message at `without`. */
  copy(without: number): number {
    const from = this.from;
    const next = this.next;
    const length = this.length;
    if (without < 0) {
      for (let i = 0; i < length; i++) next[i] = from[i] as number;
      return length;
    }
    for (let i = 0; i < without; i++) next[i] = from[i] as number;
    for (let i = without + 1; i < length; i++) next[i - 1] = from[i] as number;
    return length - 1;
  }

  /** After a step: the message at `at` is consumed, unless a copy of it stays. */
  after(node: number, outcome: Outcome, at: number, keep: boolean): void {
    if (outcome.crashAfter > 0 && !this.left('crash')) return;
    if (!keep && this.covered?.covers(node, outcome)) {
      this.ordinal += 1;
      this.skipped += 1;
      return;
    }
    let length = this.copy(at);
    const next = this.next;
    next[node] = outcome.local;
    if (keep) length = this.#keepCopy(at, length);
    if (outcome.crashAfter > 0) {
      this.use('crash');
      this.flag();
    }
    this.#remember(node, outcome);
    const { doing } = this;
    doing.node = node;
    doing.keep = keep;
    doing.manner = outcome;
    if (doing.kind === 'restart') this.use('restart');
    else if (doing.kind === 'input') this.#noteInput(true);
    if (this.steps.local(node, outcome.local).status !== 'up') this.flag();
    this.emit(this.send(length, outcome.sends));
  }

  #keepCopy(at: number, length: number): number {
    const { network, doubles } = this.model;
    const { all } = this.steps.letters;
    const number = this.from[at] as number;
    if (!doubles[(all[number] as Letter).link]) this.use('duplicate');
    this.flag();
    return insert(this.next, this.layout.network, length, number, network, all);
  }

  send(length: number, sends: readonly number[]): number {
    const { all } = this.steps.letters;
    const partition = sends.length === 0 ? undefined : this.partition(this.next);
    let end = length;
    if (end + sends.length >= room)
      throw new CheckError(
        'more messages are on their way than a state has room for; add `constraint: { messages: 50 }`',
      );
    for (let i = 0; i < sends.length; i++) {
      const number = sends[i] as number;
      if (partition !== undefined && isAcross(partition, all[number] as Letter)) {
        this.flag();
        if (partition.drop) continue;
      }
      end = insert(this.next, this.layout.network, end, number, this.model.network, all);
    }
    return end;
  }

  lose(at: number, costs = false): void {
    const length = this.copy(at);
    this.doing.letter = this.from[at] as number;
    if (costs) this.use('drop');
    this.flag();
    this.emit(length);
  }

  /** Nobody takes the input: its node is down. */
  ignoreInput(): void {
    this.copy(-1);
    this.#noteInput(false);
    this.emit(this.length);
  }

  /** The input has come; and what a state remembers of the inputs taken. */
  #noteInput(isTaken: boolean): void {
    const { from, next, doing } = this;
    const { nextInput, inputsTaken } = this.layout;
    const { atStart, later } = this.model;
    const index = doing.input;
    const isLater = index >= atStart.length && index < atStart.length + later.length;
    if (isLater) next[nextInput] = (from[nextInput] as number) + 1;
    if (inputsTaken < 0 || !isTaken) return;
    next[inputsTaken] = this.histories.inputs(from[inputsTaken] as number, index);
  }

  /** What crosses is held, or lost. */
  cutNetwork(partition: Partition): number {
    const { all } = this.steps.letters;
    let length = this.layout.network;
    for (let at = length; at < this.length; at++) {
      const number = this.from[at] as number;
      const crosses = isAcross(partition, all[number] as Letter);
      if (crosses) this.flag();
      if (!crosses || !partition.drop) this.next[length++] = number;
    }
    return length;
  }

  #remember(node: number, outcome: Outcome): void {
    const { memory } = this.layout;
    if (outcome.effects.length === 0) return;
    for (let p = 0; p < memory.length; p++) {
      const place = memory[p] as number;
      if (place >= 0) this.next[place] = this.#folded(p, node, outcome, this.from[place] as number);
    }
  }

  /** The history variable after this step. */
  #folded(p: number, node: number, outcome: Outcome, before: number): number {
    outcome.memories[p] ??= new Map();
    const known = outcome.memories[p] as Map<number, number>;
    let after = known.get(before);
    if (after === undefined) {
      const local = this.local(node);
      after = this.histories.fold(p, before, local, outcome.effects);
      known.set(before, after);
      this.onFolded?.({ p, node, honest: local.honest, outcome, before, after });
    }
    return after;
  }

  /** Does this step leave all history variables as they are? */
  leavesHistories(node: number, outcome: Outcome): boolean {
    const { memory } = this.layout;
    if (outcome.effects.length === 0) return true;
    for (let p = 0; p < memory.length; p++) {
      const place = memory[p] as number;
      if (place < 0) continue;
      const before = this.from[place] as number;
      if (this.#folded(p, node, outcome, before) !== before) return false;
    }
    return true;
  }
}
