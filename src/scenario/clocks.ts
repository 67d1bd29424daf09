/**
 * The clocks that are not true from the start: by node, or all those of `P: { role: node, count: 100 }` by its name. A range
 * is drawn from for each of them, from the scenario's seed, in a stream of their own.
 */
import { namedStream, nextInteger, nextUnit } from '../core/rng.ts';
import type { Scenario } from '../core/scenario.ts';
import { isWrong, parseOffset, parseRange, parseSpeed, type Wrong } from './quantities.ts';
import type { Take } from './resolve.ts';
import type { RawScenario } from './shape.ts';

type Clocks = NonNullable<Scenario['clocks']>;

/** A clock says how far it is off, how fast it runs, or both. What is said of a node itself comes before what is said of all. */
export function resolveClocks(
  raw: NonNullable<RawScenario['clocks']>,
  nodes: RawScenario['nodes'],
  seed: number,
  take: Take,
): Clocks {
  const stream = namedStream(seed, 'clocks');
  const clocks: Record<string, Clocks[string]> = {};
  for (const [key, { offset = 0, rate = 1 }] of Object.entries(raw)) {
    const [least, most] = take(rangeOf(offset, parseOffset), ['clocks', key, 'offset'], [0, 0]);
    const [slowest, fastest] = take(rangeOf(rate, parseSpeed), ['clocks', key, 'rate'], [1, 1]);
    for (const id of namedBy(key, nodes)) {
      if (id !== key && Object.hasOwn(raw, id)) continue;
      // a clock that is exactly known takes nothing from the stream
      const offsetMs = least === most ? least : nextInteger(stream, least, most);
      const drawn = (): number => Number((slowest + nextUnit(stream) * (fastest - slowest)).toFixed(6));
      clocks[id] = { offsetMs, rate: slowest === fastest ? slowest : drawn() };
    }
  }
  return clocks;
}

function namedBy(key: string, nodes: RawScenario['nodes']): string[] {
  const what = Object.hasOwn(nodes, key) ? nodes[key] : undefined;
  if (typeof what !== 'object') return [key];
  return Array.from({ length: what.count }, (_, i) => `${key}${i + 1}`);
}

function rangeOf(raw: unknown, parse: (end: unknown) => number | Wrong): readonly [number, number] | Wrong {
  if (typeof raw === 'string' && raw.includes('..')) return parseRange(raw, parse);
  const value = parse(raw);
  return isWrong(value) ? value : [value, value];
}
