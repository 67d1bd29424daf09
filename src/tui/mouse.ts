/**
 * The mouse, where the terminal reports it (SGR reports, mode 1006): switched on and, on every way out, off again; its
 * reports taken out of what is typed; and what a click or the wheel does. With shift held the terminal keeps the mouse to
 * itself, so that text can be selected as ever.
 */
import type { App } from './app.ts';
import { frameOf } from './frame.ts';
import { press } from './input.ts';
import { moveSelection } from './moves.ts';
import { spotAt } from './spots.ts';

export type MouseAct = 'click' | 'wheel-up' | 'wheel-down';
export interface MouseReport {
  readonly act: MouseAct;
  /** of the window, from 0 */
  readonly column: number;
  readonly row: number;
}

export const mouseOn = '\u001b[?1000h\u001b[?1006h';
export const mouseOff = '\u001b[?1006l\u001b[?1000l';

const report = /\u001b\[<(\d{1,4});(\d{1,5});(\d{1,5})([Mm])/g;
/** the beginning of a report whose rest is still to come */
const begun = /\u001b\[<[\d;]{0,17}$/;
const acts: Readonly<Record<number, MouseAct>> = { 0: 'click', 64: 'wheel-up', 65: 'wheel-down' };
/** shift, alt and control, which change nothing here */
const modifiers = 4 | 8 | 16;

/** Takes the reports out of what the terminal sends; a report cut in two waits for its second half. */
export function createMouseReader(tell: (event: MouseReport) => void): (chunk: string) => string {
  let held = '';
  return (chunk) => {
    const text = held + chunk;
    held = begun.exec(text)?.[0] ?? '';
    return text.slice(0, text.length - held.length).replace(report, (_, code, column, row, end) => {
      const act = acts[Number(code) & ~modifiers];
      if (act !== undefined && end === 'M') tell({ act, column: Number(column) - 1, row: Number(row) - 1 });
      return '';
    });
  };
}

/** The terminal's input without the reports, for Ink to read its keys from. */
export function keysOnly(stdin: NodeJS.ReadStream, tell: (event: MouseReport) => void): NodeJS.ReadStream {
  const take = createMouseReader(tell);
  const read = (): unknown => {
    for (;;) {
      const chunk: unknown = stdin.read();
      if (chunk === null) return null;
      const rest = take(String(chunk));
      if (rest !== '') return rest;
    }
  };
  return new Proxy(stdin, {
    get(target, name) {
      if (name === 'read') return read;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Asks the terminal for reports, or no longer; whatever ends the program, it ends without them. */
export function createMouse(write: (text: string) => void): { turn(on: boolean): void; end(): void } {
  let isOn = false;
  const turn = (on: boolean): void => {
    if (on !== isOn) write(on ? mouseOn : mouseOff);
    isOn = on;
  };
  const last = (): void => turn(false);
  process.on('exit', last);
  return {
    turn,
    end() {
      turn(false);
      process.off('exit', last);
    },
  };
}

const wheelStep = 3;

export function handleMouse(app: App, { act, column, row }: MouseReport): void {
  const { screen, toast } = app.store.get();
  if (screen === 'opening') return;
  if (toast !== null) app.store.set({ toast: null });
  const line = frameOf(app)[row];
  if (line === undefined) return;
  if (act === 'click') click(app, spotAt(line, column));
  else roll(app, spotAt(line, column), act === 'wheel-up' ? -1 : 1);
}

function roll(app: App, { pane }: ReturnType<typeof spotAt>, by: 1 | -1): void {
  const { screen, overlay, prompt } = app.store.get();
  const key = by < 0 ? 'up' : 'down';
  if (screen === 'picker' || prompt?.kind === 'pick' || prompt?.kind === 'sides') press(app, key);
  else if (overlay !== null) for (let i = 0; i < wheelStep; i++) press(app, key);
  else if (pane !== null && prompt === null) {
    app.store.set({ focus: pane });
    const view = app.view();
    if (view !== null) moveSelection(app, view, by);
  }
}

function click(app: App, { pane, item }: ReturnType<typeof spotAt>): void {
  const { overlay, prompt } = app.store.get();
  if (item?.kind === 'choice') choose(app, item.index);
  else if (overlay !== null || prompt !== null) return;
  else if (item?.kind === 'node') app.store.set({ node: item.index, focus: 'nodes' });
  else if (item?.kind === 'message') app.store.set({ message: item.id, focus: 'queue' });
  else if (item?.kind === 'event') app.store.set({ event: item.index, focus: 'diagram' });
  else if (pane !== null) app.store.set({ focus: pane });
}

/** The first click chooses, a second one on the same takes it. */
function choose(app: App, index: number): void {
  const { screen, picker, prompt } = app.store.get();
  if (screen === 'picker') {
    if (picker.index === index) press(app, 'enter');
    else app.store.set({ picker: { ...picker, index } });
  } else if (prompt?.kind === 'pick' || prompt?.kind === 'sides') {
    if (prompt.index !== index) app.store.set({ prompt: { ...prompt, index } });
    else press(app, prompt.kind === 'pick' && prompt.marked === null ? 'enter' : 'space');
  }
}
