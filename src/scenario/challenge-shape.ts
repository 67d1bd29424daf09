/** The shape of a challenge in a scenario file: its points and budget, and the forms that a goal can take, told by their keys. */
import { z } from 'zod';
import { difficulties } from '../core/challenge.ts';
import { happeningShapes } from './lesson-shape.ts';

const name = z.string().min(1).max(200);
const times = z.number().int().min(0).max(1_000_000);
type Form = z.ZodObject;

const bounds = {
  'at-least': times.optional(),
  'at-most': times.optional(),
  exactly: times.optional(),
};
const count = z.strictObject({
  messages: name.optional().describe('a message kind; `any`: every kind'),
  field: name.optional().describe('how many different values this field has in them: views, ballots, terms'),
  enters: name.optional().describe('a state: how often it is entered'),
  node: name.optional().describe('by this node alone'),
  ...bounds,
});

const goal: z.ZodType = z
  .lazy(() => z.union(Object.values(goalForms)))
  .meta({ id: 'goal', description: 'what must come about; see docs/challenges.md' });
const occasion: z.ZodType = z
  .lazy(() => z.union(Object.values(occasionForms)))
  .meta({ id: 'occasion', description: 'a goal, or something that happens' });
const happening: z.ZodType = z.union(Object.values(happeningShapes)).meta({ id: 'happening' });
const goals = z.array(goal).min(1).max(50);

/** By the key that tells them apart. */
const goalForms: Readonly<Record<string, Form>> = {
  violated: z.strictObject({ violated: name.describe('a property') }),
  holds: z.strictObject({ holds: name.describe('a property') }),
  reached: z.strictObject({ reached: z.strictObject({ node: name, state: name }) }),
  decided: z.strictObject({
    decided: z.record(z.string(), z.unknown()).describe('by node; null: undecided, `any`: whatever it is'),
  }),
  blocked: z.strictObject({ blocked: z.array(name).min(1).describe('when nothing is left to happen') }),
  count: z.strictObject({ count }),
  concurrent: z.strictObject({ concurrent: z.tuple([happening, happening]) }),
  cut: z.strictObject({
    cut: z.enum(['consistent', 'inconsistent']).describe('the cut that is handed in'),
    crossing: z.strictObject(bounds).optional().describe('messages in its channels'),
  }),
  'bivalent-for': z.strictObject({ 'bivalent-for': z.number().int().min(1).max(100_000) }),
  all: z.strictObject({ all: goals }),
  any: z.strictObject({ any: goals }),
  not: z.strictObject({ not: goal }),
  before: z.strictObject({ before: z.tuple([occasion, occasion]) }),
  after: z.strictObject({ after: z.tuple([occasion, occasion]) }),
};
const occasionForms: Readonly<Record<string, Form>> = { ...goalForms, ...happeningShapes };

export const challengeShape = z
  .strictObject({
    points: z.number().min(0).max(1_000_000).describe('for whoever meets the goal within the budget'),
    goal,
    budget: z
      .record(z.string(), z.union([times, z.literal('any')]))
      .optional()
      .describe('how often a person may do what; what is not named is not allowed'),
    bonus: z
      .strictObject({
        'fewest-faults': z.number().min(0).max(1_000_000).describe('points more'),
        par: times.optional().describe('for at most so many faults; 1 when left out'),
      })
      .optional(),
    instance: z.enum(['per-student']).optional().describe('everybody has a seed of their own'),
    variants: z
      .array(z.record(z.string(), z.unknown()))
      .min(2)
      .max(100)
      .optional()
      .describe('what else differs: one of these changes of the scenario, each a mapping of paths to values'),
    salt: z.string().max(200).optional(),
    answer: z.enum(['possible', 'impossible']).optional().describe('left out: for a search to say'),
    argument: z.string().min(1).max(2000).optional().describe('why it is impossible: shown to whoever has said so'),
    difficulty: z.enum(difficulties).optional(),
    pair: name.optional().describe('the challenge that is its counterpart'),
    hints: z.array(z.string().min(1).max(2000)).max(20).optional(),
  })
  .meta({ id: 'challenge', description: 'a goal, a budget of faults, and points' });

type Place = 'goal' | 'occasion' | 'happening';

/** What stands at this path of a scenario, when it is a goal or a part of one; null: something else. */
function placeAt(path: readonly PropertyKey[]): Place | null {
  if (path[0] !== 'challenge' || path[1] !== 'goal') return null;
  let place: Place = 'goal';
  for (let i = 2; i < path.length; i++) {
    const step = path[i];
    if (step === 'not') place = 'goal';
    else if (step === 'all' || step === 'any' || step === 'before' || step === 'after' || step === 'concurrent') {
      i += 1;
      if (typeof path[i] !== 'number') return null;
      place = step === 'all' || step === 'any' ? 'goal' : step === 'concurrent' ? 'happening' : 'occasion';
    } else return null;
  }
  return place;
}

/** The forms of a goal, or of a part of one, at this path of a scenario; null: none stands there. */
export function goalFormsAt(path: readonly PropertyKey[]): Readonly<Record<string, Form>> | null {
  const place = placeAt(path);
  if (place === null) return null;
  return place === 'goal' ? goalForms : place === 'occasion' ? occasionForms : happeningShapes;
}

/** The form that its key shows. */
export function goalForm(path: readonly PropertyKey[], part: Readonly<Record<string, unknown>>): Form | undefined {
  const forms = goalFormsAt(path) ?? {};
  const key = Object.keys(forms).find((each) => Object.hasOwn(part, each));
  return key === undefined ? undefined : forms[key];
}

/** The keys that may stand at this path of a challenge, where `part` is now. */
export function challengeKeysAt(path: readonly PropertyKey[], part: Readonly<Record<string, unknown>>): string[] {
  const last = path.at(-1);
  if (path.length === 1) return Object.keys(challengeShape.shape);
  if (last === 'bonus') return ['fewest-faults', 'par'];
  if (last === 'count') return Object.keys(count.shape);
  if (last === 'crossing') return Object.keys(bounds);
  if (last === 'reached') return ['node', 'state'];
  const form = goalForm(path, part);
  return form === undefined ? Object.keys(goalFormsAt(path) ?? {}) : Object.keys(form.shape);
}
