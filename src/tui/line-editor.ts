/** The command line while it is typed: editing, history, completion. */
import type { App } from './app.ts';
import { complete } from './commands/commands.ts';
import type { Prompt } from './store.ts';
import { characters } from './text.ts';

type LinePrompt = Extract<Prompt, { kind: 'line' }>;

export function pressInLine(app: App, prompt: LinePrompt, key: string): void {
  const { text, cursor } = prompt;
  const before = text.slice(0, cursor);
  const after = text.slice(cursor);
  const write = (next: string, at: number): void =>
    app.store.set({ prompt: { ...prompt, text: next, cursor: at, stem: null, recall: 0 } });
  const shorten = (left: string): void => write(left + after, left.length);
  if (key === 'enter') submit(app, text);
  else if (key === 'tab' || key === 'shift-tab') completeLine(app, prompt, key === 'tab' ? 1 : -1);
  else if (key === 'up' || key === 'down') recall(app, prompt, key === 'up' ? 1 : -1);
  else if (key === 'left') write(text, cursor - (characters(before).at(-1)?.length ?? 0));
  else if (key === 'right') write(text, cursor + (characters(after)[0]?.length ?? 0));
  else if (key === 'home' || key === 'ctrl-a') write(text, 0);
  else if (key === 'end' || key === 'ctrl-e') write(text, text.length);
  else if (key === 'ctrl-u') write(after, 0);
  else if (key === 'ctrl-w') shorten(before.replace(/\S+\s*$/, ''));
  else if (key === 'backspace' && text === '') app.store.set({ prompt: null });
  else if (key === 'backspace' || key === 'delete') shorten(characters(before).slice(0, -1).join(''));
  else {
    const typed = key === 'space' ? ' ' : key;
    if (characters(typed).length === 1) write(before + typed + after, cursor + typed.length);
  }
}

function submit(app: App, text: string): void {
  const line = text.trim();
  app.store.set({ prompt: null });
  app.remember(line);
  void app.run(line);
}

/** Goes through the lines that begin with what was typed before the first ↑. */
function recall(app: App, prompt: LinePrompt, by: 1 | -1): void {
  const { history } = app.store.get();
  const start = prompt.recall === 0 ? prompt.text : (prompt.sought ?? '');
  let back = prompt.recall;
  do back += by;
  while (back > 0 && back <= history.length && !history[history.length - back]?.startsWith(start));
  if (back > history.length) return;
  back = Math.max(0, back);
  const text = back === 0 ? start : (history[history.length - back] as string);
  app.store.set({
    prompt: { ...prompt, text, cursor: text.length, recall: back, stem: null, choice: -1, sought: start },
  });
}

/** Tab takes the only completion, or goes through them one by one. */
function completeLine(app: App, prompt: LinePrompt, by: 1 | -1): void {
  const view = app.view();
  if (view === null) return;
  const stem = prompt.stem ?? prompt.text;
  const { from, options } = complete(stem, view);
  if (options.length === 0) return;
  const only = options.length === 1;
  const start = prompt.stem === null ? (by === 1 ? -1 : 0) : prompt.choice;
  const choice = only ? 0 : (start + by + options.length) % options.length;
  const text = stem.slice(0, from) + (options[choice]?.text ?? '') + (only ? ' ' : '');
  app.store.set({ prompt: { ...prompt, text, cursor: text.length, stem: only ? null : stem, choice } });
}
