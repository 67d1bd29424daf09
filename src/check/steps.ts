/**
 * Steps of nodes, remembered: `(node, local state, event)` leads to the same outcomes every time, so XState is asked
 * once for each. An honest node has one outcome; besides, it may crash between two sends. A traitor has one for every
 * combination of what it may say instead of each message: nothing, the truth, or a lie.
 */
import { nodeSeed } from '../core/draw.ts';
import type { Treachery, Word } from '../core/faults.ts';
import { sameJson } from '../core/json.ts';
import type { Effect, Json, JsonObject, Message, NodeInput } from '../core/protocol.ts';
import { signMessage } from '../core/signatures.ts';
import { StepError, stepMachine, transitionsOn } from '../core/step.ts';
import { timersOf } from '../core/timers.ts';
import { alternatives } from '../core/traitor.ts';
import type { NodeRecord, StepResult, World } from '../core/world.ts';
import { createWorld } from '../core/world-init.ts';
import type { Dictionary } from './dictionary.ts';
import { type Local, type LocalParts, Locals, type LocalTimer } from './locals.ts';
import { Memo } from './memo.ts';
import { type Letter, Letters } from './messages.ts';
import { CheckError, type Model } from './model.ts';
import { type Manner, plainly } from './moves.ts';

export interface Outcome extends Manner {
  /** number of the local state that the node is in afterwards */
  readonly local: number;
  /** numbers of the messages sent, in order */
  readonly sends: readonly number[];
  /** what took place, for history variables */
  readonly effects: readonly Effect[];
  /** the machine takes a transition */
  readonly handled: boolean;
  /** memory after it, by number of the memory before */
  readonly memories: Map<number, number>[];
}

type Event = (JsonObject & { readonly type: string }) | null;
/** A step that XState was asked about. `key`: the number of the event. */
export interface Learnt {
  readonly node: number;
  readonly local: number;
  readonly key: number;
  readonly event: Event;
  readonly timer: string | undefined;
  readonly outcomes: readonly Outcome[];
}
const waysMax = 4096;

export class Steps {
  readonly model: Model;
  readonly letters: Letters;
  readonly nodes: readonly Locals[];
  /** how often XState was asked */
  asked = 0;
  /** why machines failed, each reason once */
  readonly failures = new Set<string>();
  /** told of every step that was not known */
  onLearnt: ((learnt: Learnt) => void) | null = null;
  readonly #world: World;
  readonly #memo: readonly Memo<readonly Outcome[]>[];
  readonly #inputs: readonly Omit<NodeInput, 'stable'>[];
  /** of each node: whom and in which kinds it lies, when it is a traitor of the script */
  readonly #aims: readonly (Treachery | undefined)[];

