import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ScenarioError } from '../../src/scenario/errors.ts';
import { resolveScenarioText } from '../../src/scenario/load.ts';
import { parseResolvedScenario } from '../../src/scenario/resolved.ts';
import { decodeText } from '../../src/scenario/text-file.ts';
import vote from '../fixtures/vote-protocol.ts';
import { example, read } from './example.ts';

/** Reads it, or says in one line why not: nothing else may happen. */
async function survives(bytes: Uint8Array): Promise<void> {
  try {
    await resolveScenarioText(decodeText(bytes, 'f.yaml'), 'f.yaml', { loadProtocol: async () => vote });
  } catch (error) {
    assert.ok(error instanceof ScenarioError, String((error as Error).stack));
    for (const line of error.errors) assert.doesNotMatch(line.what, /undefined|\[object|NaN/);
    assert.doesNotMatch(error.message, /[\n\r\x1b]/);
  }
}

const bytes = Buffer.from(example);

test('a scenario cut off at any byte is read or refused in one line', async () => {
  for (let length = 0; length <= bytes.length; length++) await survives(bytes.subarray(0, length));
});

test('a scenario with changed bytes is read or refused in one line', async () => {
  const change = fc.record({ at: fc.nat(bytes.length - 1), to: fc.integer({ min: 0, max: 255 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const mutated = Buffer.from(bytes);
      for (const { at, to } of changes) mutated[at] = to;
      return survives(mutated);
    }),
    { numRuns: 1500 },
  );
});

test('a scenario with any value in any place is read or refused in one line', async () => {
  const tops = example.split('\n').flatMap((line) => /^\w+/.exec(line) ?? []);
  const value = fc.jsonValue({ maxDepth: 4 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...tops), value, fc.boolean(), (top, replaced, inList) => {
      const lines = example.split('\n');
      const at = lines.findIndex((line) => line.startsWith(top));
      const json = JSON.stringify(inList ? [replaced] : replaced);
      const rest = lines.slice(at + 1).findIndex((line) => /^\w/.test(line));
      return survives(
        Buffer.from(
          [...lines.slice(0, at), `${top}: ${json}`, ...(rest < 0 ? [] : lines.slice(at + 1 + rest))].join('\n'),
        ),
      );
    }),
    { numRuns: 1000 },
  );
});

test('a resolved scenario with any value in any place is accepted or refused in one line', async () => {
  const scenario = await read(example);
  const paths: (string | number)[][] = [];
  const walk = (value: unknown, path: (string | number)[]): void => {
    if (path.length > 0) paths.push(path);
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) walk((value as Record<string, unknown>)[key], [...path, key]);
  };
  walk(scenario, []);
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 3 }), (path, value) => {
      const copy = JSON.parse(JSON.stringify(scenario));
      let inner = copy;
      for (const step of path.slice(0, -1)) inner = inner[step];
      inner[path.at(-1) as string] = value;
      try {
        parseResolvedScenario(copy, 'r');
      } catch (error) {
        assert.ok(error instanceof ScenarioError, String((error as Error).stack));
      }
    }),
    { numRuns: 1000 },
  );
});
