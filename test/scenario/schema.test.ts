import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { faultHelp } from '../../src/core/faults.ts';
import { scenarioSchemaText } from '../../src/scenario/json-schema.ts';

const committed = readFileSync(new URL('../../scenario.schema.json', import.meta.url), 'utf8');

test('scenario.schema.json is what the code generates', () => {
  assert.ok(committed === scenarioSchemaText(), 'run: node scripts/schema.mjs');
});

test('the schema knows every fault and refuses unknown keys', () => {
  const schema = JSON.parse(committed);
  const faults = schema.properties.faults.items.oneOf as { properties: { do: { const: string } } }[];
  assert.deepEqual(
    faults.map((fault) => fault.properties.do.const),
    Object.keys(faultHelp),
  );
  assert.equal(schema.additionalProperties, false);
  assert.deepEqual(schema.required, ['protocol', 'nodes']);
});
