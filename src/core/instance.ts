/** Which challenge a recording belongs to, and whose: every student can have an instance of their own, by its seed. */
import { createHash, hash } from 'node:crypto';
import { canonicalJson } from './json.ts';
import type { Scenario } from './scenario.ts';

/**
 * The seed of a student's instance: the first 8 bytes of SHA-256 over three texts in UTF-8, each followed by a zero
 * byte: salt, the challenge's id, the student's id. They are read as a big-endian number, of which the lower 53 bits
 * are the seed: a safe integer from 0.
 */
export function instanceSeed(salt: string, challenge: string, student: string): number {
  const digest = createHash('sha256');
  for (const text of [salt, challenge, student]) digest.update(text, 'utf8').update('\0');
  return Number(digest.digest().readBigUInt64BE(0) & ((1n << 53n) - 1n));
}

/** How a recording names its challenge: the scenario with everything in it, but for the seed, which differs by student. */
export interface ChallengeMark {
  readonly id: string;
  readonly sha256: string;
}

/** Null: the scenario is no challenge. */
export function challengeMark(scenario: Scenario): ChallengeMark | null {
  if (scenario.challenge === undefined) return null;
  return { id: scenario.name, sha256: hash('sha256', canonicalJson({ ...scenario, seed: 0 }), 'hex') };
}
