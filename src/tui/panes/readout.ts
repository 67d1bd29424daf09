/** Beneath the diagram: what is asked of it, answered in words. The gravest comes first when there is not room for all. */
import type { TraceIndex } from '../diagram/trace-index.ts';
import { fit, type Line, line, piece } from '../text.ts';
import type { View } from '../view.ts';
import { comparisonLines } from './readout-compare.ts';
import { cutLines } from './readout-cut.ts';
import { selectionLines } from './readout-event.ts';
import { whyLines } from './readout-why.ts';

export function readoutLines(view: View, index: TraceIndex, room: number, rows: number): Line[] {
  const sections = [whyLines, cutLines, comparisonLines, selectionLines];
  const lines = sections.flatMap((section) => section(view, index, room - 2));
  const shown = lines.slice(0, rows).map((each) => line(' ', each));
  // what is missing is said, in the last line that there is
  const last = shown.at(-1);
  if (last !== undefined && lines.length > rows) {
    const words = piece(`  … ${lines.length - rows} more`, 'warn');
    shown[rows - 1] = line(fit(last, room - words.text.length), words);
  }
  return shown.map((each) => fit(each, room));
}
