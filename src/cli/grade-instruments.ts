/** What grading borrows from other rooms: the drawing of the diagram. */
import type { Instruments } from '../grade/grade-recording.ts';
import { drawExcerpt } from './excerpt.ts';

export const instruments = (): Instruments => ({ draw: drawExcerpt });
