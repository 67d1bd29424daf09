/** Writes the schemas of scenarios and assignments anew from the code: `node scripts/schema.mjs`. Tests check that they are current. */
import { writeFileSync } from 'node:fs';
import { assignmentSchemaText } from '../src/grade/assignment-shape.ts';
import { scenarioSchemaText } from '../src/scenario/json-schema.ts';

writeFileSync(new URL('../scenario.schema.json', import.meta.url), scenarioSchemaText());
writeFileSync(new URL('../assignment.schema.json', import.meta.url), assignmentSchemaText());
