/**
 * Very many nodes: a rumour that is pushed among a hundred, a thousand and ten thousand. What an event costs should not depend
 * on how many nodes there are, and what a node needs in memory neither. No event is kept, as in a long headless run.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import gossip from '../../machines/gossip.ts';
import { History } from '../../src/core/history.ts';
import { advanceWorld } from '../../src/core/run.ts';
import { createWorld } from '../../src/core/world-init.ts';
import { nodesOf, scenarioOf } from '../machines/drive.ts';
import { type Figure, median, perSecond } from './measure.ts';

const sizes = [100, 1000, 10_000] as const;
const eventsMeasured = 200_000;
const rounds = 5;

const scenarioFor = (nodes: number) =>
  scenarioOf(
    gossip,
    nodesOf({ N: ['node', nodes] }),
    { rounds: 100_000 },
    {
      inputs: [{ atMs: 10, node: 'N1', input: 'tell', data: { rumour: 'news' } }],
      untilMs: Number.MAX_SAFE_INTEGER,
    },
  );

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;
/** Megabytes on the heap, when everything that can go is gone. */
function heapMegabytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

interface Measured {
  readonly perSecond: number;
  /** of the world, and of the world with its past */
  readonly worldMegabytes: number;
  readonly pastMegabytes: number;
}

/** All have heard when the measuring begins: every size does the same then, a call and an arrival a node and round. */
function measure(nodes: number): Measured {
  const before = heapMegabytes();
  const world = createWorld(scenarioFor(nodes), gossip);
  while (world.costs.curve.reduce((sum, added) => sum + added, 0) < nodes) advanceWorld(world);
  const rate = perSecond(eventsMeasured, () => {
    for (let i = 0; i < eventsMeasured; i++) advanceWorld(world);
  });
  const worldMegabytes = heapMegabytes() - before;
  return { perSecond: rate, worldMegabytes, pastMegabytes: withPast(nodes) };
}

/** The same run as a headless session keeps it: with copies of the world and the latest events. */
function withPast(nodes: number): number {
  const before = heapMegabytes();
  const world = createWorld(scenarioFor(nodes), gossip);
  const history = new History(world);
  for (let i = 0; i < eventsMeasured; i++) history.record(advanceWorld(world) ?? []);
  const after = heapMegabytes();
  return history.kept.copies > 0 ? after - before : 0;
}

export function benchScale(): Figure[] {
  measure(100);
  const measured = sizes.map((nodes) => {
    const taken = Array.from({ length: nodes > 1000 ? 2 : rounds }, () => measure(nodes));
    const of = (read: (each: Measured) => number): number => median(taken.map(read));
    return {
      nodes,
      rate: of((each) => each.perSecond),
      world: of((each) => each.worldMegabytes),
      past: of((each) => each.pastMegabytes),
    };
  });
  const floor = measured[0]?.rate ?? 1;
  return measured.flatMap(({ nodes, rate, world, past }): Figure[] => [
    {
      name: `gossip, ${nodes} nodes`,
      unit: 'events/s',
      aim: 'as many as with 100 nodes: at least half',
      value: rate,
      floor,
      ratio: rate / floor,
    },
    memory(
      `gossip, ${nodes} nodes: the world`,
      (world * 1024) / nodes,
      'KB a node',
      'the same for any number of nodes',
    ),
    memory(`gossip, ${nodes} nodes: with its past`, past, 'MB', 'bounded: below 500 MB after any number of events'),
  ]);
}

const memory = (name: string, value: number, unit: string, aim: string): Figure => ({
  name,
  unit,
  aim,
  value,
  floor: null,
  ratio: null,
});

if (process.argv[1]?.endsWith('scale.ts')) console.table(benchScale());
