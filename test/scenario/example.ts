/** The scenario of the documentation, over the small protocol of the fixtures, and ways to read variants of it. */
import { readFileSync } from 'node:fs';
import type { Scenario } from '../../src/core/scenario.ts';
import { ScenarioError } from '../../src/scenario/errors.ts';
import { type LoadOptions, resolveScenarioText } from '../../src/scenario/load.ts';
import vote from '../fixtures/vote-protocol.ts';

export const example = readFileSync(new URL('../fixtures/vote-scenario.yaml', import.meta.url), 'utf8');

const options: LoadOptions = { loadProtocol: async () => vote };

export const read = async (text: string, overrides: readonly string[] = [], instance?: number): Promise<Scenario> =>
  (await resolveScenarioText(text, 'my.yaml', { ...options, overrides, instance })).scenario;

/** The mistakes of a text, one line each; fails when there are none, or when something else is thrown. */
export async function mistakesIn(text: string, overrides: readonly string[] = []): Promise<string[]> {
  try {
    await read(text, overrides);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.errors.map(({ line, column, what }) => (line === null ? what : `${line}:${column}: ${what}`));
  }
  throw new Error('this was accepted');
}

/** The example with one part replaced, which must be in it. */
export function variant(part: string, by: string): string {
  if (!example.includes(part)) throw new Error(`the example has no ${part}`);
  return example.replace(part, by);
}
