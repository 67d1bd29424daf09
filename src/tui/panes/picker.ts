/**
 * The first screen: what there is to play, by topic, and the runs that were recorded; beside or below the list what the
 * chosen one is about and what it teaches.
 */
import type { PresetInfo } from '../app.ts';
import { clock, counted, safe } from '../format.ts';
import { matching, matchingRuns } from '../picker.ts';
import { ago, type RunInfo, type Runs } from '../runs.ts';
import { spotted } from '../spots.ts';
import type { Ui } from '../store.ts';
import { cut, fit, type Line, line, type Piece, pad, padStart, piece, restyle, width, wrap } from '../text.ts';
import { keyWords, symbols } from '../theme.ts';
import { toastLine } from './toast.ts';

export interface Choices {
  readonly presets: readonly PresetInfo[];
  readonly runs: Runs;
  /** of the wall clock */
  readonly nowMs: number;
}

/** From here on what the chosen one is about stands beside the list. */
const wideFrom = 110;

interface List {
  readonly lines: Line[];
  /** the line of the chosen one */
  readonly at: number;
}

const row = (chosen: boolean, room: number, ...parts: readonly (string | Piece | Line)[]): Line => {
  const text = fit(line(chosen ? ` ${symbols.cursor} ` : '   ', ...parts), room);
  return chosen ? restyle(text, 'selected') : text;
};

/** A heading for each topic, then its presets. */
function presetList(found: readonly PresetInfo[], index: number, room: number, withTitles: boolean): List {
  const lines: Line[] = [];
  let at = 0;
  const longest = found.reduce((most, { id }) => Math.max(most, width(safe(id))), 0);
  const wide = Math.min(36, longest, room - 6);
  found.forEach((preset, i) => {
    if (preset.topic !== found[i - 1]?.topic) {
      if (i > 0) lines.push([]);
      lines.push(line(piece(` ${safe(preset.topic === '' ? 'more' : preset.topic)}`, 'title')));
    }
    if (i === index) at = lines.length;
    const mark = piece(
      `${preset.challenge === true ? symbols.free : (preset.steps ?? 0) > 0 ? symbols.mark : ' '} `,
      'accent',
    );
    const title = withTitles ? piece(cut(safe(preset.title), room - wide - 8), 'dim') : '';
    const text = row(i === index, room, mark, piece(pad(safe(preset.id), wide), 'bold'), '  ', title);
    lines.push(spotted(text, { kind: 'choice', index: i }));
  });
  return { lines, at };
}

function runList(found: readonly RunInfo[], { runs, nowMs }: Choices, index: number, room: number): List {
  const longest = found.reduce((most, { name }) => Math.max(most, width(safe(name))), 0);
  const wide = Math.min(longest, Math.max(12, room - 46));
  const lines: Line[] = found.map((run, i) =>
    spotted(
      row(
        i === index,
        room,
        piece(pad(safe(run.name), wide), 'bold'),
        '  ',
        padStart(ago(run.modifiedMs, nowMs), 11),
        '  ',
        padStart(run.events === null ? '?' : `${run.events}${run.complete ? ' ' : '+'}`, 7),
        run.events === 1 ? ' event   ' : ' events  ',
        piece(run.complete ? 'whole' : 'cut off', run.complete ? 'dim' : 'warn'),
      ),
      { kind: 'choice', index: i },
    ),
  );
  if (runs.older > 0) lines.push(line(piece(`   and ${runs.older} older`, 'dim')));
  return { lines, at: Math.max(0, Math.min(index, found.length - 1)) };
}

/** The first paragraph of a lesson, and the questions at its end: the setting, and what one will be able to answer. */
function teaches(learn: string): { readonly setting: string; readonly questions: readonly string[] } {
  const setting = (learn.trim().split(/\n\s*\n/)[0] ?? '').replaceAll(/\s+/g, ' ');
  const asked = /^\W*ASK YOURSELF\s*$([\s\S]*)/m.exec(learn)?.[1] ?? '';
  const questions = asked
    .split(/^\s*[-*] /m)
    .slice(1)
    .map((question) => (question.split(/\n\s*\n/)[0] ?? '').replaceAll(/\s+/g, ' ').trim());
  return { setting: /^[^a-z]*$/.test(setting) ? '' : setting, questions };
}

