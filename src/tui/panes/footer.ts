/** The bottom border: the keys that do something now, from the one table; or what has just been said; or the line being typed. */
import { safe } from '../format.ts';
import { isInspecting } from '../inspector/acts.ts';
import { type Binding, keyOf, nameOf } from '../keys/binding.ts';
import type { Prompt } from '../store.ts';
import { characters, cutLine, fit, type Line, line, lineWidth, type Piece, piece, width } from '../text.ts';
import { keyWords } from '../theme.ts';
import type { View } from '../view.ts';
import { toastLine } from './toast.ts';

const rankOf = ({ rank = 99 }: Binding, view: View): number => (typeof rank === 'function' ? rank(view) : rank);

/** Keys that are on offer in the focused pane, as many as fit. A key that does nothing now is left out: `?` says why. */
function keysLine(view: View, room: number): Line {
  const { keymap } = view.ui;
  const focus = isInspecting(view) ? 'inspector' : view.ui.focus;
  const offered = keymap.bindings.filter(
    (binding) => binding.footer !== undefined && (binding.panes?.includes(focus) ?? true),
  );
  const wordOf = ({ footer }: Binding): string => (typeof footer === 'function' ? footer(view) : (footer ?? ''));
  const possible = offered.filter((binding) => wordOf(binding) !== '' && (binding.whyNot?.(view) ?? null) === null);
  // help and quit are never pushed out
  const always = possible.filter((binding) => ['command', 'help', 'quit'].includes(nameOf(binding)));
  const rest = possible.filter((binding) => !always.includes(binding));
  const ordered = rest.sort((a, b) => rankOf(a, view) - rankOf(b, view));
  const chip = (binding: (typeof rest)[number]): Line => [
    piece(keyWords(binding.shown), 'key'),
    piece(` ${wordOf(binding)}`, 'dim'),
  ];
  const tail = always.flatMap((binding) => [piece('  '), ...chip(binding)]);
  let left = room - lineWidth(tail);
  const out: Piece[] = [];
  for (const binding of ordered) {
    const next = chip(binding);
    const wide = lineWidth(next) + (out.length === 0 ? 0 : 2);
    if (wide > left) continue;
    if (out.length > 0) out.push(piece('  '));
    out.push(...next);
    left -= wide;
  }
  return [...out, ...tail];
}

function typedLine(prompt: Extract<Prompt, { kind: 'line' }>, room: number): Line {
  const before = safe(prompt.text.slice(0, prompt.cursor));
  const [under = ' ', ...after] = characters(safe(prompt.text.slice(prompt.cursor)));
  // a long line shows its end up to the cursor
  const shown = characters(before).slice(-(room - 3));
  while (shown.length > 0 && width(shown.join('')) > room - 4) shown.shift();
  const isCut = shown.join('').length < before.length;
  const start = `${isCut ? '…' : ''}${shown.join('')}`;
  return cutLine(line(piece(':', 'key'), start, piece(under, 'selected'), after.join('')), room);
}

/** `└ keys ─────┘`, exactly as wide as the window. */
export function footerLine(view: View, columns: number): Line {
  const room = columns - 4;
  const { prompt, toast, overlay } = view.ui;
  if (prompt?.kind === 'line') return line(piece('└ ', 'dim'), fit(typedLine(prompt, room), room), piece(' ┘', 'dim'));
  let words: Line;
  if (toast !== null) words = toastLine(toast, room);
  else if (prompt?.kind === 'pick') words = line(piece(keyWords(prompt.hint), 'dim'));
  else if (prompt?.kind === 'sides')
    words = line(piece(keyWords('↑↓ node  space or 1-9 its side  Enter partition  Esc leave'), 'dim'));
  else if (overlay !== null && overlay.kind !== 'node')
    words = line(
      piece(
        overlay.kind === 'lesson' && view.lesson !== null
          ? `${keyWords('↑↓')} scroll  ${keyOf(view, 'lesson-next')} the answer, then the next step  any other key: back`
          : `${keyWords('↑↓')} scroll  any other key: back`,
        'dim',
      ),
    );
  else words = keysLine(view, room);
  const fitting = cutLine(words, room);
  return line(piece('└ ', 'dim'), fitting, piece(` ${'─'.repeat(Math.max(0, room - lineWidth(fitting)))}┘`, 'dim'));
}
