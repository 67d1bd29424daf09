/**
 * The shape of a scenario file: which keys stand where, and what kind of value each takes. `scenario.schema.json` is
 * generated from it. What depends on the protocol or on other parts of the file (names, units, groups) is checked later.
 */
import { z } from 'zod';
import { challengeKeysAt, challengeShape } from './challenge-shape.ts';
import { behaviours, type FaultType, faultHelp } from './fault-names.ts';
import { lessonShape } from './lesson-shape.ts';
import {
  DURATION_PATTERN,
  LATENCY_PATTERN,
  OFFSET_PATTERN,
  OFFSETS_PATTERN,
  RATE_PATTERN,
  SPEEDS_PATTERN,
} from './quantities.ts';
import { workloadShape } from './workload-shape.ts';

/** Loose for the reader, which then says precisely what is wrong; exact for the editor that uses the schema. */
const quantity = (id: string, pattern: string, description: string) =>
  z.union([z.number(), z.string()]).meta({ id, anyOf: [{ const: 0 }, { type: 'string', pattern }], description });

const duration = quantity('duration', DURATION_PATTERN, 'a duration with its unit: 500ms, 1.5s, 2m');
const offset = quantity('offset', OFFSET_PATTERN, 'a duration with its unit, backwards with a minus: 300ms, -1s');
const latency = quantity('latency', LATENCY_PATTERN, '20ms, 20ms..60ms, normal(50ms, 10ms) or exponential(40ms)');
const rate = quantity('rate', RATE_PATTERN, 'how often: 10/s, 90/m');
const probability = z.number().min(0).max(1);
const name = z.string().min(1).max(200);
const names = z.array(name);
const text = z.string();
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const network = z.strictObject({
  latency: latency.optional(),
  order: z.enum(['unordered', 'fifo']).optional(),
  loss: probability.optional().describe('probability that a message is lost'),
  duplicate: probability.optional().describe('probability that a message arrives twice'),
  links: z
    .array(
      z.strictObject({
        from: name,
        to: name,
        latency: latency.optional(),
        loss: probability.optional(),
        duplicate: probability.optional(),
      }),
    )
    .optional()
    .describe('exceptions for single directed links'),
});

/** `P: { role: node, count: 100 }` is P1 to P100. */
const manyNodes = z.strictObject({ role: name, count: z.number().int().min(1).max(10_000) });

const clock = z.strictObject({
  offset: quantity('offsets', OFFSETS_PATTERN, 'how far it is ahead; behind with a minus; -2s..2s: drawn').optional(),
  rate: z
    .union([z.number(), z.string()])
    .meta({
      id: 'speeds',
      anyOf: [
        { type: 'number', minimum: 0.001, maximum: 1000 },
        { type: 'string', pattern: SPEEDS_PATTERN },
      ],
      description: '1 is true, 1.01 runs one percent fast; 0.99..1.01: drawn',
    })
    .optional(),
});

const moment = z
  .strictObject({
    node: name,
    sends: scalar.optional().describe('a message kind; `any`: every kind'),
    receives: scalar.optional().describe('a message kind; `any`: every kind'),
    enters: scalar.optional().describe('a state; `any`: every state'),
    decides: z.unknown().optional().describe('a value; `any`: every value'),
    nth: z.number().int().min(1).optional().describe('the how-manieth time, from 1'),
  })
  .meta({ id: 'moment', description: 'a moment of the protocol' });

/** What every field of a fault takes, wherever it appears. */
const faultFields: Readonly<Record<string, z.ZodType>> = {
  node: name,
  afterSends: z.number().int().min(1),
  offset,
  rate: z.number().min(0.001).max(1000),
  groups: z.array(names),
  drop: z.boolean(),
  from: name,
  to: name,
  message: z.number().int().min(1),
  values: z.record(z.string(), z.json()),
  kind: name,
  count: z.number().int().min(1),
  by: duration,
  behaviour: z.enum(behaviours),
  targets: names,
  kinds: names,
};
const neededFields: Readonly<Partial<Record<FaultType, readonly string[]>>> = {
  cut: ['from', 'to'],
  delay: ['by'],
  'deliver-now': ['message'],
  reorder: ['message'],
  corrupt: ['message', 'values'],
  partition: ['groups'],
  traitor: ['node', 'behaviour'],
};
const NODE_FAULTS: readonly FaultType[] = ['crash', 'restart', 'pause', 'resume', 'skew', 'honest'];

function faultShape(type: FaultType) {
  const { fields, about } = faultHelp[type];
  const needed = NODE_FAULTS.includes(type) ? ['node'] : (neededFields[type] ?? []);
  const shapes = Object.entries(fields).map(([field, help]) => {
    const shape = (faultFields[field] as z.ZodType).describe(help);
    return [field, needed.includes(field) ? shape : shape.optional()] as const;
  });
  return z
    .strictObject({
      at: duration.optional(),
      when: moment.optional(),
      do: z.literal(type),
      ...Object.fromEntries(shapes),
    })
    .meta({ description: about, anyOf: [{ required: ['at'] }, { required: ['when'] }] });
}

export const faultShapes = Object.fromEntries(
  (Object.keys(faultHelp) as FaultType[]).map((type) => [type, faultShape(type)]),
) as Readonly<Record<FaultType, ReturnType<typeof faultShape>>>;
const [firstFault, ...otherFaults] = Object.values(faultShapes) as [
  ReturnType<typeof faultShape>,
  ...ReturnType<typeof faultShape>[],
];

