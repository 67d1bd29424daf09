/** havoc's own format: everything that is known. */
import type { Results } from '../results.ts';

export const jsonOf = (results: Results): string => `${JSON.stringify(results, null, 2)}\n`;
