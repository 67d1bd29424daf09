/** The JSON schema of scenario files, for editors: generated from the shape that reads them, so that both agree. */
import { z } from 'zod';
import { scenarioShape } from './shape.ts';

/** The text of `scenario.schema.json`. */
export function scenarioSchemaText(): string {
  const schema = z.toJSONSchema(scenarioShape, {
    io: 'input',
    reused: 'inline',
    override: ({ jsonSchema }) => {
      // `anyOf` says it more exactly, see `quantity` in shape.ts
      if (jsonSchema.anyOf !== undefined && Array.isArray(jsonSchema.type)) delete jsonSchema.type;
    },
  });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
