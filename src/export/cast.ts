/**
 * The screen over time, as a terminal recording that asciinema plays (asciicast, version 2). The same recording gives the
 * same file: the frames are those of a terminal of the given size, and the time is the run's own, at a speed.
 */
import type { World } from '../core/world.ts';
import { safe } from '../tui/format.ts';

/** The lines of one moment, as a terminal gets them, and when it is, in virtual ms. */
export interface Frame {
  readonly atMs: number;
  readonly lines: readonly string[];
}

export interface CastOptions {
  readonly columns: number;
  readonly rows: number;
  /** virtual milliseconds per millisecond */
  readonly speed: number;
}

/** nobody wants to look longer at what does not change */
const idleMost = 2;

export async function* castText(
  { scenario }: World,
  frames: AsyncIterable<Frame>,
  { columns, rows, speed }: CastOptions,
): AsyncGenerator<string> {
  const header = {
    version: 2,
    width: columns,
    height: rows,
    title: safe(scenario.title),
    idle_time_limit: idleMost,
    env: { TERM: 'xterm-256color' },
  };
  yield `${JSON.stringify(header)}\n`;
  let shown: readonly string[] = [];
  for await (const { atMs, lines } of frames) {
    const output = shown.length === 0 ? `\u001b[?25l\u001b[2J${changes([], lines)}` : changes(shown, lines);
    shown = lines;
    if (output !== '') yield `${JSON.stringify([Number((atMs / speed / 1000).toFixed(3)), 'o', output])}\n`;
  }
}

/** What to write over the lines before: only those that are others. */
const changes = (before: readonly string[], now: readonly string[]): string =>
  now.map((line, i) => (line === before[i] ? '' : `\u001b[${i + 1};1H${line}\u001b[0m\u001b[K`)).join('');
