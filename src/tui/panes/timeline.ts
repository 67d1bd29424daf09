/** The whole run on one line: how much of it is shown, the faults, crashes, decisions and violations, and what is selected. */
import { cellOf, shownCells, timelineCells } from '../diagram/timeline-bar.ts';
import type { LandmarkKind, TraceIndex } from '../diagram/trace-index.ts';
import { fit, type Line, line, type Piece, piece } from '../text.ts';
import { type Style, symbols } from '../theme.ts';
import type { View } from '../view.ts';

const signs: Readonly<Record<LandmarkKind, readonly [string, Style]>> = {
  violation: [symbols.violated, 'bad'],
  bound: ['!', 'alert'],
  crash: [symbols.lost, 'bad'],
  traitor: [symbols.traitor, 'traitor'],
  fault: [symbols.held, 'warn'],
  decision: [symbols.decided, 'good'],
};

interface Drawn {
  readonly key: string;
  readonly line: Line;
}
const drawn = new WeakMap<TraceIndex, Drawn>();

/** ` 0 ━━━◆━━╫━━▸──╳──── 52`: heavy as far as it is shown. */
export function timelineLine(view: View, index: TraceIndex, room: number): Line {
  const { ui, world, session } = view;
  const total = session.trace.length;
  const selected = ui.event !== null && ui.event < total ? ui.event : null;
  const { marks } = session;
  const key = [total, world.events, selected, ui.instrument.mark, marks.length, room].join(' ');
  const known = drawn.get(index);
  if (known?.key === key) return known.line;
  const [start, end] = [' 0 ', ` ${total} `];
  const columns = Math.max(8, room - start.length - end.length);
  const cells: Piece[] = timelineCells(index.landmarks, total, world.events, columns).map(({ kind, past }) =>
    kind === null ? piece(past ? '━' : '─', 'dim') : piece(...signs[kind]),
  );
  for (const { count } of marks)
    cells[cellOf(Math.max(0, count - 1), total, columns)] = piece(symbols.bookmark, 'accent');
  if (ui.instrument.mark !== null && ui.instrument.mark < total)
    cells[cellOf(ui.instrument.mark, total, columns)] = piece('A', 'accent');
  if (selected !== null) cells[cellOf(selected, total, columns)] = piece(symbols.cursor, 'accent');
  else if (!view.live) cells[Math.max(0, shownCells(total, world.events, columns) - 1)] = piece(symbols.mark, 'past');
  const made = fit(line(piece(start, 'dim'), joined(cells), piece(end, 'dim')), room);
  drawn.set(index, { key, line: made });
  return made;
}

/** Neighbours of one style as one piece. */
function joined(cells: readonly Piece[]): Line {
  const out: Piece[] = [];
  for (const cell of cells) {
    const last = out.at(-1);
    if (last !== undefined && last.style === cell.style) out[out.length - 1] = { ...last, text: last.text + cell.text };
    else out.push(cell);
  }
  return out;
}
