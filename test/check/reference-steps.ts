/** What can happen in a state of the slow explorer, each as a world of its own. */
import type { NetworkName } from '../../src/check/model.ts';
import { perform } from '../../src/core/commit.ts';
import type { Fault, Word } from '../../src/core/faults.ts';
import { canonicalJson } from '../../src/core/json.ts';
import type { Effect, JsonObject } from '../../src/core/protocol.ts';
import type { ScheduledInput } from '../../src/core/scenario.ts';
import { transitionsOn } from '../../src/core/step.ts';
import { alternatives } from '../../src/core/traitor.ts';
import type { Choice, Envelope, NodeRecord, World } from '../../src/core/world.ts';
import { cloneWorld } from '../../src/core/world-init.ts';

export interface State {
  readonly world: World;
  readonly used: Readonly<Record<string, number>>;
  readonly network: NetworkName;
  /** a message arrives only when its receiver's machine takes it */
  readonly ifTaken: boolean;
  /** those after 0 ms that are still to come, in their order; and those that are on offer at any time */
  readonly later: readonly ScheduledInput[];
  readonly anytime: readonly ScheduledInput[];
  /** whom and in which kinds the traitors of the script lie */
  readonly aims: readonly Extract<Fault, { type: 'traitor' }>[];
  /** those that the scenario names */
  readonly partitions: readonly Extract<Fault, { type: 'partition' }>[];
}

export const speaks = (node: string, says: readonly Word[]): Choice => ({
  type: 'traitor',
  node,
  behaviour: 'scripted',
  says,
});

/**
 * Synchronous: when nothing is on its way that could arrive, it is soon the time of the next timer. When all that is was
 * sent by traitors, it may be so, or not yet.
 */
export function afterTime(state: State): State[] {
  const { world } = state;
  if (world.scenario.model !== 'synchronous') return [state];
  const arriving = [...world.pending.values()].filter(({ held }) => held === null);
  if (!arriving.every((message) => mayBeLate(state, message))) return [state];
  const next = Math.min(...world.nodes.flatMap(({ timers }) => timers.map(({ fireAtMs }) => fireAtMs)));
  if (next === Number.POSITIVE_INFINITY || next <= world.nowMs) return [state];
  const later = cloneWorld(world);
  later.nowMs = next;
  return arriving.length === 0 ? [{ ...state, world: later }] : [state, { ...state, world: later }];
}

function mayBeLate({ world, aims }: State, { from, to, body }: Envelope): boolean {
  const { targets, kinds } = aims.find(({ node }) => node === from) ?? {};
  const isSpared = targets?.includes(to) === false || kinds?.includes(body.type) === false;
  return !nodeOf(world, from).honest && from !== to && !isSpared;
}

/** The state after these, with one more fault of a kind used up. */
export function moved(state: State, choices: readonly Choice[], fault?: string): State {
  const { world, used } = state;
  const next = cloneWorld(world);
  for (const choice of choices) perform(next, choice, 'person');
  if (state.network === 'set') keepOneOfEach(next);
  return { ...state, world: next, used: fault === undefined ? used : { ...used, [fault]: (used[fault] ?? 0) + 1 } };
}

export const textOf = ({ from, to, body }: Envelope): string => canonicalJson([from, to, body]);

function keepOneOfEach({ pending }: World): void {
  const told = new Set<string>();
  for (const [id, message] of pending) {
    if (told.has(textOf(message))) pending.delete(id);
    told.add(textOf(message));
  }
}

const nodeOf = (world: World, id: string): NodeRecord => world.nodes[world.indexOf.get(id) as number] as NodeRecord;

/** What the machine asks for in this step. */
const asked = (world: World, choice: Choice): readonly Effect[] =>
  perform(cloneWorld(world), choice, 'person')[0]?.effects ?? [];

/** After this choice; with a crash of the node between two of its sends; or with each lie that a traitor may tell. */
export function stepsOf(state: State, node: string, choice: Choice, fault?: string): State[] {
  const { world, used } = state;
  const record = nodeOf(world, node);
  if (!record.honest) return liesOf(state, record, choice, fault);
  const found = [moved(state, [choice], fault)];
  const mayCrash = (used.crash ?? 0) < (world.scenario.budget.crash ?? 0);
  if (!mayCrash || record.status !== 'up') return found;
  const effects = asked(world, choice);
  let sent = 0;
  for (const [i, effect] of effects.entries()) {
    if (effect.type !== 'send') continue;
    sent += 1;
    const rest = effects.slice(i + 1).map(({ type }) => type as string);
    if (!rest.some((type) => ['send', 'persist', 'decide', 'deliver'].includes(type))) continue;
    const cut = moved(state, [{ type: 'crash', node, afterSends: sent }, choice], 'crash');
    found.push(fault === undefined ? cut : { ...cut, used: { ...cut.used, [fault]: (used[fault] ?? 0) + 1 } });
  }
  return found;
}

function liesOf(state: State, record: NodeRecord, choice: Choice, fault?: string): State[] {
  const { world } = state;
  const honest = moved(state, [speaks(record.id, [])]);
  const { targets, kinds } = state.aims.find(({ node }) => node === record.id) ?? {};
  let ways: Word[][] = [[]];
  for (const effect of asked(honest.world, choice)) {
    if (effect.type !== 'send') continue;
    const { to, message } = effect;
    const isSpared = targets?.includes(to) === false || kinds?.includes(message.type) === false;
    const words: Word[] = isSpared ? ['truth'] : ['truth', 'nothing', ...alternatives(world, record, to, message)];
    ways = ways.flatMap((way) => words.map((word) => [...way, word]));
  }
  return ways.map((says) => moved(state, [speaks(record.id, says), choice], fault));
}

