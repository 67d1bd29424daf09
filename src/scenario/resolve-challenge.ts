/** Turns a challenge into what the judge takes: full names of properties, a budget, null for `any` in what happens. */
import type { Challenge } from '../core/challenge.ts';
import type { Goal, Occasion } from '../core/challenge-goal.ts';
import type { Json } from '../core/json.ts';
import { isHappening, momentNames } from '../core/lesson.ts';
import type { Protocol } from '../core/protocol.ts';
import { fullPropertyName } from './resolve.ts';
import type { RawScenario } from './shape.ts';

type Raw = Readonly<Record<string, unknown>>;

export function resolveChallenge(raw: NonNullable<RawScenario['challenge']>, protocol: Protocol): Challenge {
  // a scenario is one of the variants, or the file as it stands
  const { variants: _, ...own } = raw;
  return { ...(own as unknown as Challenge), goal: resolveGoal(own.goal as Raw, protocol), budget: own.budget ?? {} };
}

function resolveGoal(raw: Raw, protocol: Protocol): Goal {
  for (const key of ['violated', 'holds'] as const)
    if (Object.hasOwn(raw, key)) return { [key]: fullPropertyName(raw[key] as string, protocol) } as unknown as Goal;
  if (Object.hasOwn(raw, 'not')) return { not: resolveGoal(raw.not as Raw, protocol) };
  for (const key of ['all', 'any', 'before', 'after', 'concurrent'] as const) {
    const parts = raw[key] as readonly Raw[] | undefined;
    if (parts !== undefined) return { [key]: parts.map((part) => resolvePart(part, protocol)) } as unknown as Goal;
  }
  return raw as unknown as Goal;
}

function resolvePart(raw: Raw, protocol: Protocol): Occasion {
  if (!isHappening(raw as never)) return resolveGoal(raw, protocol);
  const moment = momentNames.find((name) => Object.hasOwn(raw, name));
  if (moment === undefined) return raw as unknown as Occasion;
  const what = (raw[moment] ?? null) as Json;
  return { ...raw, [moment]: what === 'any' ? null : what } as unknown as Occasion;
}
