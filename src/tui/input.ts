/** From what the terminal sends to what it means. Keys joined in one chunk are taken one by one, each seeing what the one before it did. */
import type { Key } from 'ink';
import type { App } from './app.ts';
import { pressOnStage } from './keymap.ts';
import { nameOf } from './keys/binding.ts';
import { pressInLine } from './line-editor.ts';
import { scrolledTo, type TextOverlay } from './panes/overlay.ts';
import { pressInPicker } from './picker.ts';
import type { Prompt } from './store.ts';
import { characters } from './text.ts';
import type { View } from './view.ts';

const special: readonly (readonly [keyof Key, string])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
];
const controls: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  ' ': 'space',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u001b': 'escape',
  '\u0003': 'ctrl-c',
};

const controlled = (character: string): string => `ctrl-${String.fromCharCode(character.charCodeAt(0) + 96)}`;

/** The names of the keys in one event of Ink's: more than one when they came joined. */
export function keysOf(input: string, key: Key): string[] {
  for (const [flag, name] of special) if (key[flag] === true) return [name];
  if (key.tab) return [key.shift ? 'shift-tab' : 'tab'];
  if (key.ctrl) return [`ctrl-${input}`];
  const names = characters(input)
    .map((character) => controls[character] ?? (/^[\x01-\x1a]$/.test(character) ? controlled(character) : character))
    .filter((name) => !/^[\x00-\x1f\x80-\x9f]$/.test(name));
  // Escape and a key typed fast reach us as Alt and that key: no binding uses Alt
  return key.meta ? ['escape', ...names] : names;
}

export function press(app: App, key: string): void {
  const { screen, toast, prompt, overlay } = app.store.get();
  const view = app.view();
  if (key === 'ctrl-c') app.quit();
  else if (screen === 'picker') pressInPicker(app, key);
  else if (view === null || screen === 'opening') pressWhileOpening(app, key);
  else {
    if (toast !== null) app.store.set({ toast: null });
    if (prompt !== null) pressInPrompt(app, prompt, key);
    else if (overlay?.kind === 'node' && (key === 'escape' || key === 'backspace')) app.store.set({ overlay: null });
    else if (overlay !== null && overlay.kind !== 'node')
      pressInOverlay(app, view, { ...overlay, kind: overlay.kind }, key);
    else pressOnStage(app, view, key);
  }
}

/** Nodes that do not come up are no reason to stay. */
function pressWhileOpening(app: App, key: string): void {
  if (app.store.get().keymap.byKey.get(key)?.command === 'quit') app.quit();
}

interface Overlay {
  readonly kind: TextOverlay;
  readonly scroll: number;
}

const scrolls: Readonly<Record<string, number>> = {
  up: -1,
  k: -1,
  down: 1,
  j: 1,
  pageup: -10,
  pagedown: 10,
  space: 10,
  home: -1e6,
  end: 1e6,
};

/** Keys that do in a text over the stage what they do on the stage. */
const keepsOverlay: readonly string[] = ['dump', 'hint', 'claim-cannot'];

function pressInOverlay(app: App, view: View, overlay: Overlay, key: string): void {
  const by = scrolls[key];
  const binding = app.store.get().keymap.byKey.get(key);
  // a question can be answered wherever it is read
  const isAsked = view.lesson?.on === true && (overlay.kind === 'lesson' || view.lesson.reading !== null);
  if (isAsked && binding?.command === 'lesson next') void app.run('lesson next');
  else if (by !== undefined) scrollTo(app, view, overlay, overlay.scroll + by);
  else if (binding !== undefined && keepsOverlay.includes(nameOf(binding))) pressOnStage(app, view, key);
  else app.store.set({ overlay: null });
}

/** Not beyond the end: the way back begins at once. */
const scrollTo = (app: App, view: View, { kind }: Overlay, wish: number): void =>
  app.store.set({ overlay: { kind, scroll: scrolledTo(view, kind, Math.max(0, wish)) } });

function pressInPrompt(app: App, prompt: Prompt, key: string): void {
  if (key === 'escape') app.store.set({ prompt: null });
  else if (prompt.kind === 'line') pressInLine(app, prompt, key);
  else if (prompt.kind === 'pick') pressInPick(app, prompt, key);
  else pressInSides(app, prompt, key);
}

function pressInPick(app: App, prompt: Extract<Prompt, { kind: 'pick' }>, key: string): void {
  const { options, index, marked } = prompt;
  const move = (to: number): void =>
    app.store.set({ prompt: { ...prompt, index: (to + options.length) % options.length } });
  const text = options[index]?.text;
  if (key === 'up' || key === 'k' || key === 'shift-tab') move(index - 1);
  else if (key === 'down' || key === 'j' || key === 'tab') move(index + 1);
  else if (/^[1-9]$/.test(key) && options[Number(key) - 1] !== undefined) move(Number(key) - 1);
  else if (key === 'space' && marked !== null && text !== undefined) {
    const next = new Set(marked);
    if (!next.delete(text)) next.add(text);
    app.store.set({ prompt: { ...prompt, marked: next } });
  } else if (key === 'enter' || key === 'space') {
    app.store.set({ prompt: null });
    prompt.done(app, marked === null ? (text === undefined ? [] : [text]) : [...marked]);
  }
}

function pressInSides(app: App, prompt: Extract<Prompt, { kind: 'sides' }>, key: string): void {
  const { sides, index } = prompt;
  const to = (side: number, at = index): void =>
    app.store.set({ prompt: { ...prompt, index: at, sides: sides.map((old, i) => (i === at ? side : old)) } });
  const now = sides[index] as number;
  const most = Math.min(9, sides.length);
  if (key === 'up' || key === 'k')
    app.store.set({ prompt: { ...prompt, index: (index - 1 + sides.length) % sides.length } });
  else if (key === 'down' || key === 'j' || key === 'tab')
    app.store.set({ prompt: { ...prompt, index: (index + 1) % sides.length } });
  else if (key === 'space' || key === 'right') to((now + 1) % Math.min(most, Math.max(2, new Set(sides).size + 1)));
  else if (key === 'left') to((now + most - 1) % most);
  else if (/^[1-9]$/.test(key) && Number(key) <= most) to(Number(key) - 1);
  else if (key === 'enter') takeSides(app, sides);
}

function takeSides(app: App, sides: readonly number[]): void {
  const ids = app.view()?.world.ids ?? [];
  const groups = [...new Set(sides)]
    .sort((a, b) => a - b)
    .map((side) => ids.filter((_, i) => sides[i] === side).join(','));
  if (groups.length < 2) {
    app.say('all are on one side: move one with space or a number', 'bad');
    return;
  }
  app.store.set({ prompt: null });
  app.run(`partition ${groups.join(' | ')}`);
}
