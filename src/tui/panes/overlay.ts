/** What takes the whole stage for a while, and scrolls: the help, the lesson, everything about a node or an event. */
import { verbs } from '../commands/commands.ts';
import { clock, safe } from '../format.ts';
import type { Topic } from '../keys/binding.ts';
import type { OverlayKind } from '../store.ts';
import { fit, type Line, line, lineWidth, pad, piece, width, wrapLine } from '../text.ts';
import { keyWords } from '../theme.ts';
import type { View } from '../view.ts';
import { challengeStrip } from './challenge-strip.ts';
import { eventDetails } from './event-details.ts';
import { lessonLines } from './lesson.ts';
import { stripLines } from './lesson-strip.ts';

export function overlayTitle(view: View, kind: OverlayKind): string {
  switch (kind) {
    case 'help':
      return 'help: keys and commands';
    case 'lesson':
      return `${view.challenge === null ? 'lesson' : 'challenge'}: ${safe(view.session.scenario.title)}`;
    case 'node':
      return `node ${safe(view.node.id)} at ${clock(view.world.nowMs)}`;
    case 'event':
      return `event ${view.ui.event ?? 0}`;
  }
}

function helpLines(view: View, room: number): Line[] {
  const { bindings } = view.ui.keymap;
  const lines: Line[] = [];
  const topics = [...new Set(bindings.map((binding) => binding.topic))] as Topic[];
  const keyWidth = bindings.reduce((most, binding) => Math.max(most, width(keyWords(binding.shown))), 0);
  const commandWidth = room < 100 ? 0 : bindings.reduce((most, binding) => Math.max(most, width(binding.command)), 0);
  for (const topic of topics) {
    lines.push(line(piece(` ${topic}`, 'title')));
    for (const binding of bindings.filter((each) => each.topic === topic)) {
      const why = binding.whyNot?.(view) ?? null;
      const command = commandWidth === 0 ? [] : [piece(`${pad(binding.command, commandWidth)}  `, 'accent')];
      const not = why === null ? [] : [piece(`  not now: ${keyWords(why)}`, 'warn')];
      const head = line('   ', piece(pad(keyWords(binding.shown), keyWidth), 'key'), '  ', ...command);
      lines.push(...wrapLine(line(head, binding.about, ...not), room - 1, lineWidth(head)));
    }
    lines.push([]);
  }
  lines.push(line(piece(' commands, after :', 'title')));
  const usageWidth = Math.min(
    52,
    verbs.reduce((most, verb) => Math.max(most, width(verb.usage)), 0),
  );
  for (const verb of verbs) {
    const usage = piece(pad(verb.usage, usageWidth), 'accent');
    if (room >= 100) lines.push(...wrapLine(line('   ', usage, `  ${verb.about}`), room - 1, usageWidth + 5));
    else lines.push(line('   ', piece(verb.usage, 'accent')), ...wrapLine(line(`       ${verb.about}`), room - 1, 7));
  }
  return lines;
}

function overlayContent(view: View, kind: TextOverlay, room: number): Line[] {
  switch (kind) {
    case 'help':
      return helpLines(view, room);
    case 'lesson':
      return lessonLines(view, room);
    case 'event':
      return eventDetails(view, room);
  }
}

/** What takes the whole stage and is one text; the inspector is drawn by itself. */
export type TextOverlay = Exclude<OverlayKind, 'node'>;

const topOf = (content: readonly Line[], scroll: number, rows: number): number =>
  Math.max(0, Math.min(scroll, content.length - rows));

/** How far down the overlay really is, when so far is wished for. */
export const scrolledTo = (view: View, kind: TextOverlay, scroll: number): number =>
  topOf(overlayContent(view, kind, view.ui.columns - 2), scroll, overlayRows(view));

/** Lines beneath the header that lead through a challenge or a lesson; the lesson's own text needs none. */
export const stripsOf = (view: View): Line[] =>
  view.ui.overlay?.kind === 'lesson'
    ? []
    : [...challengeStrip(view, view.ui.columns, view.ui.rows), ...stripLines(view, view.ui.columns, view.ui.rows)];

/** The header, the title and the footer are not the overlay's. */
export const overlayRows = (view: View): number => view.ui.rows - 3 - stripsOf(view).length;

export function overlayLines(view: View, kind: TextOverlay, scroll: number, room: number, rows: number): Line[] {
  const content = overlayContent(view, kind, room);
  const top = topOf(content, scroll, rows);
  const shown = content.slice(top, top + rows).map((each) => fit(each, room));
  const below = content.length - top - rows;
  if (below > 0) shown[rows - 1] = fit(line(piece(`   ↓ ${below + 1} more lines`, 'warn')), room);
  while (shown.length < rows) shown.push(fit([], room));
  return shown;
}
