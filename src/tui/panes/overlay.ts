/** What takes the whole stage for a while, and scrolls: the help, the lesson, everything about a node or an event. */
import { printableLines } from '../../core/printable.ts';
import { verbs } from '../commands/commands.ts';
import { clock, safe } from '../format.ts';
import { bindings } from '../keymap.ts';
import type { Topic } from '../keys/binding.ts';
import type { OverlayKind } from '../store.ts';
import { fit, type Line, line, pad, piece, width, wrap } from '../text.ts';
import type { View } from '../view.ts';
import { eventDetails } from './event-details.ts';
import { nodeDetails } from './node-details.ts';

export function overlayTitle(view: View, kind: OverlayKind): string {
  switch (kind) {
    case 'help':
      return 'help: keys and commands';
    case 'lesson':
      return `lesson: ${safe(view.session.scenario.title)}`;
    case 'node':
      return `node ${safe(view.node.id)} at ${clock(view.world.nowMs)}`;
    case 'event':
      return `event ${view.ui.event ?? 0}`;
  }
}

function helpLines(view: View, room: number): Line[] {
  const lines: Line[] = [];
  const topics = [...new Set(bindings.map((binding) => binding.topic))] as Topic[];
  const keyWidth = bindings.reduce((most, binding) => Math.max(most, width(binding.shown)), 0);
  const commandWidth = room < 100 ? 0 : bindings.reduce((most, binding) => Math.max(most, width(binding.command)), 0);
  for (const topic of topics) {
    lines.push(line(piece(` ${topic}`, 'title')));
    for (const binding of bindings.filter((each) => each.topic === topic)) {
      const why = binding.whyNot?.(view) ?? null;
      const command = commandWidth === 0 ? [] : [piece(`${pad(binding.command, commandWidth)}  `, 'accent')];
      const not = why === null ? [] : [piece(`  not now: ${why}`, 'warn')];
      lines.push(line('   ', piece(pad(binding.shown, keyWidth), 'key'), '  ', ...command, binding.about, ...not));
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

/** No paragraph worth reading is longer; measuring one that is would hold the keys up. */
const paragraphMax = 2000;

const isHeading = (text: string): boolean =>
  text.startsWith('#') || (/\p{Lu}/u.test(text) && text === text.toUpperCase());
const isItem = (text: string): boolean => /^\s*[-*] /.test(text);

/** The lines of a text as paragraphs: lines that follow one another belong together, headings and list items stand alone. */
function paragraphs(text: string): string[] {
  const out: string[] = [];
  for (const part of printableLines(text.slice(0, 20_000)).split('\n')) {
    const last = out.at(-1) ?? '';
    const goesOn = part.trim() !== '' && last.trim() !== '' && !isHeading(part) && !isHeading(last) && !isItem(part);
    if (goesOn) out[out.length - 1] = `${last} ${part.trim()}`;
    else out.push(part);
  }
  return out;
}

/** The scenario's text: a heading begins with `#` or is in capitals, a list's items with `-`; words are wrapped to a readable width. */
function lessonLines(view: View, room: number): Line[] {
  const { scenario } = view.session;
  const columns = Math.min(room - 4, 96);
  const text = (words: string): Line[] =>
    paragraphs(words).flatMap((part) => paragraph(part.slice(0, paragraphMax), columns));
  return [
    ...text(scenario.summary).map((each) => each.map((part) => ({ ...part, style: 'bold' as const }))),
    [],
    ...text(scenario.learn === '' ? 'This scenario brings no lesson.' : scenario.learn),
    [],
    ...(view.world.protocol.about === undefined
      ? []
      : [line(piece(`  ${safe(view.world.protocol.title)}`, 'title')), ...text(view.world.protocol.about)]),
    line(piece(`  source: ${safe(view.world.protocol.source)}`, 'dim')),
  ];
}

function paragraph(text: string, columns: number): Line[] {
  if (isHeading(text)) return [line('  ', piece(text.replace(/^#+ */, ''), 'title'))];
  const item = /^( *)[-*] (.*)$/.exec(text);
  if (item === null) return wrap(text, columns).map((each) => line(`  ${each}`));
  return wrap(item[2] as string, columns - 2).map((each, i) =>
    line('  ', item[1] as string, i === 0 ? '- ' : '  ', each),
  );
}

function overlayContent(view: View, kind: OverlayKind, room: number): Line[] {
  switch (kind) {
    case 'help':
      return helpLines(view, room);
    case 'lesson':
      return lessonLines(view, room);
    case 'node':
      return nodeDetails(view, room);
    case 'event':
      return eventDetails(view, room);
  }
}

export function overlayLines(view: View, kind: OverlayKind, scroll: number, room: number, rows: number): Line[] {
  const content = overlayContent(view, kind, room);
  const top = Math.max(0, Math.min(scroll, content.length - rows));
  const shown = content.slice(top, top + rows).map((each) => fit(each, room));
  const below = content.length - top - rows;
  if (below > 0) shown[rows - 1] = fit(line(piece(`   ↓ ${below + 1} more lines`, 'warn')), room);
  while (shown.length < rows) shown.push(fit([], room));
  return shown;
}
