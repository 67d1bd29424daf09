/** The shape of an assignment: a list of challenges, what each is worth, the salt of its instances, and when it is due. */
import { z } from 'zod';

/** an instant with its offset from UTC: `2026-10-01T23:59:00Z`, `2026-10-01T23:59+02:00` */
export const INSTANT_PATTERN = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}:\\d{2})$';
/** what can stand in a file's name on every system */
export const ID_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]*$';

const item = z.strictObject({
  challenge: z
    .string()
    .min(1)
    .max(1000)
    .describe("an id of `havoc list challenges`, or a file's path, relative to this one"),
  id: z
    .string()
    .max(100)
    .regex(new RegExp(ID_PATTERN))
    .optional()
    .describe("what files and columns are named by; usually the challenge's own name"),
  title: z.string().min(1).max(200).optional(),
  points: z.number().min(0).max(10_000).optional().describe("instead of the challenge's own"),
});

export const assignmentShape = z
  .strictObject({
    title: z.string().min(1).max(200),
    salt: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('what makes the instances of this year others than those of last year'),
    due: z.string().regex(new RegExp(INSTANT_PATTERN)).optional().describe('an instant: 2026-10-01T23:59:00Z'),
    challenges: z.array(item).min(1).max(100),
  })
  .meta({ title: 'An assignment of havoc', description: 'Challenges that are handed in and graded together' });

export type RawAssignment = z.infer<typeof assignmentShape>;

/** The text of `assignment.schema.json`, for editors. */
export const assignmentSchemaText = (): string =>
  `${JSON.stringify(z.toJSONSchema(assignmentShape, { io: 'input', reused: 'inline' }), null, 2)}\n`;
