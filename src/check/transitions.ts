/**
 * What can happen next in a state: every delivery, timer, input and fault that the model allows, each with the state it
 * leads to. The order is always the same, so that a path is known by the positions of its choices.
 */
import type { JsonObject } from '../core/json.ts';
import type { ScheduledInput } from '../core/scenario.ts';
import { Bounds } from './constraint.ts';
import { alone, type Dictionary } from './dictionary.ts';
import { expandFaults } from './faults.ts';
import type { Histories } from './histories.ts';
import type { Layout, Tracked } from './layout.ts';
import type { Local } from './locals.ts';
import type { Letter } from './messages.ts';
import type { Model } from './model.ts';
import { type Move, plainly, type Root, type Visit } from './moves.ts';
import { isNext } from './network.ts';
import type { Reductions } from './reductions.ts';
import type { Outcome, Steps } from './steps.ts';
import { Successor } from './successor.ts';
import { goOn, isTimerDue, passTime } from './time.ts';

export class Transitions {
  readonly successor: Successor;
  /** the node of each input */
  readonly #takers: readonly number[];
  readonly #bounds: Bounds;
  /** deliveries that change nothing are left out: the message is as good as lost, whether it is on its way or not */
  readonly #skipsNothings: boolean;
  /** by node and local state: the inputs on offer at any time that it takes */
  readonly #offers: readonly number[][][];
  readonly #timers = new Map<string, number>();

  constructor(model: Model, tracked: Tracked, dictionary: Dictionary = alone, reductions: Reductions = noReductions) {
    this.successor = new Successor(model, tracked, dictionary, reductions);
    this.#skipsNothings = reductions.has('noop');
    this.#bounds = new Bounds(model.scenario.constraint ?? {}, this.successor.steps.letters.all);
    this.#offers = model.ids.map(() => []);
    this.#takers = model.inputs.map(({ node }) => model.ids.indexOf(node));
  }

  get model(): Model {
    return this.successor.model;
  }
  get layout(): Layout {
    return this.successor.layout;
  }
  get steps(): Steps {
    return this.successor.steps;
  }
  get histories(): Histories {
    return this.successor.histories;
  }

  /** The states after the start of every node and the inputs at 0 ms, each with how it came about. */
  roots(): Root[] {
    const { model, layout } = this;
    let states = traitorSets(model).map((traitors) => {
      const vector = new Int32Array(layout.network);
      for (let node = 0; node < layout.nodes; node++)
        vector[node] = this.steps.unborn(node, !traitors.has(node)).number;
      if (layout.anyFault >= 0 && traitors.size > 0) vector[layout.anyFault] = 1;
      return { vector, moves: [] as readonly Move[] };
    });
    const then = (expand: () => void): void => {
      states = states.flatMap(({ vector, moves }) => {
        const after: typeof states = [];
        this.successor.begin(
          vector,
          vector.length,
          (next, length, move) => after.push({ vector: next.slice(0, length), moves: [...moves, move()] }),
          false,
        );
        expand();
        return after;
      });
    };
    for (let node = 0; node < layout.nodes; node++) then(() => this.#start(node));
    for (const input of model.atStart) then(() => this.#input(model.inputs.indexOf(input)));
    this.#bounds.requireFields(states.flatMap(({ vector }) => this.#locals(vector)));
    return states.flatMap((root) => this.#afterTime(root));
  }

  #afterTime({ vector, moves }: Root): Root[] {
    const { successor } = this;
    successor.next.set(vector);
    const awaited = passTime(successor, vector.length);
    const now = { vector: successor.next.slice(0, vector.length), moves };
    if (awaited !== 'traitors' || !goOn(successor)) return [now];
    const last = { ...(moves.at(-1) as Move), timeGoesOn: true };
    return [now, { vector: successor.next.slice(0, vector.length), moves: [...moves.slice(0, -1), last] }];
  }

  /** Every successor. */
  expand(vector: Int32Array, length: number, visit: Visit): void {
    const { model, layout } = this;
    this.successor.begin(vector, length, visit, true);
    const urgent = model.synchronous && isTimerDue(this.successor, vector);
    if (!urgent) this.#deliveries();
    if (!model.synchronous || urgent) this.#timeouts();
    if (layout.nextInput >= 0) this.#laterInput();
    if (model.anytime.length > 0) this.#anytimeInputs();
    expandFaults(this.successor);
  }

  /** Does the constraint leave this state out? */
  isOutside(vector: Int32Array, length: number): boolean {
    const { network, nodes } = this.layout;
    return this.#bounds.excludes(
      vector,
      network,
      length,
      (node) => this.steps.local(node, vector[node] as number),
      nodes,
    );
  }

  #locals(vector: Int32Array): Local[] {
    return this.model.ids.map((_, node) => this.steps.local(node, vector[node] as number));
  }

