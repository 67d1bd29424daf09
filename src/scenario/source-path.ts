/** Where in the YAML a part of the resolved scenario was written: the two differ in a few names and levels. */
import type { Scenario } from '../core/scenario.ts';
import { msFields } from './fault-names.ts';
import type { Path } from './yaml-document.ts';

const RENAMED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(msFields).map(([written, resolved]) => [resolved, written])),
  atMs: 'at',
  beforeMs: 'before',
  boundMs: 'bound',
  untilMs: 'until',
  timeMs: 'time',
};

export function sourcePath(path: Path, scenario: Scenario): Path {
  const [top, index, third, ...rest] = path;
  if (top === undefined || index === undefined || third === undefined) return path.map(written);
  if (top === 'faults' && third === 'fault') return [top, index, ...rest.map(written)];
  if (top === 'faults' && third === 'when' && rest[0] === 'what') {
    const scheduled = scenario.faults[Number(index)];
    return [top, index, third, scheduled !== undefined && 'when' in scheduled ? scheduled.when.on : 'what'];
  }
  if (top === 'inputs' && third === 'data') return [top, index, ...rest];
  return top === 'expect' || top === 'inputs' || top === 'lesson' ? path.map(written) : path;
}

const written = (step: string | number): string | number => (typeof step === 'string' ? (RENAMED[step] ?? step) : step);
