/** The shape of a lesson in a scenario file: its steps, and the forms that a condition can take, told by their keys. */
import { z } from 'zod';
import { momentNames, standings } from '../core/lesson.ts';
import { behaviours, type FaultType, faultHelp } from './fault-names.ts';

const name = z.string().min(1).max(200);
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const nth = z.number().int().min(1).optional().describe('the how-manieth time, from 1');
const faults = [...(Object.keys(faultHelp) as FaultType[]), 'any'] as const;

const momentHelp: Readonly<Record<(typeof momentNames)[number], string>> = {
  sends: 'a message kind; `any`: every kind',
  receives: 'a message kind; `any`: every kind',
  enters: 'a state; `any`: every state',
  decides: 'a value; `any`: every value',
  delivers: 'a value; `any`: every value',
};
const momentShapes: Readonly<Record<string, z.ZodObject>> = Object.fromEntries(
  momentNames.map((moment) => {
    const what = moment === 'decides' || moment === 'delivers' ? z.unknown() : scalar;
    return [moment, z.strictObject({ node: name, [moment]: what.describe(momentHelp[moment]), nth })];
  }),
);

/** What can be said of one event, by the key that tells it apart. */
export const happeningShapes: Readonly<Record<string, z.ZodObject>> = {
  ...momentShapes,
  fault: z.strictObject({
    fault: z.enum(faults).describe('a fault has struck; `any`: whatever it is'),
    node: name.optional(),
    behaviour: z.enum(behaviours).optional().describe('of a traitor'),
    by: z.enum(['person', 'script']).optional(),
  }),
  input: z.strictObject({ input: name, node: name.optional() }),
};

/** The forms, by the key that tells them apart. */
const conditionShapes = (time: string, duration: z.ZodType): Readonly<Record<string, z.ZodType>> => ({
  ...happeningShapes,
  is: z.strictObject({ node: name, is: z.enum(standings) }),
  in: z.strictObject({ node: name, in: name.describe('the state that it is in') }),
  blocked: z.strictObject({ blocked: z.array(name).describe('all of these are blocked') }),
  decided: z.strictObject({ decided: z.record(z.string(), z.unknown()).describe('null: undecided') }),
  violated: z.strictObject({ violated: name.describe('a property') }),
  achieved: z.strictObject({ achieved: name.describe('a property that was reached, or has come about') }),
  quiet: z.strictObject({ quiet: z.literal(true).describe('nothing is left to happen') }),
  [time]: z.strictObject({ [time]: duration }),
  bound: z.strictObject({ bound: z.literal('exceeded').describe('more nodes are faulty than the protocol stands') }),
  parameters: z.strictObject({ parameters: z.record(z.string(), z.unknown()) }),
  branched: z.strictObject({ branched: z.literal(true).describe('the run has gone back and on another way') }),
  viewing: z.strictObject({ viewing: z.enum(['past', 'present']) }),
  inspecting: z.strictObject({ inspecting: name.describe('the details of this node are open') }),
});

/** `time` is the key of a moment in virtual time, and `duration` what it takes: a text in YAML, a number once resolved. */
export function lessonShape(time: string, duration: z.ZodType) {
  const shapes = conditionShapes(time, duration);
  const simple = z.union(Object.values(shapes)).meta({ id: 'condition', description: 'what a step waits for' });
  const list = z.array(simple).min(1);
  const all = z.strictObject({ all: list.describe('each of these, one after the other or at once') });
  const any = z.strictObject({ any: list.describe('one of these') });
  const forms: Readonly<Record<string, z.ZodType & { shape?: object }>> = { ...shapes, all, any };
  const step = z.strictObject({
    do: z.string().min(1).max(2000).describe('what to do; the first sentence stands on the stage'),
    when: z.union([simple, all, any]).optional().describe('when it is done; left out: when the reader goes on'),
    ask: z.string().min(1).max(2000).optional().describe('a question on what has been seen'),
    answer: z.string().min(1).max(4000).optional(),
  });
  return {
    steps: z.array(step).max(100).describe('steps that teach the matter, ticked as they are done'),
    step,
    forms,
  };
}
