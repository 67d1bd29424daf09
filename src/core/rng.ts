/**
 * Seeded random streams, one a purpose, so that one more draw in one does not shift the others. A stream's state is
 * part of the world: it is cloned with it and counted in its digest.
 */
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

export type StreamName = 'latency' | 'loss' | 'duplication' | 'traitor';
const names: readonly StreamName[] = ['latency', 'loss', 'duplication', 'traitor'];
export type Streams = Readonly<Record<StreamName, RandomGenerator>>;

/** FNV-1a over the stream's name, so that streams of one seed differ. */
function nameHash(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash | 0;
}

/** @param seed any safe integer; all of its 53 bits count */
export function createStreams(seed: number): Streams {
  return {
    latency: namedStream(seed, 'latency'),
    loss: namedStream(seed, 'loss'),
    duplication: namedStream(seed, 'duplication'),
    traitor: namedStream(seed, 'traitor'),
  };
}

/** The stream of this name; those of other names of the same seed have nothing to do with it. */
export function namedStream(seed: number, name: string): RandomGenerator {
  const high = Math.floor(seed / 0x100000000) | 0;
  const low = seed | 0;
  return warm(xoroshiro128plusFromState([low, high, nameHash(name), ~low ^ Math.imul(high, 0x9e3779b1)]));
}

/** The first outputs of nearby states are alike: skip them. */
function warm(stream: RandomGenerator): RandomGenerator {
  for (let i = 0; i < 16; i++) stream.next();
  return stream;
}

export function cloneStreams(streams: Streams): Streams {
  return {
    latency: streams.latency.clone(),
    loss: streams.loss.clone(),
    duplication: streams.duplication.clone(),
    traitor: streams.traitor.clone(),
  };
}

export const streamStates = (streams: Streams): Record<string, readonly number[]> =>
  Object.fromEntries(names.map((name) => [name, [...streams[name].getState()]]));

/** A real number in [0, 1), 32 bits fine. */
export const nextUnit = (stream: RandomGenerator): number => (stream.next() >>> 0) / 0x100000000;

/** An integer in [min, max], both included. */
export function nextInteger(stream: RandomGenerator, min: number, max: number): number {
  if (max <= min) return min;
  return min + Math.floor(nextUnit(stream) * (max - min + 1));
}

export const pick = <T>(stream: RandomGenerator, from: readonly T[]): T | undefined =>
  from.length === 0 ? undefined : from[nextInteger(stream, 0, from.length - 1)];

/** Kept for callers that need a stream outside a world: schedules of tests, instances of challenges. */
export const streamOf = (seed: number): RandomGenerator => warm(xoroshiro128plus(seed | 0));
