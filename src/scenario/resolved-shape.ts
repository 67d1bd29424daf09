/** The shape of a `Scenario` as plain JSON, exactly as a recording's header holds it: no defaults, nothing unknown. */
import { z } from 'zod';
import { challengeShape } from './challenge-shape.ts';
import { type FaultType, faultHelp, msFields } from './fault-names.ts';
import { lessonShape } from './lesson-shape.ts';
import { LONGEST_MS } from './quantities.ts';
import { constraintShape, expectationShapes, faultShapes } from './shape.ts';

const ms = z.number().int().min(0).max(LONGEST_MS);
const name = z.string().min(1).max(200);
const probability = z.number().min(0).max(1);
const text = z.string().max(1024 * 1024);

const distribution = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), ms }),
  z.strictObject({ kind: z.literal('uniform'), minMs: ms, maxMs: ms }),
  z.strictObject({ kind: z.literal('normal'), meanMs: ms, deviationMs: ms }),
  z.strictObject({ kind: z.literal('exponential'), meanMs: ms }),
]);

/** The same fields as in YAML, with durations as numbers under their own names. */
function faultShape(type: FaultType) {
  const { at: _at, when: _when, do: _do, ...fields } = faultShapes[type].shape as Record<string, z.ZodType>;
  const shapes = Object.entries(fields).map(([field, shape]) => {
    const duration = msFields[field];
    if (duration === undefined) return [field, shape] as const;
    const number = field === 'offset' ? z.number().int().min(-LONGEST_MS).max(LONGEST_MS) : ms;
    return [duration, shape.safeParse(undefined).success ? number.optional() : number] as const;
  });
  return z.strictObject({ type: z.literal(type), ...Object.fromEntries(shapes) });
}
const [firstFault, ...otherFaults] = (Object.keys(faultHelp) as FaultType[]).map(faultShape) as [
  ReturnType<typeof faultShape>,
  ...ReturnType<typeof faultShape>[],
];
const fault = z.discriminatedUnion('type', [firstFault, ...otherFaults]);

const trigger = z.strictObject({
  node: name,
  on: z.enum(['sends', 'receives', 'enters', 'decides']),
  what: z.json(),
  nth: z.number().int().min(1),
});

export const resolvedShape = z.strictObject({
  name,
  title: text,
  protocol: name,
  topic: text,
  summary: text,
  learn: text,
  lesson: lessonShape('timeMs', ms).steps.optional(),
  nodes: z.record(z.string(), name),
  model: z.enum(['asynchronous', 'synchronous']),
  boundMs: ms.optional(),
  failures: z.enum(['crash-stop', 'crash-recovery', 'fail-stop', 'omission', 'byzantine']),
  network: z.strictObject({
    latency: distribution,
    order: z.enum(['unordered', 'fifo']),
    loss: probability,
    duplicate: probability,
    links: z
      .array(
        z.strictObject({
          from: name,
          to: name,
          latency: distribution.optional(),
          loss: probability.optional(),
          duplicate: probability.optional(),
        }),
      )
      .optional(),
  }),
  clocks: z
    .record(
      z.string(),
      z.strictObject({
        offsetMs: z.number().int().min(-LONGEST_MS).max(LONGEST_MS),
        rate: z.number().min(0.001).max(1000),
      }),
    )
    .optional(),
  parameters: z.record(z.string(), z.json()),
  inputs: z.array(
    z.strictObject({
      atMs: ms,
      node: name,
      input: name,
      data: z.record(z.string(), z.json()),
      anytime: z.boolean().optional(),
    }),
  ),
  faults: z.array(z.union([z.strictObject({ at: ms, fault }), z.strictObject({ when: trigger, fault })])),
  budget: z.record(z.string(), z.number().int().min(0).max(1_000_000)),
  expect: z.array(
    z.union([
      expectationShapes.property,
      z.strictObject({ blocked: z.array(name), beforeMs: ms.optional() }),
      expectationShapes.decided,
      expectationShapes.reached,
      expectationShapes.messages,
    ]),
  ),
  untilMs: ms,
  seed: z.number().int().min(0),
  challenge: challengeShape.optional(),
  valence: z.boolean().optional(),
  constraint: constraintShape.optional(),
});
