/** What has just been said: in the last line, and, where it is longer than that, in those above it. */
import type { Toast } from '../store.ts';
import { firstLines, fit, type Line, line, piece } from '../text.ts';
import { type Style, symbols } from '../theme.ts';

const rowsMost = 4;
const tones: Readonly<Record<Toast['tone'], readonly [string, Style | undefined]>> = {
  good: [symbols.holds, 'good'],
  bad: [symbols.violated, 'bad'],
  plain: [symbols.cursor, undefined],
};

function toastLines({ text, tone }: Toast, room: number): Line[] {
  const [symbol, style] = tones[tone];
  return firstLines(text, room - 2, rowsMost).map((words, i) =>
    line(piece(i === 0 ? symbol : ' ', style), piece(` ${words}`, style)),
  );
}

/** What of it stands in the last line of the window. */
export const toastLine = (toast: Toast, room: number): Line => toastLines(toast, room).at(-1) ?? [];

/** The window's lines with the rest of it above the last one. */
export function withToast(lines: readonly Line[], toast: Toast | null, columns: number): Line[] {
  const above = toast === null ? [] : toastLines(toast, columns - 4).slice(0, -1);
  if (above.length === 0) return [...lines];
  const framed = above.map((words) => line(piece('│ ', 'dim'), fit(words, columns - 4), piece(' │', 'dim')));
  return [...lines.slice(0, -1 - above.length), ...framed, ...lines.slice(-1)];
}
