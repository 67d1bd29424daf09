/** Writes scenario.schema.json anew from the code: `node scripts/schema.mjs`. A test checks that it is current. */
import { writeFileSync } from 'node:fs';
import { scenarioSchemaText } from '../src/scenario/json-schema.ts';

writeFileSync(new URL('../scenario.schema.json', import.meta.url), scenarioSchemaText());
