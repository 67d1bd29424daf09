/**
 * What the past costs: going to any of 100,000 events, the step back in a run of a million, memory over that run, and what
 * keeping a history takes from the run itself.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { History } from '../../src/core/history.ts';
import { nextInteger, streamOf } from '../../src/core/rng.ts';
import { advanceWorld } from '../../src/core/run.ts';
import type { TraceEvent, World } from '../../src/core/world.ts';
import { createWorld } from '../../src/core/world-init.ts';
import relay, { relayScenario } from '../fixtures/live/relay.ts';
import { byTurns, type Figure, figure, perSecond } from './measure.ts';

const some = 100_000;
const many = 1_000_000;
const seeks = 300;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const begin = (nodes: number): World => createWorld(relayScenario(nodes, many), relay);

function advance(world: World, history: Pick<History, 'record'> | null, events: number): void {
  while (world.events < events) {
    const happened = advanceWorld(world);
    if (happened === null) throw new Error('the balls have come to rest');
    history?.record(happened);
  }
}

/** What a run would keep anyway: an array of everything. */
function keepAll(): Pick<History, 'record'> {
  const trace: TraceEvent[] = [];
  return {
    record: (events) => {
      for (const event of events) trace.push(event);
    },
  };
}

/** Milliseconds, ascending. */
function times(count: number, work: (i: number) => void): number[] {
  return Array.from({ length: count }, (_, i) => {
    const start = performance.now();
    work(i);
    return performance.now() - start;
  }).sort((a, b) => a - b);
}

const p95 = (ascending: readonly number[]): number => ascending[Math.floor(ascending.length * 0.95)] as number;

const only = (name: string, value: number, unit: string, aim: string): Figure => ({
  name,
  value,
  unit,
  aim,
  floor: null,
  ratio: null,
});

function seekFigures(nodes: number): Figure[] {
  const world = begin(nodes);
  const history = new History(world);
  advance(world, history, some);
  const random = streamOf(nodes);
  const worlds = times(seeks, () => history.at(nextInteger(random, 0, some)));
  const events = times(seeks, () => history.event(nextInteger(random, 0, some - 1)));
  // what it would be without copies: everything once more, from the beginning
  const [floor = 0] = times(1, () => advance(begin(nodes), null, some / 2));
  const name = `seek to any of 100,000 events, ${nodes} nodes`;
  return [
    figure(`${name}, p95, against half a re-execution`, 'ms', 'under 100 ms', { value: p95(worlds), floor }),
    only(`${name}, slowest of ${seeks}`, worlds.at(-1) as number, 'ms', 'under 100 ms'),
    only(`reading any of 100,000 events, ${nodes} nodes, p95`, p95(events), 'ms', 'under 100 ms'),
  ];
}

function heapMb(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

function millionFigures(nodes: number): Figure[] {
  const before = heapMb();
  const world = begin(nodes);
  const history = new History(world);
  advance(world, history, some);
  const floor = heapMb() - before;
  advance(world, history, many);
  const value = heapMb() - before;
  let moment = many;
  const steps = times(200, () => {
    moment = history.momentBefore(moment);
    history.at(moment);
  });
  return [
    figure(`memory of a million events, ${nodes} nodes, against 100,000`, 'MB', 'at most 1.5', { value, floor }),
    only('step back in a million events, p95', p95(steps), 'ms', 'at most 30 ms'),
    only('step back in a million events, slowest', steps.at(-1) as number, 'ms', 'under 100 ms'),
  ];
}

export function benchHistory(): Figure[] {
  const speed = (withHistory: boolean): number => {
    const world = begin(9);
    const history = withHistory ? new History(world) : keepAll();
    return perSecond(some, () => advance(world, history, some));
  };
  speed(true);
  return [
    ...seekFigures(9),
    ...seekFigures(64),
    ...millionFigures(9),
    figure(
      'in process with a history, 9 nodes, against with a plain trace',
      'events/s',
      'at least 0.8',
      byTurns(
        5,
        () => speed(true),
        () => speed(false),
      ),
    ),
  ];
}

if (process.argv[1]?.endsWith('history.ts')) console.table(benchHistory());