  #start(node: number): void {
    this.successor.doing.kind = 'start';
    for (const outcome of this.steps.begin(node, this.successor.from[node] as number))
      this.successor.after(node, outcome, -1, false);
  }

  #deliveries(): void {
    const { network, doubles, ifTaken } = this.model;
    const { all } = this.steps.letters;
    const s = this.successor;
    const vector = s.from;
    s.doing.kind = 'deliver';
    for (let at = this.layout.network; at < this.successor.length; at++) {
      if (!isNext(vector, this.layout.network, at, network, all)) continue;
      const number = vector[at] as number;
      const letter = all[number] as Letter;
      if (s.isBarred(letter)) continue;
      const local = s.local(letter.to);
      if (local.status !== 'up' || letter.forged) {
        if (network !== 'set' && !this.#isSkippedLoss) this.#lost(at);
        continue;
      }
      const mayDouble =
        network !== 'set' && (doubles[letter.link] || (letter.from !== letter.to && s.left('duplicate')));
      s.doing.letter = number;
      const outcomes =
        this.steps.known(letter.to, local.number, number * 4) ??
        this.steps.learn(letter.to, local.number, number * 4, letter.event);
      for (const outcome of outcomes) {
        if (ifTaken && !outcome.handled) continue;
        if (network === 'set') {
          s.after(letter.to, outcome, -1, false);
          continue;
        }
        const changes = outcome.local !== local.number || outcome.effects.length > 0;
        if (changes || !this.#skipsNothings) s.after(letter.to, outcome, at, false);
        // a copy of what changes nothing is as good as none, unless it comes later in the order
        if (mayDouble && (changes || network === 'fifo')) s.after(letter.to, outcome, at, true);
      }
    }
  }

  /** Is a message that nobody takes left where it is? Not if its loss would be remembered. */
  get #isSkippedLoss(): boolean {
    const { anyFault } = this.layout;
    return this.#skipsNothings && (anyFault < 0 || this.successor.from[anyFault] === 1);
  }

  /** Nobody takes it: its receiver is down, or finds a signature forged. */
  #lost(at: number): void {
    const { doing } = this.successor;
    doing.keep = false;
    doing.manner = plainly;
    this.successor.lose(at);
  }

  #timeouts(): void {
    const { layout, model } = this;
    const { doing } = this.successor;
    doing.kind = 'fire';
    for (let node = 0; node < layout.nodes; node++) {
      const local = this.successor.local(node);
      for (const { timer, leftMs } of local.timers) {
        if (model.synchronous && leftMs > 0) continue;
        const key = this.#timerNumber(timer) * 4 + 1;
        const outcomes =
          this.steps.known(node, local.number, key) ??
          this.steps.learn(node, local.number, key, this.steps.timerEvent(node, timer), timer);
        doing.timer = timer;
        for (const outcome of outcomes) this.successor.after(node, outcome, -1, false);
      }
    }
  }

  #timerNumber(timer: string): number {
    const known = this.#timers.get(timer) ?? this.#timers.size;
    this.#timers.set(timer, known);
    return known;
  }

  #laterInput(): void {
    const next = this.successor.from[this.layout.nextInput] as number;
    if (next < this.model.later.length) this.#input(this.model.atStart.length + next);
  }

  #anytimeInputs(): void {
    const { from } = this.successor;
    for (let node = 0; node < this.layout.nodes; node++) {
      const number = from[node] as number;
      const known = this.#offers[node] as number[][];
      known[number] ??= this.#takenBy(node, number);
      for (const index of known[number]) this.#input(index);
    }
  }

  /** The inputs on offer at any time that the node takes in this state: their indexes. */
  #takenBy(node: number, number: number): number[] {
    const { inputs, anytime } = this.model;
    if (this.steps.local(node, number).status !== 'up') return [];
    const found: number[] = [];
    for (let index = inputs.length - anytime.length; index < inputs.length; index++) {
      if (this.#takers[index] !== node || this.steps.ignores(node, number, this.#eventOf(index))) continue;
      if (this.#outcomesOf(index, number).some(({ handled }) => handled)) found.push(index);
    }
    return found;
  }

  #eventOf(index: number): JsonObject & { readonly type: string } {
    const { input, data } = this.model.inputs[index] as ScheduledInput;
    return { ...data, type: input };
  }

  #outcomesOf(index: number, local: number): readonly Outcome[] {
    const node = this.#takers[index] as number;
    const key = index * 4 + 2;
    return this.steps.known(node, local, key) ?? this.steps.learn(node, local, key, this.#eventOf(index));
  }

  #input(index: number): void {
    const s = this.successor;
    const node = this.#takers[index] as number;
    const { status, number } = s.local(node);
    s.doing.kind = 'input';
    s.doing.input = index;
    if (status === 'up') {
      for (const outcome of this.#outcomesOf(index, number)) s.after(node, outcome, -1, false);
      return;
    }
    s.doing.manner = plainly;
    s.ignoreInput();
  }
}

const noReductions: Reductions = new Set();

/** The traitors of the script, and every choice of as many more as the budget has. */
function traitorSets(model: Model): Set<number>[] {
  const sets = [new Set(model.traitors)];
  let newest = sets.slice();
  for (let more = 0; more < Math.min(model.budget.traitor, model.ids.length); more++) {
    newest = newest.flatMap((set) =>
      model.ids.flatMap((_, node) =>
        node > Math.max(-1, ...[...set].filter((each) => !model.traitors.includes(each))) && !set.has(node)
          ? [new Set([...set, node])]
          : [],
      ),
    );
    sets.push(...newest);
  }
  return sets;
}
