/**
 * Writes out a `workload`: so many operations, each by one of the clients, at random times, as inputs like any others. All is
 * drawn from the scenario's seed, in a stream of its own: the same seed gives the same operations.
 */
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Json, JsonObject } from '../core/json.ts';
import type { InputKind, NodeId, Protocol } from '../core/protocol.ts';
import { namedStream, nextUnit, pick } from '../core/rng.ts';
import type { Scenario, ScheduledInput } from '../core/scenario.ts';
import { quote } from './errors.ts';
import { rightName } from './nearest.ts';
import { parseDuration, parseRate } from './quantities.ts';
import type { Take } from './resolve.ts';
import type { Report } from './shape-errors.ts';
import type { RawWorkload } from './workload-shape.ts';

const defaultRate = '10/s';

/** An input of the mix, with the clients that take it. */
interface Choice {
  readonly input: string;
  readonly weight: number;
  readonly takers: readonly NodeId[];
}

/** The inputs of the workload, in the order of their times; what is wrong with it is reported. */
export function workloadInputs(
  raw: RawWorkload,
  protocol: Protocol,
  nodes: Scenario['nodes'],
  seed: number,
  take: Take,
  report: Report,
): ScheduledInput[] {
  const meanGapMs = take(parseRate(raw.rate ?? defaultRate), ['workload', 'rate'], 100);
  let atMs: number = take(parseDuration(raw.from ?? 0), ['workload', 'from'], 0);
  const choices = choicesOf(raw, protocol, nodes, report);
  if (choices.length === 0) return [];
  const stream = namedStream(seed, 'workload');
  return Array.from({ length: raw.operations }, (_, i): ScheduledInput => {
    // gaps of a Poisson process: operations come in bunches, as they do from many people
    atMs += Math.round(-meanGapMs * Math.log(1 - nextUnit(stream)));
    const { input, takers } = weighted(stream, choices);
    const node = pick(stream, takers) as NodeId;
    return { atMs, node, input, data: dataOf(protocol.inputs[input] as InputKind, i + 1) };
  });
}

function weighted(stream: RandomGenerator, choices: readonly Choice[]): Choice {
  let left = nextUnit(stream) * choices.reduce((sum, { weight }) => sum + weight, 0);
  for (const choice of choices) {
    left -= choice.weight;
    if (left < 0) return choice;
  }
  return choices.at(-1) as Choice;
}

/** The input's defaults; a field of kind `value` gets a value of its own, by the operation's number: x1, x2, ... */
function dataOf({ fields = {}, defaults = {} }: InputKind, number: number): JsonObject {
  const data = Object.entries(defaults).map(([field, value]): [string, Json | undefined] => [
    field,
    fields[field] === 'value' && typeof value === 'string' ? `${value}${number}` : value,
  ]);
  return Object.fromEntries(data);
}

/** The inputs that can be drawn. None, if something is wrong. */
function choicesOf(raw: RawWorkload, protocol: Protocol, nodes: Scenario['nodes'], report: Report): Choice[] {
  const takes = (node: NodeId, input: string): boolean => {
    const { roles } = protocol.inputs[input] as InputKind;
    return roles === undefined || roles.includes(nodes[node] as string);
  };
  const known = Object.keys(protocol.inputs);
  let sound = true;
  const wrong = (path: readonly (string | number)[], what: string, key?: 'key'): void => {
    sound = false;
    report(['workload', ...path], what, key);
  };
  for (const input of Object.keys(raw.mix ?? {})) {
    if (known.includes(input)) continue;
    wrong(['mix', input], `${protocol.id} has no input ${quote(input)}; ${rightName(input, known)}`, 'key');
  }
  for (const [i, client] of (raw.clients ?? []).entries()) {
    if (Object.hasOwn(nodes, client)) continue;
    wrong(['clients', i], `there is no node ${quote(client)}; ${rightName(client, Object.keys(nodes))}`);
  }
  if (raw.clients?.length === 0) wrong(['clients'], '`clients` is empty; name somebody, or leave it out');
  if (!sound) return [];
  const mix = Object.entries(raw.mix ?? Object.fromEntries(known.map((input) => [input, 1])));
  const clients = raw.clients ?? Object.keys(nodes);
  for (const [i, client] of (raw.clients ?? []).entries()) {
    if (mix.some(([input]) => takes(client, input))) continue;
    const words = mix.map(([input]) => input).join(', ');
    wrong(['clients', i], `${client} is a ${nodes[client]} and takes none of these: ${words}`);
  }
  const choices = mix.flatMap(([input, weight]) => {
    const takers = clients.filter((client) => takes(client, input));
    if (takers.length === 0 && raw.mix !== undefined && sound)
      wrong(['mix', input], `none of the clients takes ${quote(input)}`, 'key');
    return takers.length === 0 || weight === 0 ? [] : [{ input, weight, takers }];
  });
  if (sound && choices.length === 0)
    wrong(raw.mix === undefined ? [] : ['mix'], 'there is nothing that a client could ask; give some input a weight');
  return sound ? choices : [];
}
