/** The shape of `workload`: what clients ask, how often, without writing out every input. */
import { z } from 'zod';

/** Of a run with more operations every judgement of its history would take too long. */
export const mostOperations = 1000;

/** @param rate, duration the shapes of a rate and of a duration as they are written */
export const workloadShape = (rate: z.ZodType, duration: z.ZodType) =>
  z.strictObject({
    clients: z
      .array(z.string().min(1).max(200))
      .optional()
      .describe('who asks; left out: every node that takes one of the inputs'),
    operations: z.number().int().min(1).max(mostOperations).describe('how many there are, of all clients together'),
    mix: z
      .record(z.string(), z.number().min(0).max(1_000_000))
      .optional()
      .describe('inputs and their weights; left out: all that the clients take, with equal weights'),
    rate: rate.optional().describe('how many there are in a second, of all clients together, on average: 10/s'),
    from: duration.optional().describe('the first comes after this'),
  });

export interface RawWorkload {
  readonly clients?: readonly string[];
  readonly operations: number;
  readonly mix?: Readonly<Record<string, number>>;
  readonly rate?: unknown;
  readonly from?: unknown;
}
