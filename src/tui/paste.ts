/** Pasted text: one line is put where one types; several are commands, and run line by line, each after the one before it. */
import type { App } from './app.ts';
import { safe } from './format.ts';
import { typed } from './prompts.ts';

const mostLines = 200;
const longestLine = 1000;

/** Lines without what a terminal would obey, without empty ones and remarks, and without the `:` that stands before commands in texts. */
export const commandsIn = (text: string): string[] =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => clean(line).trim().replace(/^:\s*/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'));

const clean = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, longestLine);

export async function paste(app: App, text: string): Promise<void> {
  const { screen, prompt, picker } = app.store.get();
  if (screen === 'opening' || text === '') return;
  if (screen === 'picker') {
    const [word = ''] = text.split(/[\r\n]/);
    app.store.set({ picker: { ...picker, query: picker.query + clean(word), index: 0 } });
    return;
  }
  if (prompt !== null && prompt.kind !== 'line') {
    app.say('text can be pasted into the command line: Esc, then :', 'bad');
    return;
  }
  const before = prompt === null ? '' : prompt.text.slice(0, prompt.cursor);
  const after = prompt === null ? '' : prompt.text.slice(prompt.cursor);
  if (!/[\r\n]/.test(text.trim())) {
    typeIn(
      app,
      before,
      clean(text)
        .replace(prompt === null ? /^\s*:?\s*/ : /^$/, '')
        .trimEnd(),
      after,
    );
    return;
  }
  app.store.set({ prompt: null, overlay: null });
  await runLines(app, commandsIn(before + text + after));
}

function typeIn(app: App, before: string, text: string, after: string): void {
  const line = before + text;
  typed(app, line + after);
  const { prompt } = app.store.get();
  if (prompt?.kind === 'line') app.store.set({ prompt: { ...prompt, cursor: line.length } });
}

async function runLines(app: App, lines: readonly string[]): Promise<void> {
  if (lines.length > mostLines) {
    app.say(`these are ${lines.length} lines; at most ${mostLines} are run at once`, 'bad');
    return;
  }
  for (const [i, line] of lines.entries()) {
    app.store.set({ toast: null });
    app.remember(line);
    if (await app.run(line)) continue;
    const why = app.store.get().toast?.text ?? 'it was not possible';
    app.say(`line ${i + 1} of ${lines.length}, ${safe(line)}: ${why}`, 'bad');
    return;
  }
  if (lines.length > 0) app.say(`${lines.length} pasted lines have been run`, 'good');
}
