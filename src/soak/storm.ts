/**
 * Random faults inside a bound. A storm takes faults that presets script and aims them anew: at other nodes of the same
 * role, at other times, at moments of the protocol, with other sides, for as long or shorter. It mends some of what it
 * broke. The same stream gives the same storm.
 */
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Behaviour, Fault, MessageTarget } from '../core/faults.ts';
import type { NodeId } from '../core/protocol.ts';
import { nextInteger, nextUnit, pick } from '../core/rng.ts';
import type { Scenario, ScheduledFault } from '../core/scenario.ts';
import { behaviourHelp } from '../core/traitor.ts';
import { type Ground, kindOf } from './evidence.ts';

const episodesMax = 6;
const behaviours = Object.keys(behaviourHelp) as Behaviour[];

/** What a storm draws from, and whom it has struck already. */
interface Weather {
  readonly stream: RandomGenerator;
  readonly ground: Ground;
  readonly messages: readonly string[];
  /** the kinds of fault of this storm */
  readonly kinds: readonly string[];
  readonly struck: Set<NodeId>;
}

/**
 * @param messages the protocol's message kinds
 * @param kinds the kinds of fault that there may be
 */
export function drawStorm(
  stream: RandomGenerator,
  ground: Ground,
  messages: readonly string[],
  kinds: readonly string[],
): ScheduledFault[] {
  const { scenario, ailments, faulty } = ground;
  const weather: Weather = { stream, ground, messages, kinds, struck: new Set() };
  const templates = ailments.filter(({ fault }) => kinds.includes(kindOf(fault, scenario, faulty.of) ?? ''));
  if (templates.length === 0) return [];
  const count = nextInteger(stream, 1, episodesMax);
  return Array.from({ length: count }, () =>
    episode(weather, (pick(stream, templates) as ScheduledFault).fault),
  ).flat();
}

/** One fault and, mostly, its mending. */
function episode(weather: Weather, template: Fault): ScheduledFault[] {
  const { stream, ground } = weather;
  // much happens at the very start
  const atMs = nextUnit(stream) < 0.2 ? 0 : nextInteger(stream, 0, ground.spanMs);
  const laterMs = nextInteger(stream, atMs, ground.spanMs) + 1;
  switch (template.type) {
    case 'crash':
      return crash(weather, template, atMs, laterMs);
    case 'restart':
      return nodeLike(weather, template.node, (node) => [{ at: atMs, fault: { type: 'restart', node } }]);
    case 'pause':
      return nodeLike(weather, template.node, (node) => [
        { at: atMs, fault: { type: 'pause', node } },
        { at: laterMs, fault: { type: 'resume', node } },
      ]);
    case 'skew':
      return nodeLike(weather, template.node, (node) => [{ at: atMs, fault: { ...template, node } }]);
    case 'traitor':
      return treason(weather, template, atMs);
    case 'partition':
      return [
        { at: atMs, fault: { ...template, groups: sides(weather) } },
        { at: laterMs, fault: { type: 'heal' } },
      ];
    case 'cut': {
      const [from, to] = ends(weather);
      return [
        { at: atMs, fault: { ...template, from, to } },
        { at: laterMs, fault: { type: 'heal' } },
      ];
    }
    case 'delay':
      return [
        { at: atMs, fault: { ...aimed(weather, template), byMs: nextInteger(stream, 0, template.byMs) } },
        { at: laterMs, fault: { type: 'heal' } },
      ];
    case 'hold':
    case 'drop':
    case 'duplicate':
      return [
        { at: atMs, fault: aimed(weather, template) },
        { at: laterMs, fault: { type: 'heal' } },
      ];
    default:
      return [];
  }
}

const roleIn = ({ nodes }: Scenario, node: NodeId): string => nodes[node] as string;
/** Presets of one setting may name their nodes otherwise: then any node stands for one that is not here. */
function alike({ ground: { scenario } }: Weather, template: NodeId): NodeId[] {
  const ids = Object.keys(scenario.nodes);
  const role = roleIn(scenario, template);
  return role === undefined ? ids : ids.filter((id) => roleIn(scenario, id) === role);
}

