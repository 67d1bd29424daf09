/** What a person hands in beside the run: claims, as a recording has them. */
import type { Claim } from '../core/challenge.ts';
import { limits, type Recording } from './format.ts';
import { type Fields, integerAt, Misshape, oneOf, onlyKeys } from './shape.ts';

/** All of them, in the order of the file. */
export const claimsIn = ({ entries }: Pick<Recording, 'entries'>): Claim[] =>
  entries.flatMap((entry) => (entry.kind === 'claim' ? [entry.claim] : []));

/** @param nodes how many the scenario has: a cut names a place for each */
export function readClaim(fields: Fields, nodes: number): Claim {
  if (fields.cut === undefined) {
    onlyKeys(fields, 'claim', ['answer']);
    return { answer: oneOf(fields.answer, 'claim.answer', 'answer', ['cannot', 'can']) as 'cannot' | 'can' };
  }
  onlyKeys(fields, 'claim', ['cut']);
  const { cut } = fields;
  if (!Array.isArray(cut) || cut.length !== nodes)
    throw new Misshape('claim.cut', `a cut names one place for each of the ${nodes} nodes`);
  return {
    cut: cut.map((_, node) => integerAt(cut as unknown as Fields, 'claim.cut', String(node), 0, limits.events)),
  };
}
