/** havoc's own format: everything that is known. */
import { printableJson } from '../../core/printable.ts';
import type { Results } from '../results.ts';

export const jsonText = (value: unknown): string => `${printableJson(value, 2)}\n`;

export const jsonOf = (results: Results): string => jsonText(results);
