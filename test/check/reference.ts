/**
 * A slow, obvious explorer: whole worlds, cloned and moved on by `perform`, and a set of their JSON. It knows nothing of
 * numbers, memos and hashes. All networks, both models of time, and every fault that a budget may have.
 */
import type { NetworkName } from '../../src/check/model.ts';
import { perform } from '../../src/core/commit.ts';
import type { Fault, Word } from '../../src/core/faults.ts';
import { canonicalJson } from '../../src/core/json.ts';
import type { Effect, JsonObject, Protocol } from '../../src/core/protocol.ts';
import type { Scenario, ScheduledInput } from '../../src/core/scenario.ts';
import { takeEntry } from '../../src/core/scheduler.ts';
import { transitionsOn } from '../../src/core/step.ts';
import { alternatives } from '../../src/core/traitor.ts';
import type { Choice, Envelope, NodeRecord, World } from '../../src/core/world.ts';
import { cloneWorld, createWorld } from '../../src/core/world-init.ts';

export interface ReferenceResult {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly violated: readonly string[];
  readonly reached: readonly string[];
}
interface State {
  readonly world: World;
  readonly used: Readonly<Record<string, number>>;
  readonly network: NetworkName;
  /** those after 0 ms that are still to come, in their order; and those that are on offer at any time */
  readonly later: readonly ScheduledInput[];
  readonly anytime: readonly ScheduledInput[];
  /** those that the scenario names */
  readonly partitions: readonly Extract<Fault, { type: 'partition' }>[];
}

export function exploreSlowly(
  scenario: Scenario,
  protocol: Protocol,
  readsAnyFault: boolean,
  depthMax = Number.POSITIVE_INFINITY,
  isOutside: (world: World) => boolean = () => false,
  network: NetworkName = scenario.network.order === 'fifo' ? 'fifo' : 'unordered',
): ReferenceResult {
  const violated = new Set<string>();
  const reached = new Set<string>();
  const seen = new Set<string>();
  let transitions = 0;
  let depth = 0;
  const take = (states: readonly State[]): State[] =>
    states.filter((state) => {
      if (isOutside(state.world)) return false;
      transitions += 1;
      const key = keyOf(state, readsAnyFault);
      if (seen.has(key)) return false;
      seen.add(key);
      for (const { property, memory } of state.world.properties) {
        const verdict = property.kind === 'eventually' || property.test(state.world.view, memory);
        if (property.kind === 'always' && verdict !== true) violated.add(property.name);
        if (property.kind === 'sometimes' && verdict === true) reached.add(property.name);
      }
      return true;
    });
  for (let level = take(roots(scenario, protocol, network)); level.length > 0; depth += 1)
    level = depth + 1 < depthMax ? level.flatMap((state) => take(successors(state))) : [];
  return { states: seen.size, transitions, depth, violated: [...violated].sort(), reached: [...reached].sort() };
}

/** After every start and the inputs at 0 ms; a node may crash in the middle of one of these. */
function roots(scenario: Scenario, protocol: Protocol, network: NetworkName): State[] {
  const { inputs, nodes } = scenario;
  const atStart = inputs.filter(({ atMs, anytime }) => atMs === 0 && anytime !== true);
  const world = createWorld({ ...scenario, faults: [], inputs: atStart }, protocol);
  const first: State = {
    world,
    used: {},
    network,
    later: inputs.filter(({ atMs, anytime }) => atMs > 0 && anytime !== true).sort((a, b) => a.atMs - b.atMs),
    anytime: inputs.filter(({ anytime }) => anytime === true),
    partitions: scenario.faults.flatMap(({ fault }) => (fault.type === 'partition' ? [fault] : [])),
  };
  let states = traitorSets(scenario).map((traitors) =>
    moved(
      first,
      traitors.map((node) => speaks(node, [])),
    ),
  );
  for (let i = 0; i < Object.keys(nodes).length + atStart.length; i++) {
    states = states.flatMap((state) => {
      const choice = takeEntry(state.world)?.choice as Choice & { node: string };
      return stepsOf(state, choice.node, choice);
    });
  }
  return states.map(afterTime);
}

/** Those of the script, and as many others as the budget has. */
function traitorSets({ nodes, faults, budget }: Scenario): string[][] {
  const scripted = faults.flatMap(({ fault }) => (fault.type === 'traitor' ? [fault.node] : []));
  let sets = [scripted];
  for (const id of Object.keys(nodes)) if (!scripted.includes(id)) sets = sets.flatMap((set) => [set, [...set, id]]);
  return sets.filter((set) => set.length - scripted.length <= (budget.traitor ?? 0));
}

