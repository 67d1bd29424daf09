/** Choosing what to play: the presets by topic and the runs that were recorded, both narrowed by what is typed. */
import type { App, PresetInfo } from './app.ts';
import { safe } from './format.ts';
import type { RunInfo } from './runs.ts';
import type { Ui } from './store.ts';
import { characters } from './text.ts';

const wordsOf = (query: string): string[] =>
  query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
const hasAll = (words: readonly string[], ...texts: readonly string[]): boolean => {
  const text = texts.join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
};

/**
 * Those that match, grouped by topic in the order in which topics first appear. Names and summaries come first; only when
 * nothing of them matches do the lessons' texts count.
 */
export function matching(presets: readonly PresetInfo[], query: string): PresetInfo[] {
  const words = wordsOf(query);
  const named = presets.filter(({ id, title, topic, protocol, summary, challenge }) =>
    hasAll(words, id, title, topic, protocol, summary, challenge === true ? 'challenge' : ''),
  );
  const hits = named.length > 0 ? named : presets.filter(({ learn = '' }) => hasAll(words, learn));
  const start = words[0] ?? '';
  // whoever types the beginning of a name means that one
  hits.sort((a, b) => Number(b.id.startsWith(start)) - Number(a.id.startsWith(start)));
  const topics = [...new Set(hits.map((preset) => preset.topic))];
  return topics.flatMap((topic) => hits.filter((preset) => preset.topic === topic));
}

export function matchingRuns(runs: readonly RunInfo[], query: string): RunInfo[] {
  const words = wordsOf(query);
  return runs.filter(({ file, name, title, protocol, complete }) =>
    hasAll(words, file, name, title, protocol, complete ? 'whole' : 'cut off'),
  );
}

export function pressInPicker(app: App, key: string): void {
  const { picker } = app.store.get();
  const count =
    picker.list === 'presets'
      ? matching(app.presets, picker.query).length
      : matchingRuns(app.runs.runs, picker.query).length;
  const move = (to: number): void =>
    app.store.set({ picker: { ...picker, index: Math.max(0, Math.min(count - 1, to)) }, toast: null });
  const search = (query: string): void => app.store.set({ picker: { ...picker, query, index: 0 }, toast: null });
  if (key === 'up') move(picker.index - 1);
  else if (key === 'down') move(picker.index + 1);
  else if (key === 'pageup') move(picker.index - 10);
  else if (key === 'pagedown') move(picker.index + 10);
  else if (key === 'home') move(0);
  else if (key === 'end') move(count - 1);
  else if (key === 'tab' || key === 'shift-tab') turnOver(app, picker);
  else if (key === 'enter' || key === 'right') choose(app, picker, key);
  else if (key === 'escape') {
    if (picker.query === '') app.quit();
    else search('');
  } else if (key === 'backspace') search(characters(picker.query).slice(0, -1).join(''));
  // names begin with q, too: only a second one cannot be meant for the search
  else if (key === 'q' && picker.query === 'q') app.quit();
  else if (characters(key).length === 1 || key === 'space') {
    search(picker.query + (key === 'space' ? ' ' : key));
    if (key === 'q' && picker.query === '') app.say('this searches for q: once more to quit');
  }
}

const turnOver = (app: App, picker: Ui['picker']): void =>
  app.store.set({
    picker: { ...picker, list: picker.list === 'presets' ? 'runs' : 'presets', index: 0 },
    toast: null,
  });

function choose(app: App, { list, query, index }: Ui['picker'], key: 'enter' | 'right'): void {
  const preset = list === 'presets' ? matching(app.presets, query)[index] : undefined;
  const run = list === 'runs' ? matchingRuns(app.runs.runs, query)[index] : undefined;
  if (preset !== undefined) {
    if (key === 'enter') app.open(preset.id);
    else app.say('Enter plays it');
  } else if (run !== undefined) app.reopen(run.file, key === 'enter' ? 'resume' : 'replay');
  else if (query !== '') app.say(`nothing matches ${safe(query)}`, 'bad');
  else if (list === 'runs') app.say('nothing is recorded here yet: Tab shows what there is to play', 'bad');
}