  constructor(model: Model, dictionary: Dictionary) {
    const { scenario, protocol, ids } = model;
    this.model = model;
    this.nodes = ids.map((id, kind) => new Locals(id, scenario.nodes[id] as string, dictionary, kind));
    this.letters = new Letters(ids, scenario.seed, dictionary, ids.length);
    this.#world = createWorld(scenario, protocol);
    this.#memo = ids.map(() => new Memo());
    const treacheries = scenario.faults.flatMap(({ fault }) => (fault.type === 'traitor' ? [fault] : []));
    this.#aims = ids.map((id) => treacheries.find(({ node }) => node === id));
    this.#inputs = ids.map((self) => ({
      self,
      role: scenario.nodes[self] as string,
      nodes: scenario.nodes,
      parameters: scenario.parameters,
      seed: nodeSeed(scenario.seed, self),
    }));
  }

  /** The node before its start. */
  unborn(node: number, honest: boolean): Local {
    return (this.nodes[node] as Locals).intern({
      status: 'up',
      honest,
      everCrashed: false,
      state: null,
      stable: {},
      decisions: [],
      delivered: [],
      timers: [],
    });
  }

  local(node: number, number: number): Local {
    return (this.nodes[node] as Locals).all[number] as Local;
  }

  /** What this event leads to, when that is known. `key`: a number for the event, of this node's own. */
  known(node: number, local: number, key: number): readonly Outcome[] | undefined {
    return (this.#memo[node] as Memo<readonly Outcome[]>).get(local, key);
  }

  /** Finds out what it leads to. */
  learn(node: number, local: number, key: number, event: Event, timer?: string): readonly Outcome[] {
    const outcomes = this.#outcomes(node, this.local(node, local), event, timer);
    (this.#memo[node] as Memo<readonly Outcome[]>).set(local, key, outcomes);
    this.onLearnt?.({ node, local, key, event, timer, outcomes });
    return outcomes;
  }

  /** The machine surely lets it pass. Costs less than finding out what it leads to, and nothing is remembered. */
  ignores(node: number, local: number, event: NonNullable<Event>): boolean {
    const { state, role } = this.local(node, local);
    const machine = this.model.protocol.roles[role];
    // who is told of every step is told of this one, too
    if (state === null || machine === undefined || this.onLearnt !== null) return false;
    try {
      return transitionsOn(machine, state, event).length === 0;
    } catch {
      return false;
    }
  }

  /** The start of the node, or its restart. */
  begin(node: number, local: number): readonly Outcome[] {
    return this.known(node, local, 3) ?? this.learn(node, local, 3, null);
  }

  /** The timer's event, as the machine knows it. */
  timerEvent(node: number, timer: string): Event {
    const machine = this.model.protocol.roles[(this.nodes[node] as Locals).role];
    return { type: (machine && timersOf(machine).eventOf.get(timer)) ?? timer };
  }

  /** The node goes down: what it did not persist is gone. Where crashes are announced, the others are told. */
  crashed(node: number, local: Local): { local: number; sends: readonly number[] } {
    return { local: this.#down(node, local, 'crashed').number, sends: this.#farewells(node) };
  }

  #farewells(node: number): number[] {
    const { ids, failStop } = this.model;
    if (!failStop) return [];
    return ids.flatMap((id, to) => (to === node ? [] : [this.letters.intern(node, id, { type: 'farewell' })]));
  }

  #down(node: number, parts: LocalParts, status: 'crashed' | 'failed'): Local {
    const { honest, stable, decisions, delivered } = parts;
    const down = { status, honest, everCrashed: true, state: null, stable, decisions, delivered, timers: [] };
    return (this.nodes[node] as Locals).intern(down);
  }

  /** Time goes by: every timer has so much less left. */
  aged(node: number, local: Local, byMs: number): number {
    if (local.timers.length === 0) return local.number;
    const timers = local.timers.map(({ timer, leftMs }) => ({ timer, leftMs: leftMs - byMs }));
    return (this.nodes[node] as Locals).intern({ ...local, timers }).number;
  }

  /** May the sender, a traitor, keep this message back? */
  mayBeLate({ from, to, body }: Letter): boolean {
    return from !== to && isAimedAt(this.#aims[from], { to: this.model.ids[to] as string, message: body });
  }

  #outcomes(node: number, local: Local, event: Event, timer: string | undefined): readonly Outcome[] {
    const timers = timer === undefined ? local.timers : local.timers.filter((each) => each.timer !== timer);
    // a node that steps is up, or comes up with this step
    const before: LocalParts = { ...local, status: 'up', timers };
    const machine = this.model.protocol.roles[local.role];
    if (machine === undefined) throw new CheckError(`the protocol has no role ${local.role}`);
    const input = { ...(this.#inputs[node] as NodeInput), stable: local.stable };
    let result: StepResult;
    try {
      this.asked += 1;
      result = stepMachine(machine, event === null ? null : local.state, event, input);
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      return [this.#failed(node, before, error.message)];
    }
    const { messages } = this.model.protocol;
    for (const effect of result.effects) {
      if (effect.type !== 'send' || messages[effect.message.type] !== undefined) continue;
      return [
        this.#failed(node, before, `${input.self} sends ${effect.message.type}, which is not among \`messages\``),
      ];
    }
    const handled =
      event === null ||
      result.state !== local.state ||
      (local.state !== null && transitionsOn(machine, local.state, event).length > 0);
    if (!local.honest) return this.#lies(node, before, result, handled);
    const whole = this.#outcome(node, before, result, handled, null);
    return this.model.budget.crash === 0 ? [whole] : [whole, ...this.#cutOff(node, before, result, whole.sends.length)];
  }

  #failed(node: number, before: LocalParts, why: string): Outcome {
    this.failures.add(why);
    const local = this.#down(node, before, 'failed').number;
    return { local, sends: [], effects: [], handled: true, ...plainly, memories: [] };
  }

  /** @param says what becomes of each send; null: what the machine asked for */
  #outcome(
    node: number,
    before: LocalParts,
    { state, effects }: StepResult,
    handled: boolean,
    says: readonly Word[] | null,
  ): Outcome {
    const sends: number[] = [];
    let sent = 0;
    for (const effect of effects) {
      if (effect.type !== 'send') continue;
      const word = says === null ? 'truth' : (says[sent] as Word);
      sent += 1;
      if (word !== 'nothing') sends.push(this.#letter(node, effect, word === 'truth' ? effect.message : word));
    }
    const local = (this.nodes[node] as Locals).intern(this.#after({ ...before, state }, effects)).number;
    return { local, sends, effects, handled, crashAfter: 0, says, memories: [] };
  }

  #letter(node: number, { to, signed }: Extract<Effect, { type: 'send' }>, said: Message): number {
    const { ids, scenario } = this.model;
    const body = signed ? signMessage(scenario.seed, ids[node] as string, said) : said;
    return this.letters.intern(node, to, body);
  }

  #after(before: LocalParts, effects: readonly Effect[]): LocalParts {
    let { stable, decisions, delivered, timers } = before;
    const without = (name: string): readonly LocalTimer[] => timers.filter(({ timer }) => timer !== name);
    for (const effect of effects) {
      if (effect.type === 'persist') stable = written(stable, effect.key, effect.value);
      else if (effect.type === 'deliver') delivered = [...delivered, effect.item];
      else if (effect.type === 'cancelTimer') timers = without(effect.timer);
      else if (effect.type === 'setTimer') {
        const leftMs = this.model.synchronous ? effect.delayMs : 0;
        timers = [...without(effect.timer), { timer: effect.timer, leftMs }];
      } else if (effect.type === 'decide' && !decisions.some((earlier) => sameJson(earlier, effect.value)))
        decisions = [...decisions, effect.value];
    }
    return { ...before, stable, decisions, delivered, timers };
  }

  /** Crashes in the middle of the step: after each of its sends but the last; after that one too, if more was to follow. */
  #cutOff(node: number, before: LocalParts, result: StepResult, sends: number): Outcome[] {
    const found: Outcome[] = [];
    let sent = 0;
    for (const [i, effect] of result.effects.entries()) {
      if (effect.type !== 'send') continue;
      sent += 1;
      const rest = result.effects.slice(i + 1);
      if (sent === sends && !rest.some(({ type }) => type === 'persist' || type === 'decide' || type === 'deliver'))
        break;
      const effects = result.effects.slice(0, i + 1);
      const whole = this.#outcome(node, before, { state: result.state, effects }, true, null);
      const down = this.#down(node, this.local(node, whole.local), 'crashed');
      const told = [...whole.sends, ...this.#farewells(node)];
      const manner: Manner = { crashAfter: sent, says: null };
      found.push({ local: down.number, sends: told, effects, handled: true, ...manner, memories: [] });
    }
    return found;
  }

  #lies(node: number, before: LocalParts, result: StepResult, handled: boolean): Outcome[] {
    let ways: Word[][] = [[]];
    const record = this.#world.nodes[node] as NodeRecord;
    for (const effect of result.effects) {
      if (effect.type !== 'send') continue;
      const options: readonly Word[] = isAimedAt(this.#aims[node], effect)
        ? ['truth', 'nothing', ...alternatives(this.#world, record, effect.to, effect.message)]
        : ['truth'];
      ways = ways.flatMap((way) => options.map((option) => [...way, option]));
      if (ways.length > waysMax)
        throw new CheckError(
          `the traitor ${record.id} has more than ${waysMax} ways to take one step; give it fewer nodes or fewer lies`,
        );
    }
    return ways.map((says) => this.#outcome(node, before, result, handled, says));
  }
}

const isAimedAt = (
  aim: Treachery | undefined,
  { to, message }: Pick<Extract<Effect, { type: 'send' }>, 'to' | 'message'>,
): boolean => (aim?.targets?.includes(to) ?? true) && (aim?.kinds?.includes(message.type) ?? true);

function written(stable: LocalParts['stable'], key: string, value: Json): LocalParts['stable'] {
  if (value !== null) return { ...stable, [key]: value };
  const { [key]: _, ...rest } = stable;
  return rest;
}
