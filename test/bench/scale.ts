/**
 * Very many nodes, a hundred, a thousand and ten thousand: a rumour that is pushed among them, and clocks that are set by one
 * of them. What an event costs should not depend on how many nodes there are, and what a node needs in memory neither. No
 * event is kept, as in a long headless run.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import clockSync from '../../machines/clock-sync.ts';
import gossip from '../../machines/gossip.ts';
import { History } from '../../src/core/history.ts';
import type { Protocol } from '../../src/core/protocol.ts';
import { advanceWorld } from '../../src/core/run.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import type { World } from '../../src/core/world.ts';
import { createWorld } from '../../src/core/world-init.ts';
import { nodesOf, scenarioOf } from '../machines/drive.ts';
import { type Figure, median, perSecond } from './measure.ts';

const sizes = [100, 1000, 10_000] as const;
const eventsMeasured = 200_000;
const rounds = 5;

/** A protocol that goes on for ever, and when each of its nodes has come to do the same in every round. */
interface Subject {
  readonly protocol: Protocol;
  scenarioFor(nodes: number): Scenario;
  isSteady(world: World): boolean;
}
const untilMs = Number.MAX_SAFE_INTEGER;

/** All have heard: a call and an arrival a node and round. */
const rumour: Subject = {
  protocol: gossip,
  scenarioFor: (nodes) =>
    scenarioOf(
      gossip,
      nodesOf({ N: ['node', nodes] }),
      { rounds: 100_000 },
      { inputs: [{ atMs: 10, node: 'N1', input: 'tell', data: { rumour: 'news' } }], untilMs },
    ),
  isSteady: ({ costs, nodes }) => costs.curve.reduce((sum, added) => sum + added, 0) === nodes.length,
};

/** All have been set: Cristian's method, a question and an answer a node and round. */
const clocks: Subject = {
  protocol: clockSync,
  scenarioFor(nodes) {
    const clocks = Object.fromEntries(
      Array.from({ length: nodes - 1 }, (_, i) => [`P${i + 1}`, { offsetMs: (i % 41) * 100 - 2000, rate: 1 }]),
    );
    const all = nodesOf({ M: 'master', P: ['node', nodes - 1] });
    return scenarioOf(clockSync, all, { rounds: 1000, precision: 50 }, { clocks, untilMs });
  },
  isSteady: ({ properties }) =>
    properties.some(({ property, settledAt }) => property.name === 'clock-sync/synchronized' && settledAt !== null),
};

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

/** Every size does the same when the measuring begins. */
function measure(subject: Subject, nodes: number): Measured {
  const before = heapMegabytes();
  const world = createWorld(subject.scenarioFor(nodes), subject.protocol);
  while (!subject.isSteady(world)) advanceWorld(world);
  const rate = perSecond(eventsMeasured, () => {
    for (let i = 0; i < eventsMeasured; i++) advanceWorld(world);
  });
  const worldMegabytes = heapMegabytes() - before;
  return { perSecond: rate, worldMegabytes, pastMegabytes: withPast(subject, nodes) };
}

/** The same run as a headless session keeps it: with copies of the world and the latest events. */
function withPast(subject: Subject, nodes: number): number {
  const before = heapMegabytes();
  const world = createWorld(subject.scenarioFor(nodes), subject.protocol);
  const history = new History(world);
  for (let i = 0; i < eventsMeasured; i++) history.record(advanceWorld(world) ?? []);
  const after = heapMegabytes();
  return history.kept.copies > 0 ? after - before : 0;
}

export const benchScale = (): Figure[] => [rumour, clocks].flatMap(benchOne);

function benchOne(subject: Subject): Figure[] {
  measure(subject, 100);
  const measured = sizes.map((nodes) => {
    const taken = Array.from({ length: nodes > 1000 ? 2 : rounds }, () => measure(subject, nodes));
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
      name: `${subject.protocol.id}, ${nodes} nodes`,
      unit: 'events/s',
      aim: 'as many as with 100 nodes: at least half',
      value: rate,
      floor,
      ratio: rate / floor,
    },
    memory(
      `${subject.protocol.id}, ${nodes} nodes: the world`,
      (world * 1024) / nodes,
      'KB a node',
      'the same for any number of nodes',
    ),
    memory(
      `${subject.protocol.id}, ${nodes} nodes: with its past`,
      past,
      'MB',
      'bounded: below 500 MB after any number of events',
    ),
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
