/** Writes the generated parts of the documentation anew: `npm run docs`. A test checks that they are current. */
import { writeFileSync } from 'node:fs';
import { generatedDocs } from '../src/cli/docs.ts';

for (const [file, text] of Object.entries(await generatedDocs()))
  writeFileSync(new URL(`../${file}`, import.meta.url), text);
