/** Choosing what to play: the presets by topic, narrowed by what is typed. */
import type { App, PresetInfo } from './app.ts';
import { safe } from './format.ts';
import { characters } from './text.ts';

/** Those that match, grouped by topic in the order in which topics first appear. */
export function matching(presets: readonly PresetInfo[], query: string): PresetInfo[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const hits = presets.filter((preset) => {
    const text = `${preset.id} ${preset.title} ${preset.topic} ${preset.protocol} ${preset.summary}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const topics = [...new Set(hits.map((preset) => preset.topic))];
  return topics.flatMap((topic) => hits.filter((preset) => preset.topic === topic));
}

export function pressInPicker(app: App, key: string): void {
  const { picker } = app.store.get();
  const found = matching(app.presets, picker.query);
  const move = (to: number): void =>
    app.store.set({ picker: { ...picker, index: Math.max(0, Math.min(found.length - 1, to)) } });
  const search = (query: string): void => app.store.set({ picker: { query, index: 0 }, toast: null });
  if (key === 'up' || key === 'shift-tab') move(picker.index - 1);
  else if (key === 'down' || key === 'tab') move(picker.index + 1);
  else if (key === 'pageup') move(picker.index - 10);
  else if (key === 'pagedown') move(picker.index + 10);
  else if (key === 'home') move(0);
  else if (key === 'end') move(found.length - 1);
  else if (key === 'enter') choose(app, found[picker.index], picker.query);
  else if (key === 'escape') {
    if (picker.query === '') app.quit();
    else search('');
  } else if (key === 'backspace') search(picker.query.slice(0, -1));
  else if (key === 'q' && picker.query === '') app.quit();
  else if (characters(key).length === 1 || key === 'space') search(picker.query + (key === 'space' ? ' ' : key));
}

function choose(app: App, preset: PresetInfo | undefined, query: string): void {
  if (preset === undefined) app.say(`nothing matches ${safe(query)}`, 'bad');
  else app.open(preset.id);
}
