/** A protocol's curve as text: one bar an interval, the longest as wide as there is room. */
import type { CurveReport } from '../core/report.ts';
import { safe } from '../tui/format.ts';

const barMax = 50;
/** of a longer curve only every second point is shown, or every third ... */
const rowsMax = 40;

export function curveRows({ points, interval }: CurveReport): string[] {
  const most = Math.max(1, ...points);
  const step = Math.ceil(points.length / rowsMax);
  const shown = points.flatMap((value, at) => (at % step === 0 || at === points.length - 1 ? [{ value, at }] : []));
  const width = String(points.length - 1).length;
  return shown.map(({ value, at }) => {
    const bar = '█'.repeat(value === 0 ? 0 : Math.max(1, Math.round((value / most) * barMax)));
    return `${safe(interval)} ${String(at).padStart(width)}  ${bar}${bar === '' ? '' : ' '}${value}`;
  });
}
