/** The lesson on the stage: one line with what is to be done now; once it is done, its question, and on a key the answer. */
import { printable } from '../../core/printable.ts';
import { spread, styled } from '../inline.ts';
import { keyOf } from '../keys/binding.ts';
import { type Lesson, lastStep, presentStep } from '../lesson.ts';
import { ends, fit, type Line, line, lineWidth, piece, wrap } from '../text.ts';
import { symbols } from '../theme.ts';
import type { View } from '../view.ts';

/** Lines longer than this are hard to read. */
const widest = 112;
/** rows that the stage needs for itself */
const stageMin = 16;
/** with more steps than this their number is shown instead */
const mostMarks = 12;

/** The first sentence; the rest is for the lesson's pane. */
export function firstSentence(text: string): string {
  const words = text.replaceAll(/\s+/g, ' ').trim();
  const end = /[.?!](?= )/u.exec(words);
  return end === null ? words : words.slice(0, end.index + 1);
}

function marks({ steps, done }: Lesson): Line {
  if (steps.length > mostMarks)
    return line(piece(`${Math.min(done.length + 1, steps.length)}/${steps.length}`, 'accent'));
  return steps.map((_, i) => {
    const how = done[i]?.how;
    if (how !== undefined) return how === 'skipped' ? piece(symbols.skipped, 'dim') : piece(symbols.holds, 'good');
    return i === done.length ? piece(symbols.cursor, 'accent') : piece(symbols.free, 'dim');
  });
}

const hint = (key: string, word: string): Line => line(piece(key, 'key'), piece(` ${word} `, 'dim'));
const tidy = (text: string): string => printable(text.replaceAll(/\s+/g, ' ').trim());

/** No lines when there is no lesson, or when it is off. */
export function stripLines(view: View, columns: number, rows: number): Line[] {
  const { lesson } = view;
  if (lesson === null || !lesson.on || lesson.steps.length === 0) return [];
  const head = line(' ', marks(lesson), '  ');
  const next = keyOf(view, 'lesson-next');
  const all = keyOf(view, 'lesson');
  const step = presentStep(lesson);
  const most = Math.max(2, rows - stageMin);
  if (lesson.reading !== null) return questionLines(lesson, { next, all }, head, columns, most).slice(0, most);
  if (step === null) {
    const words = `The lesson is done. \`${all}\` has more to try, \`:again\` plays it anew.`;
    return [oneLine(line(head, ...styled([words], 'good')), [], columns)];
  }
  const words = tidy(step.do);
  const first = firstSentence(words);
  const more = step.when === undefined ? hint(next, 'next') : first === words ? [] : hint(all, 'more');
  const indent = ' '.repeat(lineWidth(head));
  // what is to be typed is never cut
  const lines = wrap(spread(first), Math.min(widest, columns - indent.length - lineWidth(more) - 1));
  return styled(lines.slice(0, most), 'bold').map((words, i) =>
    i === 0 ? oneLine(line(head, words), more, columns) : fit(line(indent, words), columns),
  );
}

const oneLine = (left: Line, right: Line, columns: number): Line =>
  right.length === 0 ? fit(left, columns) : ends(left, right, columns);

/** What keys are called now. */
interface Keys {
  readonly next: string;
  readonly all: string;
}

function questionLines(lesson: Lesson, keys: Keys, head: Line, columns: number, most: number): Line[] {
  const { ask = '', answer = '' } = lastStep(lesson) ?? {};
  const indent = ' '.repeat(lineWidth(head));
  const answered = lesson.reading === 'answer';
  const nextHint = hint(keys.next, 'next step');
  const key = answered ? nextHint : hint(keys.next, 'answer');
  const room = Math.min(widest, columns - indent.length - lineWidth(nextHint) - 1);
  const question = wrap(spread(`Done. ${tidy(ask)}`), room);
  const [first = '', ...rest] = question;
  const lines = styled([first.slice('Done.'.length), ...rest], 'bold').map(
    (words, i): Line =>
      i === 0 ? oneLine(line(head, piece('Done.', 'good'), words), key, columns) : fit(line(indent, words), columns),
  );
  if (!answered) return lines;
  const words = wrap(spread(tidy(answer)), Math.min(widest, columns - indent.length - 2));
  const shown = words.slice(0, Math.max(1, most - lines.length));
  // what does not fit is in the lesson's pane
  if (shown.length < words.length) shown[shown.length - 1] = `${shown.at(-1)} … (all of it: ${keys.all})`;
  return [...lines, ...styled(shown, 'accent').map((each) => fit(line(indent, each), columns))];
}
