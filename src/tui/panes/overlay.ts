/** What takes the whole stage for a while, and scrolls: the help, the lesson, everything about a node or an event. */
import { verbs } from '../commands/commands.ts';
import { clock, safe } from '../format.ts';
import type { Topic } from '../keys/binding.ts';
import type { OverlayKind } from '../store.ts';
import { fit, type Line, line, pad, piece, width } from '../text.ts';
import { keyWords } from '../theme.ts';
import type { View } from '../view.ts';
import { eventDetails } from './event-details.ts';
import { lessonLines } from './lesson.ts';

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
      lines.push(
        line('   ', piece(pad(keyWords(binding.shown), keyWidth), 'key'), '  ', ...command, binding.about, ...not),
      );
    }
    lines.push([]);
  }
  lines.push(line(piece(' commands, after :', 'title')));
  const usageWidth = Math.min(
    52,
    verbs.reduce((most, verb) => Math.max(most, width(verb.usage)), 0),
  );
  for (const verb of verbs) {
    if (room >= 100) lines.push(line('   ', piece(pad(verb.usage, usageWidth), 'accent'), `  ${verb.about}`));
    else lines.push(line('   ', piece(verb.usage, 'accent')), line(`       ${verb.about}`));
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

export function overlayLines(view: View, kind: TextOverlay, scroll: number, room: number, rows: number): Line[] {
  const content = overlayContent(view, kind, room);
  const top = Math.max(0, Math.min(scroll, content.length - rows));
  const shown = content.slice(top, top + rows).map((each) => fit(each, room));
  const below = content.length - top - rows;
  if (below > 0) shown[rows - 1] = fit(line(piece(`   ↓ ${below + 1} more lines`, 'warn')), room);
  while (shown.length < rows) shown.push(fit([], room));
  return shown;
}
