/** Durations and distributions as people write them: `20ms`, `1.5s`, `2m`, `20ms..60ms`, `normal(50ms, 10ms)`. */
import type { Distribution } from '../core/scenario.ts';
import { quote } from './errors.ts';

/** A value that could not be read: why, in words. */
export interface Wrong {
  readonly wrong: string;
}
export const isWrong = (value: unknown): value is Wrong =>
  typeof value === 'object' && value !== null && 'wrong' in value;

const NUMBER = String.raw`\d+(?:\.\d+)?`;
export const DURATION_PATTERN = `^(0|${NUMBER} ?(ms|s|m))$`;
export const OFFSET_PATTERN = `^[+-]?(0|${NUMBER} ?(ms|s|m))$`;
const SPAN = `(0|${NUMBER} ?(?:ms|s|m))`;
const OFFSET = `[+-]?(0|${NUMBER} ?(ms|s|m))`;
export const OFFSETS_PATTERN = `^${OFFSET}( ?[.][.] ?${OFFSET})?$`;
export const SPEEDS_PATTERN = `^${NUMBER}( ?[.][.] ?${NUMBER})?$`;
export const RATE_PATTERN = `^${NUMBER} ?/ ?(s|m)$`;
export const LATENCY_PATTERN = `^(${SPAN}|${SPAN} ?[.][.] ?${SPAN}|normal\\(${SPAN}, ?${SPAN}\\)|exponential\\(${SPAN}\\))$`;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };
/** eleven days: far beyond any run, and far within what sums of integers can hold */
export const LONGEST_MS = 1_000_000_000;

/** Whole milliseconds, 0 or more. A bare 0 needs no unit. */
export function parseDuration(raw: unknown): number | Wrong {
  if (raw === 0 || raw === '0') return 0;
  if (typeof raw === 'number') return { wrong: numberWithoutUnit(raw) };
  if (typeof raw !== 'string') return { wrong: `${quote(raw)} is no duration; write 500ms, 1.5s or 2m` };
  const text = raw.trim();
  const match = new RegExp(`^(${NUMBER}) ?([a-zA-Zµ]+)$`).exec(text);
  if (match === null) {
    if (/^-/.test(text)) return { wrong: `the duration ${quote(raw)} is negative; it must be 0 or more` };
    if (/^[\d.]+$/.test(text)) return { wrong: numberWithoutUnit(Number(text)) };
    return { wrong: `${quote(raw)} is no duration; write 500ms, 1.5s or 2m` };
  }
  const unit = UNIT_MS[match[2] as string];
  if (unit === undefined)
    return { wrong: `unknown unit ${quote(match[2])} in ${quote(raw)}; the units are ms, s and m` };
  return wholeMs(Number(match[1]) * unit, raw);
}

/** A duration that may point backwards: `-200ms`. */
export function parseOffset(raw: unknown): number | Wrong {
  if (typeof raw !== 'string' || !/^[+-]/.test(raw.trim())) return parseDuration(raw);
  const text = raw.trim();
  const size = parseDuration(text.slice(1).trim());
  return isWrong(size) || text[0] === '+' ? size : -size;
}

function wholeMs(value: number, raw: string): number | Wrong {
  if (!(value <= LONGEST_MS)) return { wrong: `the duration ${quote(raw)} is too long; at most ${LONGEST_MS}ms` };
  if (Math.abs(value - Math.round(value)) > 1e-6) {
    return { wrong: `the duration ${quote(raw)} is no whole number of milliseconds; time runs in steps of 1ms` };
  }
  return Math.round(value);
}

function numberWithoutUnit(value: number): string {
  if (value < 0) return `the duration ${value} is negative; it must be 0 or more`;
  return `the duration ${value} has no unit; did you mean ${value}ms or ${value}s?`;
}

/** A latency: one duration, a range, or a named distribution. */
export function parseDistribution(raw: unknown): Distribution | Wrong {
  if (typeof raw !== 'string') return constant(raw);
  const text = raw.trim();
  const range = text.split('..');
  if (range.length === 2) return uniform(range[0] as string, range[1] as string, raw);
  const call = /^([a-zA-Z]+)\s*\((.*)\)$/s.exec(text);
  return call === null ? constant(text) : named(call[1] as string, (call[2] as string).split(','), raw);
}

function constant(raw: unknown): Distribution | Wrong {
  const ms = parseDuration(raw);
  return isWrong(ms) ? ms : { kind: 'constant', ms };
}

function uniform(from: string, to: string, raw: string): Distribution | Wrong {
  const minMs = parseDuration(from.trim());
  if (isWrong(minMs)) return minMs;
  const maxMs = parseDuration(to.trim());
  if (isWrong(maxMs)) return maxMs;
  if (minMs > maxMs) return { wrong: `the range ${quote(raw)} runs backwards; write the smaller duration first` };
  return { kind: 'uniform', minMs, maxMs };
}

/** `-2s..2s`: from the one to the other, each read by `parse`. */
export function parseRange(raw: string, parse: (end: unknown) => number | Wrong): readonly [number, number] | Wrong {
  const ends = raw.split('..').map((end) => parse(end.trim()));
  for (const end of ends) if (isWrong(end)) return end;
  const [least, most, ...rest] = ends as number[];
  if (least === undefined || most === undefined || rest.length > 0) return { wrong: `${quote(raw)} is no range` };
  return least > most
    ? { wrong: `the range ${quote(raw)} runs backwards; write the smaller end first` }
    : [least, most];
}

/** How fast a clock runs: 1 is true. */
export function parseSpeed(raw: unknown): number | Wrong {
  const speed = typeof raw === 'string' && new RegExp(`^${NUMBER}$`).test(raw) ? Number(raw) : raw;
  if (typeof speed === 'number' && speed >= 0.001 && speed <= 1000) return speed;
  return { wrong: `${quote(raw)} is no rate of a clock; it is a number from 0.001 to 1000, and 1 is true` };
}

function named(name: string, parts: readonly string[], raw: string): Distribution | Wrong {
  const wanted = { normal: 2, exponential: 1 }[name];
  if (wanted === undefined || parts.length !== wanted) {
    return { wrong: `${quote(raw)} is no latency; write 20ms, 20ms..60ms, normal(50ms, 10ms) or exponential(40ms)` };
  }
  const [mean, deviation] = parts.map((part) => parseDuration(part.trim()));
  for (const part of [mean, deviation]) if (isWrong(part)) return part;
  return name === 'normal'
    ? { kind: 'normal', meanMs: mean as number, deviationMs: deviation as number }
    : { kind: 'exponential', meanMs: mean as number };
}

/** How often something happens: `10/s`, `90/m`. Gives the milliseconds from one to the next, on average. */
export function parseRate(raw: unknown): number | Wrong {
  if (typeof raw === 'number') return { wrong: `the rate ${raw} has no unit; did you mean ${raw}/s?` };
  const match = new RegExp(`^(${NUMBER}) ?/ ?(s|m)$`).exec(typeof raw === 'string' ? raw.trim() : '');
  if (match === null) return { wrong: `${quote(raw)} is no rate; write 10/s or 90/m` };
  const meanMs = (UNIT_MS[match[2] as string] as number) / Number(match[1]);
  if (meanMs <= LONGEST_MS) return meanMs;
  return { wrong: `the rate ${quote(raw)} is too low; it must be at least one in ${LONGEST_MS}ms` };
}
