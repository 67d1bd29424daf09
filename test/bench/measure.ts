/** What every benchmark returns, and how a figure is taken: the median of several rounds, floor and subject by turns. */
export interface Figure {
  readonly name: string;
  /** how much of `unit` the project reaches, and the floor measured in the same run (null: only the value counts) */
  readonly value: number;
  readonly floor: number | null;
  readonly unit: string;
  /** value / floor */
  readonly ratio: number | null;
  /** what we aim at, in words */
  readonly aim: string;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** Calls per second of `work`, which does `calls` of them. */
export function perSecond(calls: number, work: () => void): number {
  const start = performance.now();
  work();
  return (calls / (performance.now() - start)) * 1000;
}

/** Runs the two by turns, so that both meet the same noise; medians. */
export function byTurns(rounds: number, subject: () => number, floor: () => number): { value: number; floor: number } {
  const values: number[] = [];
  const floors: number[] = [];
  for (let i = 0; i < rounds; i++) {
    floors.push(floor());
    values.push(subject());
  }
  return { value: median(values), floor: median(floors) };
}

export const figure = (
  name: string,
  unit: string,
  aim: string,
  { value, floor }: { value: number; floor: number },
): Figure => ({
  name,
  unit,
  aim,
  value,
  floor,
  ratio: value / floor,
});
