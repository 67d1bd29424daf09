/** The lesson's pane: its steps with what is done, the present one, its questions and answers; then the scenario's text. */
import { printableLines } from '../../core/printable.ts';
import { safe } from '../format.ts';
import { spread, styled } from '../inline.ts';
import { keyOf } from '../keys/binding.ts';
import type { Lesson } from '../lesson.ts';
import { type Line, line, piece, restyle, width, wrap } from '../text.ts';
import { type Style, spell, symbols } from '../theme.ts';
import type { View } from '../view.ts';
import { challengeLines } from './challenge.ts';

/** No text worth reading is longer; measuring one that is would hold the keys up. */
const textMax = 20_000;
const paragraphMax = 2000;
/** longer lines are hard to read */
const widest = 96;

const isHeading = (text: string): boolean =>
  text.startsWith('#') || (/\p{Lu}/u.test(text) && text === text.toUpperCase());
const isItem = (text: string): boolean => /^\s*[-*] /.test(text);

/** The lines of a text as paragraphs: lines that follow one another belong together, headings and list items stand alone. */
function paragraphs(text: string): string[] {
  const out: string[] = [];
  for (const part of spell(printableLines(text.slice(0, textMax))).split('\n')) {
    const last = out.at(-1) ?? '';
    const goesOn = part.trim() !== '' && last.trim() !== '' && !isHeading(part) && !isHeading(last) && !isItem(part);
    if (goesOn) out[out.length - 1] = `${last} ${part.trim()}`;
    else out.push(part);
  }
  return out;
}

/** A heading begins with `#` or is in capitals, a list's items begin with `-`; words are wrapped to a readable width. */
export function textLines(text: string, room: number): Line[] {
  const columns = Math.min(room - 4, widest);
  return paragraphs(text).flatMap((part) => paragraph(part.slice(0, paragraphMax), columns));
}

function paragraph(text: string, columns: number): Line[] {
  if (isHeading(text)) return [line('  ', piece(text.replace(/^#+ */, ''), 'title'))];
  const item = /^( *)[-*] (.*)$/.exec(text);
  if (item === null) return styled(wrap(spread(text), columns)).map((each) => line('  ', each));
  return styled(wrap(spread(item[2] as string), columns - 2)).map((each, i) =>
    line('  ', item[1] as string, i === 0 ? '- ' : '  ', each),
  );
}

/** Words behind a mark, all lines after the first one indented to stand under it. */
function marked(mark: Line, words: string, style: Style | undefined, room: number): Line[] {
  const indent = mark.reduce((sum, { text }) => sum + width(text), 0);
  const columns = Math.min(room - 2, widest) - indent;
  return textOf(words, columns, style).map((each, i) => line(...(i === 0 ? mark : [' '.repeat(indent)]), each));
}
const textOf = (words: string, columns: number, style: Style | undefined): Line[] =>
  paragraphs(words.trim()).flatMap((part) => styled(wrap(spread(part.slice(0, paragraphMax)), columns), style));

/** The steps, and which line the present one begins at. */
function stepLines(lesson: Lesson, next: string, room: number): { readonly lines: Line[]; readonly at: number } {
  const { steps, done, reading } = lesson;
  const lines: Line[] = [];
  let at = 0;
  for (const [i, step] of steps.entries()) {
    const number = `${i + 1}`.padStart(String(steps.length).length);
    const how = done[i]?.how;
    const isLast = i === done.length - 1;
    if (i === done.length || (isLast && reading !== null)) at = lines.length;
    if (how === undefined) {
      const isNow = i === done.length;
      const mark = line('  ', piece(isNow ? symbols.cursor : symbols.free, isNow ? 'accent' : 'dim'), ` ${number}  `);
      lines.push(...marked(mark, step.do, isNow ? 'bold' : 'dim', room));
      continue;
    }
    const mark = how === 'skipped' ? piece(symbols.skipped, 'dim') : piece(symbols.holds, 'good');
    lines.push(...marked(line('  ', mark, ` ${number}  `), step.do, undefined, room));
    if (step.ask === undefined || step.answer === undefined) continue;
    const indent = ' '.repeat(number.length + 6);
    lines.push(...marked(line(indent, piece('? ', 'accent')), step.ask, 'accent', room));
    if (isLast && reading === 'question')
      lines.push(line(indent, '  ', piece(next, 'key'), piece(' shows the answer', 'dim')));
    else lines.push(...marked(line(`${indent}  `), step.answer, undefined, room));
  }
  return { lines, at };
}

/** Where the pane is to be scrolled to, so that the present step is seen with what comes before it. */
export function lessonScroll(view: View, room: number, rows: number): number {
  const { lesson } = view;
  if (lesson === null || lesson.steps.length === 0) return 0;
  const before = summaryLines(view, room).length;
  const { lines, at } = stepLines(lesson, '', room);
  // when all is done, the text after the steps has more to try
  if (lesson.done.length === lesson.steps.length && lesson.reading === null) return before + lines.length + 1;
  return Math.max(0, before + at - Math.floor(rows / 2));
}

const summaryLines = (view: View, room: number): Line[] => [
  ...textLines(view.session.scenario.summary, room).map((each) => restyle(each, 'bold')),
  [],
];

export function lessonLines(view: View, room: number): Line[] {
  const { session, world, lesson } = view;
  const { learn } = session.scenario;
  const { about, title, source } = world.protocol;
  const steps =
    lesson === null || lesson.steps.length === 0
      ? []
      : [...stepLines(lesson, keyOf(view, 'lesson-next'), room).lines, []];
  return [
    ...summaryLines(view, room),
    ...challengeLines(view, room),
    ...steps,
    ...textLines(
      learn === '' && steps.length === 0 && view.challenge === null ? 'This scenario brings no lesson.' : learn,
      room,
    ),
    [],
    ...(about === undefined ? [] : [line(piece(`  ${safe(title)}`, 'title')), ...textLines(about, room)]),
    line(piece(`  source: ${safe(source)}`, 'dim')),
  ];
}
