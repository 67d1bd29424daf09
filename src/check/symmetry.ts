/**
 * States that differ only by which of several interchangeable nodes is which count once. Of all that come of a state when
 * such nodes change places, the least stands for it in the table of states; explored is the one that was reached, so that
 * a path is a real run.
 *
 * That nodes are interchangeable is not taken on trust. Whatever a machine does is compared with what it does after two
 * of them have changed places (`Agreement`), what it is that runs begin with as well, and each property is
 * asked about every state in all its forms.
 */
import { Agreement } from './agreement.ts';
import { interchangeable } from './interchangeable.ts';
import type { Judge } from './judge.ts';
import { CheckError } from './model.ts';
import type { Root } from './moves.ts';
import { insert } from './network.ts';
import { Asymmetric, Composed, identity, type Renaming, Swap } from './swap.ts';
import type { Transitions } from './transitions.ts';

/** more orders of the nodes than this take longer than they save */
const formsMax = 5040;
const room = 1 << 14;

export class Symmetry {
  readonly #transitions: Transitions;
  /** every renaming but the identity */
  readonly #others: readonly Renaming[];
  readonly #swaps: readonly Swap[];
  #least = new Int32Array(room);
  #scratch = new Int32Array(room);

  /** @throws CheckError where no two nodes are interchangeable, or too many are */
  constructor(transitions: Transitions, sequences: ReadonlySet<string>) {
    const { model } = transitions;
    const classes = interchangeable(model, sequences);
    if (classes.length === 0)
      throw new CheckError('the reduction symmetry needs two nodes that the scenario does not tell apart: it has none');
    this.#transitions = transitions;
    this.#swaps = classes.flatMap((nodes) =>
      nodes.slice(1).map((node, i) => new Swap(transitions, nodes[i] as number, node, sequences)),
    );
    this.#others = renamings(model.ids.length, this.#swaps).slice(1);
    new Agreement(transitions, this.#swaps).watch();
  }

  /** The form that stands for this state: good until the next one. It is as long. */
  least(vector: Int32Array, length: number): Int32Array {
    this.#least.set(vector.subarray(0, length));
    for (const renaming of this.#others) {
      if (!this.#isPromising(renaming, vector)) continue;
      this.#rename(renaming, vector, length, this.#scratch);
      if (isLess(this.#scratch, this.#least, length)) [this.#least, this.#scratch] = [this.#scratch, this.#least];
    }
    return this.#least;
  }

  /** @throws Asymmetric when nodes that changed places could not have begun that way */
  requireRoots(roots: readonly Root[]): void {
    const known = new Set(roots.map(({ vector }) => vector.join()));
    for (const swap of this.#swaps)
      for (const { vector } of roots) {
        this.#rename(swap, vector, vector.length, this.#scratch);
        if (!known.has(this.#scratch.subarray(0, vector.length).join()))
          throw new Asymmetric(`what happens at the start tells ${swap.words} apart`);
      }
  }

  /** @throws Asymmetric when one of these properties has another verdict on another form of the state */
  requireVerdicts(judge: Judge, vector: Int32Array, length: number, properties: readonly number[]): void {
    if (properties.length === 0) return;
    judge.look(vector);
    const verdicts = properties.map((p) => judge.succeeds(p));
    for (const renaming of this.#others) {
      this.#rename(renaming, vector, length, this.#scratch);
      judge.look(this.#scratch);
      for (const [i, p] of properties.entries()) {
        if (judge.succeeds(p) === verdicts[i]) continue;
        const { name } = this.#transitions.model.protocol.properties[p] as { name: string };
        throw new Asymmetric(`${name} tells nodes apart that are otherwise alike`);
      }
    }
  }

  /** Can it be the least, as far as its local states go? */
  #isPromising(renaming: Renaming, vector: Int32Array): boolean {
    const { nodes } = this.#transitions.layout;
    const renamed = this.#scratch;
    for (let node = 0; node < nodes; node++)
      renamed[renaming.node(node)] = renaming.local(node, vector[node] as number);
    for (let node = 0; node < nodes; node++) {
      const difference = (renamed[node] as number) - (this.#least[node] as number);
      if (difference !== 0) return difference < 0;
    }
    return true;
  }

  #rename(renaming: Renaming, vector: Int32Array, length: number, to: Int32Array): void {
    const { layout, model, steps } = this.#transitions;
    const { nodes, network, memory, inputsTaken } = layout;
    for (let node = 0; node < nodes; node++) to[renaming.node(node)] = renaming.local(node, vector[node] as number);
    for (let at = nodes; at < network; at++) to[at] = vector[at] as number;
    for (let p = 0; p < memory.length; p++) {
      const place = memory[p] as number;
      if (place >= 0) to[place] = renaming.memory(p, vector[place] as number);
    }
    if (inputsTaken >= 0) to[inputsTaken] = renaming.inputs(vector[inputsTaken] as number);
    const { all } = steps.letters;
    let end = network;
    for (let at = network; at < length; at++)
      end = insert(to, network, end, renaming.letter(vector[at] as number), model.network, all);
  }
}

function isLess(a: Int32Array, b: Int32Array, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return (a[i] as number) < (b[i] as number);
  return false;
}

/** All that comes of doing these swaps one after another, the identity first. */
function renamings(nodes: number, swaps: readonly Swap[]): Renaming[] {
  const found: Renaming[] = [identity];
  const textOf = (each: Renaming): string => Array.from({ length: nodes }, (_, node) => each.node(node)).join();
  const known = new Set([textOf(identity)]);
  for (const renaming of found) {
    for (const swap of swaps) {
      const next = new Composed(renaming, swap, nodes);
      if (known.has(textOf(next))) continue;
      known.add(textOf(next));
      found.push(next);
    }
    if (found.length > formsMax)
      throw new CheckError(
        `the reduction symmetry has more than ${formsMax} orders of interchangeable nodes to compare`,
      );
  }
  return found;
}