function presetDetails(preset: PresetInfo, room: number): Line[] {
  const columns = Math.min(room - 2, 96);
  const words = (text: string): Line[] => wrap(safe(text), columns).map((each) => line(` ${each}`));
  const { setting, questions } = teaches(preset.learn ?? '');
  const steps = preset.steps ?? 0;
  return [
    ...words(preset.summary).map((each) => restyle(each, 'bold')),
    ...(steps === 0
      ? []
      : [line(piece(` ${symbols.mark} a lesson in ${counted(steps, 'step')} leads you through it`, 'accent'))]),
    ...(preset.challenge === true
      ? [line(piece(` ${symbols.free} a challenge: a goal, and a budget of faults`, 'accent'))]
      : []),
    ...words(setting),
    ...(questions.length === 0 ? [] : [line(piece(' What it teaches you to answer', 'title'))]),
    ...questions.flatMap((question) =>
      wrap(safe(question), columns - 2).map((each, i) => line(i === 0 ? ' - ' : '   ', each)),
    ),
  ];
}

function runDetails(run: RunInfo, nowMs: number, room: number): Line[] {
  const events =
    run.events === null
      ? 'an unknown number of events'
      : run.complete
        ? counted(run.events, 'event')
        : `${run.events} or more events`;
  const time = run.atMs === null ? '' : `, to ${clock(run.atMs)}`;
  const words = (text: string): Line[] => wrap(text, Math.min(room - 2, 96)).map((each) => line(` ${each}`));
  return [
    ...words(safe(run.title)).map((each) => restyle(each, 'bold')),
    ...words(`${safe(run.protocol)}${run.seed === null ? '' : `, seed ${run.seed}`}, ${ago(run.modifiedMs, nowMs)}`),
    ...words(`${events}${time}`),
    ...words(run.complete ? 'whole: it ended in order' : 'cut off: it has no end, only what was saved of it'),
    ...words(keyWords('Enter goes on from where it ended, live, in a recording of its own; → shows it again.')),
    ...words(safe(run.file)),
  ];
}

/** A window of the list that has the chosen line in it. */
function window({ lines, at }: List, rows: number, room: number): Line[] {
  const top = Math.max(0, Math.min(at - Math.floor(rows / 2), lines.length - rows));
  const shown = lines.slice(top, top + rows).map((each) => fit(each, room));
  while (shown.length < rows) shown.push(fit([], room));
  return shown;
}

const rule = (left: string, title: Line, right: string, columns: number): Line => {
  const words = title.reduce((sum, { text }) => sum + width(text), 0);
  return line(
    piece(`${left}${words === 0 ? '─' : ' '}`, 'dim'),
    title,
    piece(`${words === 0 ? '─' : ' '}${'─'.repeat(Math.max(0, columns - words - 4))}${right}`, 'dim'),
  );
};

function tabs({ presets, runs }: Choices, found: number, { list, query }: Ui['picker']): Line {
  const count = (all: number, isHere: boolean): string => (isHere && query !== '' ? `${found} of ${all}` : String(all));
  const tab = (name: Ui['picker']['list'], word: string, all: number): Line => {
    const isHere = list === name;
    return line(piece(`${isHere ? symbols.cursor : ' '}${word} ${count(all, isHere)}`, isHere ? 'title' : 'dim'));
  };
  return line(tab('presets', 'presets', presets.length), '  ', tab('runs', 'your runs', runs.runs.length + runs.older));
}

