/** Hands seeds to threads until it is told to stop, and adds up what they found. */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { type Field, subjectsIn } from './case.ts';
import type { Variant } from './evidence.ts';
import type { Stretch, Tally } from './thread.ts';
import type { Finding } from './trial.ts';

export interface SoakOptions {
  readonly field: Field;
  /** the first seed */
  readonly seed: number;
  /** at most so many runs */
  readonly runs: number;
  readonly threads: number;
  /** asked before every stretch of seeds */
  readonly isOver: () => boolean;
  /** told after every stretch */
  readonly onProgress?: (sum: Soaked) => void;
}

export interface Soaked {
  readonly runs: number;
  readonly events: number;
  readonly live: number;
  readonly findings: readonly Finding[];
  readonly variants: readonly AttackedVariant[];
}
export interface AttackedVariant extends Pick<Variant, 'protocol' | 'parameters' | 'breaks' | 'isShown'> {
  readonly tried: number;
  readonly caught: number;
}

/** long enough to keep a thread busy, short enough to end soon after the time is over */
const stretchMost = 20;

/** Seeds from `seed` on, without a gap. Rejects when a thread is lost. */
export async function soak(options: SoakOptions): Promise<Soaked> {
  const { field, threads, isOver, onProgress } = options;
  const sum = startSum(field);
  let next = options.seed;
  const end = options.seed + options.runs;
  const takeStretch = (): Stretch | null => {
    if (next >= end || isOver()) return null;
    const from = next;
    next = Math.min(end, from + stretchMost);
    return { from, count: next - from };
  };
  const useful = Math.max(1, Math.min(threads, Math.ceil(options.runs / stretchMost)));
  await Promise.all(
    Array.from({ length: useful }, () =>
      driveThread(field, takeStretch, (tally) => {
        add(sum, tally);
        onProgress?.(sum);
      }),
    ),
  );
  sum.findings.sort((a, b) => a.seed - b.seed);
  return sum;
}

interface Sum extends Soaked {
  runs: number;
  events: number;
  live: number;
  readonly findings: Finding[];
  readonly variants: { -readonly [K in keyof AttackedVariant]: AttackedVariant[K] }[];
}

const startSum = ({ variants }: Field): Sum => ({
  runs: 0,
  events: 0,
  live: 0,
  findings: [],
  variants: variants.map(({ protocol, parameters, breaks, isShown }) => ({
    protocol,
    parameters,
    breaks,
    isShown,
    tried: 0,
    caught: 0,
  })),
});

function add(sum: Sum, { stretch, events, live, findings, attacks }: Tally): void {
  sum.runs += stretch.count;
  sum.events += events;
  sum.live += live;
  sum.findings.push(...findings);
  sum.variants.forEach((variant, place) => {
    variant.tried += attacks[place]?.tried ?? 0;
    variant.caught += attacks[place]?.caught ?? 0;
  });
}

/** Beside this file: as source in development, as a bundle of its own (perhaps one folder up from a chunk) when built. */
function threadEntry(): URL {
  if (import.meta.url.endsWith('.ts')) return new URL('./thread.ts', import.meta.url);
  const beside = new URL('./soak-thread.js', import.meta.url);
  return existsSync(beside) ? beside : new URL('../soak-thread.js', import.meta.url);
}

function driveThread(field: Field, takeStretch: () => Stretch | null, onTally: (tally: Tally) => void): Promise<void> {
  const thread = new Worker(threadEntry(), { workerData: field, name: 'soak', execArgv: [] });
  return new Promise((resolve, reject) => {
    const goOn = (): void => {
      const stretch = takeStretch();
      if (stretch === null) void thread.terminate().then(() => resolve());
      else thread.postMessage(stretch);
    };
    thread.on('message', (tally: Tally) => {
      onTally(tally);
      goOn();
    });
    thread.on('error', reject);
    goOn();
  });
}

/** Each protocol and each wrong variant had its turn this often. */
export const roundsOf = (field: Field, runs: number): number => Math.floor(runs / subjectsIn(field));