const input = z
  .object({
    at: duration.optional(),
    node: name,
    input: name,
    anytime: z.boolean().optional().describe('for `check`: on offer whenever the machine accepts it'),
  })
  .catchall(z.unknown());

/** The forms of an expectation, by the key that tells them apart. */
export const expectationShapes = {
  property: z.strictObject({ property: name, verdict: z.enum(['holds', 'violated', 'unknown', 'not reached']) }),
  blocked: z.strictObject({ blocked: names, before: duration.optional() }),
  decided: z.strictObject({ decided: z.record(z.string(), z.unknown()) }),
  reached: z.strictObject({ reached: z.strictObject({ node: name, state: name }) }),
  messages: z.strictObject({ messages: z.number().int().min(0), kind: name.optional() }),
};

const lesson = lessonShape('time', duration);
export const conditionForms = lesson.forms;

const bound = z.number().int().min(1).max(1_000_000_000);
export const constraintShape = z.strictObject({
  depth: bound.optional().describe('states on a shortest path from the start'),
  messages: bound.optional().describe('messages on their way'),
  perLink: bound.optional().describe('messages on their way on one link'),
  copies: bound.optional().describe('messages on their way on one link that say the same'),
  context: z
    .record(z.string(), z.number().int().min(0).max(1_000_000_000))
    .optional()
    .describe('of fields of contexts, `a.b` inside `a`: the greatest number, or the greatest length'),
});

const workload = workloadShape(rate, duration);

export const scenarioShape = z
  .strictObject({
    title: text.optional(),
    protocol: name.describe('an id of `havoc list protocols`, or the path of your own file'),
    summary: text.optional(),
    learn: text.optional().describe('the lesson: what to watch, what to try, what to ask yourself'),
    lesson: lesson.steps.optional(),
    topic: text.optional(),
    nodes: z
      .record(z.string(), z.union([name, manyNodes]))
      .describe('every node and its role; or many nodes of one role, numbered from 1'),
    model: z.enum(['asynchronous', 'synchronous']).optional(),
    bound: duration.optional().describe('the known bound on message delay, in the synchronous model'),
    failures: z.enum(['crash-stop', 'crash-recovery', 'fail-stop', 'omission', 'byzantine']).optional(),
    network: network.optional(),
    clocks: z
      .record(z.string(), clock)
      .optional()
      .describe('the clocks that are not true from the start, by node, or of all of `P: { role, count }`'),
    parameters: z.record(z.string(), z.unknown()).optional(),
    inputs: z.array(input).optional(),
    workload: workload.optional().describe('operations of clients, drawn from the seed, besides `inputs`'),
    faults: z.array(z.discriminatedUnion('do', [firstFault, ...otherFaults])).optional(),
    budget: z
      .record(z.string(), z.number().int().min(0).max(1_000_000))
      .optional()
      .describe('how often each fault may strike, for `check` and challenges'),
    expect: z.array(z.union(Object.values(expectationShapes))).optional(),
    until: duration.optional().describe('a headless run ends here when it has not become quiet before'),
    seed: z.number().int().min(0).optional(),
    challenge: challengeShape.optional(),
    valence: z.boolean().optional().describe('the screen shows from the start what can still be decided'),
    constraint: constraintShape
      .optional()
      .describe('bounds the space that `check` explores: what lies outside is left out'),
  })
  .describe('A scenario of havoc');

/** What an object in `nodes` must be. */
export const nodesForm = (): z.ZodType => manyNodes;

export type RawScenario = z.infer<typeof scenarioShape>;
export const momentKeys = ['sends', 'receives', 'enters', 'decides'] as const;

/** The keys that may stand in the part of a scenario at this path, which is now `part`; none where they are free. */
export function keysAt(path: readonly PropertyKey[], part: Readonly<Record<string, unknown>> = {}): string[] {
  const [top, , third] = path;
  if (path.length === 0) return Object.keys(scenarioShape.shape);
  if (top === 'network')
    return Object.keys(path.length === 1 ? network.shape : network.shape.links.unwrap().element.shape);
  if (top === 'nodes') return path.length === 2 ? Object.keys(manyNodes.shape) : [];
  if (top === 'constraint') return path.length === 1 ? Object.keys(constraintShape.shape) : [];
  if (top === 'workload') return path.length === 1 ? Object.keys(workload.shape) : [];
  if (top === 'clocks') return path.length === 2 ? Object.keys(clock.shape) : [];
  if (top === 'faults')
    return Object.keys(third === 'when' ? moment.shape : (faultShapes[part.do as FaultType]?.shape ?? {}));
  if (top === 'challenge') return challengeKeysAt(path, part);
  if (top === 'expect') return third === 'reached' ? ['node', 'state'] : expectationKeys(part);
  if (top === 'lesson') return Object.keys(path.length === 2 ? lesson.step.shape : (conditionForm(part)?.shape ?? {}));
  return [];
}

function expectationKeys(part: Readonly<Record<string, unknown>>): string[] {
  const form = expectationForm(part);
  return Object.keys(form === undefined ? expectationShapes : form.shape);
}

/** The form of an expectation that its key shows. */
export function expectationForm(part: Readonly<Record<string, unknown>>) {
  const key = Object.keys(expectationShapes).find((each) => Object.hasOwn(part, each));
  return key === undefined ? undefined : expectationShapes[key as keyof typeof expectationShapes];
}

/** The form of a condition that its key shows. */
export function conditionForm(part: Readonly<Record<string, unknown>>) {
  const key = Object.keys(conditionForms).find((each) => Object.hasOwn(part, each));
  return key === undefined ? undefined : conditionForms[key];
}
