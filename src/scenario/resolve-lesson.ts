/** Turns the steps of a lesson into what the judge takes: full names of properties, durations in milliseconds. */

import type { Json } from '../core/json.ts';
import { type Condition, type LessonStep, momentNames, type SimpleCondition } from '../core/lesson.ts';
import type { Protocol } from '../core/protocol.ts';
import { parseDuration } from './quantities.ts';
import { fullPropertyName, type Take } from './resolve.ts';
import { resolveSomeParameters } from './resolve-parameters.ts';
import type { RawScenario } from './shape.ts';
import type { Path } from './yaml-document.ts';

type Raw = Readonly<Record<string, unknown>>;

export function resolveLesson(
  raw: NonNullable<RawScenario['lesson']>,
  protocol: Protocol,
  take: Take,
): readonly LessonStep[] {
  return raw.map((step, i) => {
    const { when, ...words } = step;
    return when === undefined
      ? words
      : { ...words, when: condition(when as Raw, protocol, ['lesson', i, 'when'], take) };
  });
}

function condition(raw: Raw, protocol: Protocol, path: Path, take: Take): Condition {
  for (const key of ['all', 'any'] as const) {
    const parts = raw[key] as readonly Raw[] | undefined;
    if (parts === undefined) continue;
    const resolved = parts.map((part, i) => simple(part, protocol, [...path, key, i], take));
    return key === 'all' ? { all: resolved } : { any: resolved };
  }
  return simple(raw, protocol, path, take);
}

function simple(raw: Raw, protocol: Protocol, path: Path, take: Take): SimpleCondition {
  const moment = momentNames.find((name) => Object.hasOwn(raw, name));
  if (moment !== undefined) {
    const what = (raw[moment] ?? null) as Json;
    return { ...raw, [moment]: what === 'any' ? null : what } as unknown as SimpleCondition;
  }
  for (const key of ['violated', 'achieved'] as const) {
    if (Object.hasOwn(raw, key)) return { [key]: fullPropertyName(raw[key] as string, protocol) } as never;
  }
  if (Object.hasOwn(raw, 'time')) return { timeMs: take(parseDuration(raw.time), [...path, 'time'], 0) };
  if (Object.hasOwn(raw, 'parameters')) {
    const given = raw.parameters as Raw;
    return { parameters: resolveSomeParameters(given, protocol, [...path, 'parameters'], take) };
  }
  return raw as unknown as SimpleCondition;
}