export function successors(state: State): State[] {
  const { scenario, nowMs, nodes } = state.world;
  const isTimed = scenario.model === 'synchronous';
  const isDue = nodes.some(({ timers }) => timers.some(({ fireAtMs }) => fireAtMs <= nowMs));
  return [
    ...(isTimed && isDue ? [] : deliveries(state)),
    ...(isTimed && !isDue ? [] : timeouts(state, isTimed)),
    ...inputs(state),
    ...faults(state),
  ].flatMap(afterTime);
}

/** Does the budget still have one of these? */
const may = ({ world, used }: State, fault: string): boolean =>
  (used[fault] ?? 0) < (world.scenario.budget[fault as keyof typeof world.scenario.budget] ?? 0);

/** Those of which one is to be tried: of messages that say the same, one; of a link in fifo order, the first. */
function candidates({ world, network }: State): Envelope[] {
  const told = new Set<string>();
  return [...world.pending.values()]
    .sort((a, b) => a.id - b.id)
    .filter((message) => {
      const key = network === 'fifo' ? `${message.from}>${message.to}` : textOf(message);
      const isFirst = !told.has(key);
      told.add(key);
      return isFirst;
    });
}

function deliveries(state: State): State[] {
  const { world, network, ifTaken } = state;
  const found: State[] = [];
  for (const message of candidates(state)) {
    if (message.held !== null) continue;
    const deliver: Choice = { type: 'deliver', message: message.id };
    const twice: Choice = { type: 'duplicate', message: message.id };
    const receiver = nodeOf(world, message.to);
    const isUp = receiver.status === 'up';
    if (ifTaken && isUp && !takes(world, receiver, { ...message.body, from: message.from })) continue;
    if (network === 'set') {
      if (isUp) found.push(...stepsOf(twoOf(state, message), message.to, deliver));
      continue;
    }
    found.push(...stepsOf(state, message.to, deliver));
    const isFree = network === 'duplicating' && message.from !== message.to;
    if (!isUp || !(isFree || (message.from !== message.to && may(state, 'duplicate')))) continue;
    const doubled = moved(state, [twice], isFree ? undefined : 'duplicate');
    // a copy of what changes nothing is as good as none, unless others wait behind it
    const changes = (after: State): boolean => network === 'fifo' || !isSame(after.world, world, message.to, deliver);
    for (const after of stepsOf(doubled, message.to, deliver)) if (changes(after)) found.push(after);
  }
  return found;
}

/** With one to deliver and one that stays. */
function twoOf(state: State, { id }: Envelope): State {
  const world = cloneWorld(state.world);
  perform(world, { type: 'duplicate', message: id }, 'person');
  return { ...state, world };
}

/** The node is as it was, and the step asks for nothing. */
function isSame(after: World, before: World, id: string, choice: Choice): boolean {
  const [is, was] = [nodeOf(after, id), nodeOf(before, id)];
  const same = canonicalJson(is.context) === canonicalJson(was.context) && is.path === was.path;
  return same && is.status === was.status && asked(before, choice).length === 0;
}

/** Does the machine take a transition, or change? */
function takes(world: World, { role, state }: NodeRecord, event: JsonObject & { type: string }): boolean {
  const machine = world.protocol.roles[role];
  return machine !== undefined && state !== null && transitionsOn(machine, state, event).length > 0;
}

const timeouts = (state: State, isTimed: boolean): State[] =>
  state.world.nodes.flatMap(({ id, timers }) =>
    timers
      .filter(({ fireAtMs }) => !isTimed || fireAtMs <= state.world.nowMs)
      .flatMap(({ timer }) => stepsOf(state, id, { type: 'fire', node: id, timer })),
  );

function inputs(state: State): State[] {
  const { world, later, anytime } = state;
  const [next, ...rest] = later;
  const choice = ({ node, input, data }: ScheduledInput): Choice => ({ type: 'input', node, input, data });
  const found = next === undefined ? [] : stepsOf({ ...state, later: rest }, next.node, choice(next));
  for (const input of anytime) {
    const node = nodeOf(world, input.node);
    if (node.status === 'up' && takes(world, node, { ...input.data, type: input.input }))
      found.push(...stepsOf(state, input.node, choice(input)));
  }
  return found;
}

function faults(state: State): State[] {
  const { world, network } = state;
  const found: State[] = [];
  const strike = (choice: Choice, fault?: string): number => found.push(moved(state, [choice], fault));
  for (const { id, status, honest } of world.nodes) {
    if (status === 'up' && honest && may(state, 'crash')) strike({ type: 'crash', node: id }, 'crash');
    if (status !== 'up' && may(state, 'restart')) found.push(...restartsOf(state, id));
  }
  const droppable = network === 'fifo' ? [...world.pending.values()] : candidates(state);
  for (const { id, from, to } of droppable)
    if (from !== to && may(state, 'drop')) strike({ type: 'drop', message: id }, 'drop');
  for (const partition of state.partitions)
    if (may(state, 'partition') && !isInForce(world, partition)) strike(partition, 'partition');
  if (world.partition !== null) strike({ type: 'heal' });
  return found;
}

const isInForce = (world: World, { groups }: State['partitions'][number]): boolean =>
  world.partition !== null &&
  world.nodes.every(({ id }, i) => world.partition?.groupOf[i] === groups.findIndex((group) => group.includes(id)));

/** A node does not crash in the middle of its restart. */
function restartsOf(state: State, node: string): State[] {
  const choice: Choice = { type: 'restart', node };
  const record = nodeOf(state.world, node);
  return record.honest ? [moved(state, [choice], 'restart')] : liesOf(state, record, choice, 'restart');
}
