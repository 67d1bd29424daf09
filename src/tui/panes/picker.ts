/** The first screen: what there is to play, by topic, with a search. */
import type { PresetInfo } from '../app.ts';
import { safe } from '../format.ts';
import { matching } from '../picker.ts';
import type { Ui } from '../store.ts';
import { fit, type Line, line, pad, piece, restyle, width, wrap } from '../text.ts';
import { symbols } from '../theme.ts';
import { toastLine } from './footer.ts';

/** The list: a heading for each topic, then its presets. `at` is the line of the chosen one. */
function listLines(found: readonly PresetInfo[], index: number, room: number): { lines: Line[]; at: number } {
  const lines: Line[] = [];
  let at = 0;
  const wide = Math.min(
    36,
    found.reduce((most, preset) => Math.max(most, width(safe(preset.id))), 0),
  );
  found.forEach((preset, i) => {
    if (preset.topic !== found[i - 1]?.topic) {
      if (i > 0) lines.push(fit([], room));
      lines.push(fit(line(piece(` ${safe(preset.topic)}`, 'title')), room));
    }
    const chosen = i === index;
    if (chosen) at = lines.length;
    const text = fit(
      line(
        chosen ? ` ${symbols.cursor} ` : '   ',
        piece(pad(safe(preset.id), wide), 'bold'),
        '  ',
        piece(safe(preset.title), 'dim'),
      ),
      room,
    );
    lines.push(chosen ? restyle(text, 'selected') : text);
  });
  if (lines.length === 0) lines.push(fit(line(piece('   nothing matches: Backspace', 'warn')), room));
  return { lines, at };
}

export function pickerLines(presets: readonly PresetInfo[], ui: Ui): Line[] {
  const room = ui.columns - 2;
  const found = matching(presets, ui.picker.query);
  const chosen = found[ui.picker.index];
  const rows = ui.rows - 9;
  const { lines, at } = listLines(found, ui.picker.index, room);
  const top = Math.max(0, Math.min(at - Math.floor(rows / 2), lines.length - rows));
  const shown = lines.slice(top, top + rows);
  while (shown.length < rows) shown.push(fit([], room));
  const about = chosen === undefined ? [] : wrap(safe(chosen.summary), room - 2).slice(0, 2);
  const framed = (each: Line): Line => line(piece('│', 'dim'), fit(each, room), piece('│', 'dim'));
  const rule = (left: string, title: string, right: string): Line =>
    line(piece(`${left} ${title} ${'─'.repeat(Math.max(0, room - width(title) - 2))}${right}`, 'dim'));
  const footer =
    ui.toast !== null
      ? toastLine(ui.toast, room - 2)
      : line(piece('↑↓ choose  Enter play  type to search  Esc quit', 'dim'));
  const search = line(
    piece(' search: ', 'dim'),
    ui.picker.query === '' ? piece('type a word', 'dim') : safe(ui.picker.query),
    piece(' ', 'selected'),
  );
  return [
    fit(line(' ', piece('havoc', 'title'), '  break distributed agreement on purpose'), ui.columns),
    rule('┌', `${found.length} presets`, '┐'),
    ...shown.map(framed),
    rule('├', chosen === undefined ? '' : `${safe(chosen.id)} · ${safe(chosen.protocol)}`, '┤'),
    ...[about[0] ?? '', about[1] ?? ''].map((text) => framed(line(` ${text}`))),
    rule('├', 'search', '┤'),
    framed(search),
    framed([]),
    fit(line(piece('└ ', 'dim'), fit(footer, room - 2), piece(' ┘', 'dim')), ui.columns),
  ];
}