const speaks = (node: string, says: readonly Word[]): Choice => ({
  type: 'traitor',
  node,
  behaviour: 'scripted',
  says,
});

function keyOf({ world, used, network, later }: State, readsAnyFault: boolean): string {
  const isTimed = world.scenario.model === 'synchronous';
  return canonicalJson({
    nodes: world.nodes.map((node) => [
      node.status,
      node.honest,
      node.everCrashed,
      node.state === null ? null : { value: node.state.value, context: node.state.context },
      node.stable,
      node.decisions,
      node.delivered,
      node.timers.map(({ timer, fireAtMs }) => `${timer} ${isTimed ? fireAtMs - world.nowMs : 0}`).sort(),
    ]),
    pending: pendingTexts(world, network),
    partition: world.partition?.groupOf ?? null,
    memories: world.properties.map(({ memory }) => memory),
    later: later.length,
    used,
    anyFault: readsAnyFault && world.anyFault,
    inputs: readsAnyFault ? world.inputs : [],
  });
}

/** Synchronous: when nothing is on its way that could arrive, it is soon the time of the next timer. */
function afterTime(state: State): State {
  const { world } = state;
  if (world.scenario.model !== 'synchronous') return state;
  if ([...world.pending.values()].some(({ held }) => held === null)) return state;
  const next = Math.min(...world.nodes.flatMap(({ timers }) => timers.map(({ fireAtMs }) => fireAtMs)));
  if (next === Number.POSITIVE_INFINITY || next <= world.nowMs) return state;
  const later = cloneWorld(world);
  later.nowMs = next;
  return { ...state, world: later };
}

/** In fifo order a link's messages have an order among themselves. */
function pendingTexts({ pending }: World, network: NetworkName): string[] {
  const inOrder = [...pending.values()].sort((a, b) => a.id - b.id);
  const texts = inOrder.map(({ from, to, body }) => ({ link: `${from}>${to}`, text: canonicalJson([from, to, body]) }));
  if (network !== 'fifo') return texts.map(({ text }) => text).sort();
  return texts.sort((a, b) => (a.link < b.link ? -1 : a.link > b.link ? 1 : 0)).map(({ text }) => text);
}

/** The state after these, with one more fault of a kind used up. */
function moved(state: State, choices: readonly Choice[], fault?: string): State {
  const { world, used } = state;
  const next = cloneWorld(world);
  for (const choice of choices) perform(next, choice, 'person');
  if (state.network === 'set') keepOneOfEach(next);
  return { ...state, world: next, used: fault === undefined ? used : { ...used, [fault]: (used[fault] ?? 0) + 1 } };
}

const textOf = ({ from, to, body }: Envelope): string => canonicalJson([from, to, body]);

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
function stepsOf(state: State, node: string, choice: Choice, fault?: string): State[] {
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
  let ways: Word[][] = [[]];
  for (const effect of asked(honest.world, choice)) {
    if (effect.type !== 'send') continue;
    const words: Word[] = ['truth', 'nothing', ...alternatives(world, record, effect.to, effect.message)];
    ways = ways.flatMap((way) => words.map((word) => [...way, word]));
  }
  return ways.map((says) => moved(state, [speaks(record.id, says), choice], fault));
}

function successors(state: State): State[] {
  const { scenario, nowMs, nodes } = state.world;
  const isTimed = scenario.model === 'synchronous';
  const isDue = nodes.some(({ timers }) => timers.some(({ fireAtMs }) => fireAtMs <= nowMs));
  return [
    ...(isTimed && isDue ? [] : deliveries(state)),
    ...(isTimed && !isDue ? [] : timeouts(state, isTimed)),
    ...inputs(state),
    ...faults(state),
  ].map(afterTime);
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
  const { world, network } = state;
  const found: State[] = [];
  for (const message of candidates(state)) {
    if (message.held !== null) continue;
    const deliver: Choice = { type: 'deliver', message: message.id };
    const twice: Choice = { type: 'duplicate', message: message.id };
    const receiver = nodeOf(world, message.to);
    if (network === 'set') {
      if (receiver.status === 'up' && takes(world, receiver, { ...message.body, from: message.from }))
        found.push(...stepsOf(twoOf(state, message), message.to, deliver));
      continue;
    }
    found.push(...stepsOf(state, message.to, deliver));
    const isFree = network === 'duplicating' && message.from !== message.to;
    if (receiver.status !== 'up' || !(isFree || (message.from !== message.to && may(state, 'duplicate')))) continue;
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