function nodeLike(weather: Weather, template: NodeId, make: (node: NodeId) => ScheduledFault[]): ScheduledFault[] {
  const node = pick(weather.stream, alike(weather, template));
  return node === undefined ? [] : make(node);
}

/** One of them that may become faulty without there being too many; null: nobody may. */
function victim(
  { stream, ground, struck }: Weather,
  among: readonly NodeId[],
  of: 'traitors' | 'crashes',
): NodeId | null {
  const { faulty } = ground;
  const isCounted = faulty.of === 'crashes' || of === 'traitors';
  const isFull = isCounted && struck.size >= faulty.most;
  const node = pick(stream, isFull ? among.filter((id) => struck.has(id)) : among);
  if (node !== undefined && isCounted) struck.add(node);
  return node ?? null;
}

function crash(
  weather: Weather,
  template: Extract<Fault, { type: 'crash' }>,
  at: number,
  laterMs: number,
): ScheduledFault[] {
  const { stream, messages, kinds } = weather;
  const node = victim(weather, alike(weather, template.node), 'crashes');
  if (node === null) return [];
  const fault: Fault = { type: 'crash', node };
  const recovers = kinds.includes('restart') && nextUnit(stream) < 0.8;
  const back: ScheduledFault[] = recovers ? [{ at: laterMs, fault: { type: 'restart', node } }] : [];
  const chance = nextUnit(stream);
  if (chance < 0.3) return [{ at, fault }, ...back];
  const nth = nextInteger(stream, 1, 4);
  if (chance < 0.6) return [{ at, fault: { ...fault, afterSends: nth } }, ...back];
  const what = pick(stream, messages) as string;
  const on = chance < 0.8 ? 'sends' : 'receives';
  return [{ when: { node, on, what, nth }, fault }, ...back];
}

function treason(weather: Weather, template: Extract<Fault, { type: 'traitor' }>, atMs: number): ScheduledFault[] {
  const { stream, ground } = weather;
  const { scenario, faulty } = ground;
  const isAny = kindOf(template, scenario, faulty.of) === 'traitor';
  const node = victim(weather, alike(weather, template.node), 'traitors');
  if (node === null) return [];
  const behaviour = isAny ? (pick(stream, behaviours) as Behaviour) : template.behaviour;
  const others = Object.keys(scenario.nodes).filter((id) => id !== node);
  const targets = others.filter(() => nextUnit(stream) < 0.5);
  const byMs = nextInteger(stream, 1, ground.spanMs);
  return [
    {
      at: nextUnit(stream) < 0.5 ? 0 : atMs,
      fault: {
        type: 'traitor',
        node,
        behaviour,
        ...(nextUnit(stream) < 0.7 ? { targets } : {}),
        ...(behaviour === 'delay' && nextUnit(stream) < 0.5 ? { byMs } : {}),
      },
    },
  ];
}

function sides({ stream, ground }: Weather): NodeId[][] {
  const ids = Object.keys(ground.scenario.nodes);
  const groups: [NodeId[], NodeId[]] = [[], []];
  for (const id of ids) (nextUnit(stream) < 0.5 ? groups[0] : groups[1]).push(id);
  for (const [i, group] of groups.entries())
    if (group.length === 0) group.push((groups[1 - i] as NodeId[]).pop() as NodeId);
  return groups;
}

function ends({ stream, ground }: Weather): readonly [NodeId, NodeId] {
  const ids = Object.keys(ground.scenario.nodes);
  const from = pick(stream, ids) as NodeId;
  return [
    from,
    pick(
      stream,
      ids.filter((id) => id !== from),
    ) as NodeId,
  ];
}

/** A rule on messages for other links between the same roles, for as many messages or fewer. */
function aimed<T extends Fault & MessageTarget>(weather: Weather, template: T): T {
  const { stream } = weather;
  const again = (id: NodeId | undefined) => (id === undefined ? undefined : pick(stream, alike(weather, id)));
  const count = template.count === undefined ? nextInteger(stream, 1, 20) : nextInteger(stream, 1, template.count);
  const aim: Record<string, unknown> = { ...template, from: again(template.from), to: again(template.to), count };
  return Object.fromEntries(Object.entries(aim).filter(([, value]) => value !== undefined)) as unknown as T;
}