/** The keys that do something now. */
function footer({ toast, picker }: Ui, found: number, room: number): Line {
  if (toast !== null) return toastLine(toast, room);
  const isRuns = picker.list === 'runs';
  const take = isRuns ? 'Enter go on  → see again' : 'Enter play';
  const keys = [
    ...(found === 0 ? [] : ['↑↓ choose', take]),
    `Tab ${isRuns ? 'presets' : 'your runs'}`,
    'type to search',
    picker.query === '' ? 'Esc quit' : 'Esc clear',
  ];
  // where not all fit, the plainest are left out
  const words = [keys, keys.filter((key) => key !== 'type to search')].map((each) => keyWords(each.join('  ')));
  return line(piece(cut(words.find((each) => width(each) <= room) ?? (words.at(-1) as string), room), 'dim'));
}

export function pickerLines(choices: Choices, ui: Ui): Line[] {
  const { columns, rows, picker } = ui;
  const isWide = columns >= wideFrom;
  const inner = columns - 2;
  const side = piece('│', 'dim');
  const framed = (each: Line): Line => line(side, fit(each, inner), side);
  const presets = picker.list === 'presets' ? matching(choices.presets, picker.query) : [];
  const runs = picker.list === 'runs' ? matchingRuns(choices.runs.runs, picker.query) : [];
  const [preset, run] = [presets[picker.index], runs[picker.index]];
  const found = presets.length + runs.length;
  const left = !isWide ? inner : picker.list === 'presets' ? 46 : Math.min(76, Math.floor(inner * 0.52));
  const list =
    found === 0
      ? { lines: [emptyLine(picker)], at: 0 }
      : picker.list === 'presets'
        ? presetList(presets, picker.index, left, !isWide)
        : runList(runs, choices, picker.index, left);
  const about = (room: number): Line[] =>
    preset !== undefined ? presetDetails(preset, room) : run !== undefined ? runDetails(run, choices.nowMs, room) : [];
  const title =
    preset !== undefined
      ? line(piece(safe(preset.title), 'bold'), ` · ${safe(preset.protocol)}`)
      : line(piece(run === undefined ? '' : safe(run.name), 'bold'));
  const search = line(
    piece(' search: ', 'dim'),
    picker.query === '' ? piece('type a word', 'dim') : safe(picker.query),
    piece(' ', 'selected'),
  );
  const head = [
    fit(line(' ', piece('havoc', 'title'), '  break distributed agreement on purpose'), columns),
    rule('┌', tabs(choices, found, picker), '┐', columns),
    framed(search),
  ];
  const end = fit(line(piece('└ ', 'dim'), fit(footer(ui, found, inner - 2), inner - 2), piece(' ┘', 'dim')), columns);
  return isWide
    ? [...head, ...beside(list, left, title, about, columns, rows - 4), end]
    : [...head, ...below(list, title, about(inner), columns, rows - 4), end];
}

const emptyLine = ({ list, query }: Ui['picker']): Line => {
  const words =
    query !== ''
      ? 'nothing matches: Backspace'
      : list === 'runs'
        ? 'nothing is recorded here yet'
        : 'looking for presets…';
  return line(piece(`   ${words}`, 'warn'));
};

/** What does not fit is in the lesson's pane. */
const shortened = (about: readonly Line[], rows: number): Line[] =>
  about.length <= rows
    ? [...about]
    : [...about.slice(0, rows - 1), line(piece(' … more in the lesson: l, once it plays', 'dim'))];

function beside(
  list: List,
  left: number,
  title: Line,
  about: (room: number) => Line[],
  columns: number,
  rows: number,
): Line[] {
  const right = columns - left - 3;
  const side = piece('│', 'dim');
  const details = shortened([line(' ', title), [], ...about(right)], rows);
  return window(list, rows, left).map((each, i) => line(side, each, side, fit(details[i] ?? [], right), side));
}

function below(list: List, title: Line, about: readonly Line[], columns: number, rows: number): Line[] {
  const inner = columns - 2;
  const side = piece('│', 'dim');
  const forAbout = Math.max(4, Math.floor((rows - 1) * 0.42));
  const shown = shortened(about, forAbout);
  while (shown.length < forAbout) shown.push([]);
  const framed = (each: Line): Line => line(side, fit(each, inner), side);
  return [
    ...window(list, rows - 1 - forAbout, inner).map(framed),
    rule('├', title, '┤', columns),
    ...shown.map(framed),
  ];
}
