/**
 * Keeps recordings that every later version must grade as this one does, or refuse by name: `npm run keep-graded`. They
 * stand in a folder of the engine's revision; run it when that has been raised, and leave the older folders as they are.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { engineVersion } from '../src/core/version.ts';
import { keepGraded } from '../test/grade/kept.ts';

const folder = fileURLToPath(new URL(`../test/recordings/graded/${engineVersion}/`, import.meta.url));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
console.log((await keepGraded(folder)).join('\n'));
