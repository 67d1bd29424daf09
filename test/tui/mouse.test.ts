/** The mouse: its reports are taken out of what is typed, whole or in pieces, and what they do is what they are over. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import fc from 'fast-check';
import protocol from '../../machines/two-phase-commit.ts';
import {
  createMouse,
  createMouseReader,
  handleMouse,
  keysOnly,
  type MouseReport,
  mouseOff,
  mouseOn,
} from '../../src/tui/mouse.ts';
import { StillSession, scenarioOf, stageFor } from './stage.ts';

const four = { C: 'coordinator', P1: 'participant', P2: 'participant', P3: 'participant' };
const begin = { atMs: 0, node: 'C', input: 'begin', data: { transaction: 't1' } };

test('reports are told and keys are left, wherever the chunks are cut', () => {
  const click: MouseReport = { act: 'click', column: 4, row: 9 };
  const parts = fc.array(
    fc.constantFrom(
      { text: '\u001b[<0;5;10M', told: [click], left: '' },
      { text: '\u001b[<0;5;10m', told: [], left: '' },
      { text: '\u001b[<4;5;10M', told: [click], left: '' },
      { text: '\u001b[<2;5;10M', told: [], left: '' },
      { text: '\u001b[<64;1;1M', told: [{ act: 'wheel-up', column: 0, row: 0 } as MouseReport], left: '' },
      { text: 'q', told: [], left: 'q' },
      { text: '\u001b[A', told: [], left: '\u001b[A' },
      { text: 'x<1;', told: [], left: 'x<1;' },
    ),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(parts, fc.array(fc.nat(40)), (typed, cuts) => {
      const told: MouseReport[] = [];
      const take = createMouseReader((event) => told.push(event));
      const text = typed.map((part) => part.text).join('');
      // a chunk may end anywhere but within `ESC [`: that much Ink puts together itself
      const at = [...new Set(cuts)].filter((cut) => !/\u001b\[?$/.test(text.slice(0, cut))).sort((a, b) => a - b);
      const chunks = [...at, text.length].map((end, i) => text.slice(at[i - 1] ?? 0, end));
      assert.equal(chunks.map(take).join(''), typed.map((part) => part.left).join(''));
      assert.deepEqual(
        told,
        typed.flatMap((part) => part.told),
      );
    }),
  );
});

test('Ink reads the keys alone; everything else of the input is the input', () => {
  const chunks = ['\u001b[<0;1;1M', 'a\u001b[<65;2;3Mb', null];
  const told: string[] = [];
  const stdin = Object.assign(new EventEmitter(), {
    isTTY: true,
    raw: false,
    setRawMode(on: boolean) {
      this.raw = on;
    },
    read: () => chunks.shift() ?? null,
  });
  const keys = keysOnly(stdin as unknown as NodeJS.ReadStream, ({ act }) => told.push(act));
  assert.equal(keys.read(), 'ab');
  assert.equal(keys.read(), null);
  assert.deepEqual(told, ['click', 'wheel-down']);
  keys.setRawMode(true);
  assert.equal(stdin.raw, true);
  const heard: string[] = [];
  const listener = (): void => void heard.push('readable');
  keys.addListener('readable', listener);
  stdin.emit('readable');
  keys.removeListener('readable', listener);
  stdin.emit('readable');
  assert.deepEqual(heard, ['readable']);
});

test('what was switched on is switched off, also by an end that nobody planned', () => {
  const before = process.listeners('exit');
  const written: string[] = [];
  const mouse = createMouse((text) => written.push(text));
  mouse.turn(true);
  mouse.turn(true);
  const [atExit] = process.listeners('exit').filter((listener) => !before.includes(listener));
  atExit?.(1);
  assert.deepEqual(written, [mouseOn, mouseOff]);
  mouse.turn(true);
  mouse.end();
  mouse.end();
  assert.deepEqual(written.slice(2), [mouseOn, mouseOff]);
  assert.deepEqual(process.listeners('exit'), before);
});

/** Where this stands on the screen. */
function placeOf(lines: readonly string[], what: RegExp): { column: number; row: number } {
  const row = lines.findIndex((line) => what.test(line));
  assert.ok(row >= 0, `${what} is not on the screen:\n${lines.join('\n')}`);
  return { column: what.exec(lines[row] as string)?.index ?? 0, row };
}

for (const [columns, rows] of [
  [80, 24],
  [160, 45],
] as const) {
  test(`a click selects the node, message or event under it, the wheel moves on in its pane, at ${columns}x${rows}`, () => {
    const session = new StillSession(scenarioOf(protocol, four, { inputs: [begin] }), protocol);
    session.steps(6);
    const { app, store, lines } = stageFor(session, columns, rows);
    const at = (act: MouseReport['act'], what: RegExp): void => handleMouse(app, { act, ...placeOf(lines(), what) });
    at('click', /P2 participant/);
    assert.deepEqual([store.get().focus, store.get().node], ['nodes', 2]);
    const message = app.view()?.queue[1];
    at('click', new RegExp(`${message?.id} ${message?.from}→${message?.to}`));
    assert.deepEqual([store.get().focus, store.get().message], ['queue', message?.id]);
    at('click', /5 .*◀|▶/);
    assert.equal(store.get().focus, 'diagram');
    const event = store.get().event as number;
    assert.ok(event >= 4 && event < 6, String(event));
    at('wheel-up', /what happened|▶|◀/);
    at('wheel-up', /▶|◀/);
    assert.ok((store.get().event as number) < event);
    at('wheel-down', /P1 participant/);
    assert.deepEqual([store.get().focus, store.get().node], ['nodes', 3]);
  });
}

test('a click outside everything, and one in a window too small, do nothing', () => {
  const session = new StillSession(scenarioOf(protocol, four), protocol);
  for (const [columns, rows] of [
    [80, 24],
    [40, 10],
  ] as const) {
    const { app, store } = stageFor(session, columns, rows);
    const before = store.get();
    for (const [column, row] of [
      [0, 0],
      [500, 500],
      [-1, -1],
    ] as const)
      for (const act of ['click', 'wheel-up', 'wheel-down'] as const) handleMouse(app, { act, column, row });
    assert.deepEqual(store.get(), before);
  }
});

test('a click chooses in a question and in the picker, a second one takes it', async () => {
  const presets = ['one', 'two', 'three'].map((id) => ({
    id,
    title: `The ${id}`,
    topic: 'Topic',
    summary: '',
    protocol: 'p',
    path: id,
  }));
  const picker = stageFor(null, 80, 24, presets);
  const click = (stage: ReturnType<typeof stageFor>, what: RegExp): void =>
    handleMouse(stage.app, { act: 'click', ...placeOf(stage.lines(), what) });
  click(picker, /three/);
  assert.equal(picker.store.get().picker.index, 2);
  assert.deepEqual(picker.opened, []);
  click(picker, /three/);
  assert.deepEqual(picker.opened, ['three']);

  const session = new StillSession(scenarioOf(protocol, four), protocol);
  const stage = stageFor(session, 120, 36);
  await stage.keys('1', 'P');
  click(stage, /P3 +participant, up/);
  click(stage, /P3 +participant, up/);
  assert.equal(stage.store.get().prompt, null);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(session.world.cuts.length, 1);
});
