/** The whole screen as lines of exactly the window's width, panes and borders put together. Pure: what is drawn is what is known. */
import type { App } from './app.ts';
import { isInspecting } from './inspector/acts.ts';
import { inspectorLines } from './inspector/frame.ts';
import { keyOf } from './keys/binding.ts';
import { columnsMin, rowsMin, type Stage, stageOf } from './layout.ts';
import { diagramLines, diagramTitle } from './panes/diagram.ts';
import { footerLine } from './panes/footer.ts';
import { headerLine } from './panes/header.ts';
import { nodesLines, nodesTitle } from './panes/nodes.ts';
import { overlayLines, overlayRows, overlayTitle, stripsOf } from './panes/overlay.ts';
import { pickerLines } from './panes/picker.ts';
import { promptLines, promptTitle } from './panes/prompt.ts';
import { propertyLines } from './panes/properties.ts';
import { propertyListLines } from './panes/property-list.ts';
import { queueLines, queueTitle } from './panes/queue.ts';
import { withToast } from './panes/toast.ts';
import type { Pane } from './store.ts';
import { cut, fit, type Line, line, piece, width } from './text.ts';
import { symbols } from './theme.ts';
import type { View } from './view.ts';

export function frameOf(app: App): Line[] {
  const ui = app.store.get();
  if (ui.columns < columnsMin || ui.rows < rowsMin) return tooSmall(ui.columns, ui.rows, keyOf({ ui }, 'quit'));
  if (ui.screen === 'picker') {
    const picker = pickerLines({ presets: app.presets, runs: app.runs, nowMs: Date.now() }, ui);
    return withToast(picker, ui.toast, ui.columns);
  }
  const view = app.view();
  if (view === null) return centred(ui.columns, ui.rows, ['starting the nodes…', `${keyOf({ ui }, 'quit')} quits`]);
  // a line that is being typed stands where it would be said
  return withToast(stageLines(app, view), ui.prompt?.kind === 'line' ? null : ui.toast, ui.columns);
}

const side = piece('│', 'dim');
const framed = (content: Line): Line => [side, ...content, side];
const paned =
  (pane: Pane) =>
  (content: Line): Line => [{ ...side, spot: { kind: 'pane', pane } }, ...content, side];

/** `┌ title ────┐`; a focused pane's title is bold and marked. Joints are drawn over the rule, by column. */
function rule(
  columns: number,
  left: string,
  right: string,
  title: string,
  focused: boolean,
  joints: Readonly<Record<number, string>> = {},
): Line {
  const words = cut(title, columns - 6);
  const start = width(words) + 3;
  let rest = '';
  for (let x = start; x < columns - 1; x++) rest += joints[x] ?? '─';
  return [
    piece(left, 'dim'),
    piece(focused ? symbols.cursor : ' ', 'title'),
    piece(words, focused ? 'title' : undefined),
    piece(` ${rest}${right}`, 'dim'),
  ];
}

function stageLines(app: App, view: View): Line[] {
  const { ui, world } = view;
  const strip = stripsOf(view);
  const stage = stageOf(
    ui.columns,
    ui.rows - strip.length,
    world.nodes.length,
    ui.prompt === null ? ui.focus : null,
    ui.zoomed && ui.prompt === null,
  );
  const inner = ui.columns - 2;
  const top = headerLine(view, ui.columns);
  const footer = footerLine(view, ui.columns);
  if (isInspecting(view) && ui.prompt === null) {
    const title = rule(ui.columns, '┌', '┐', overlayTitle(view, 'node'), true);
    return [top, ...strip, title, ...inspectorLines(view, ui.columns, ui.rows - 3 - strip.length), footer];
  }
  if (ui.overlay !== null && ui.overlay.kind !== 'node') {
    const content = overlayLines(view, ui.overlay.kind, ui.overlay.scroll, inner, overlayRows(view));
    const title = rule(ui.columns, '┌', '┐', overlayTitle(view, ui.overlay.kind), true);
    return [top, ...strip, title, ...content.map(framed), footer];
  }
  return [
    top,
    ...strip,
    ...upperLines(view, stage, ui.focus),
    ...lowerLines(app, view, stage),
    ...propertiesPane(app, view, stage),
    footer,
  ];
}

/** The verdicts side by side; with the keys, or alone on the stage, one below the other, to be gone through. */
function propertiesPane(app: App, view: View, stage: Stage): Line[] {
  const focused = view.ui.focus === 'properties';
  const [left, right] = stage.upper + stage.lower === 0 ? ['┌', '┐'] : ['├', '┤'];
  const lines = (focused ? propertyListLines : propertyLines)(view, app.index(), stage.width - 2, stage.properties);
  return [rule(stage.width, left as string, right as string, 'properties', focused), ...lines.map(paned('properties'))];
}

function upperLines(view: View, stage: Stage, focus: Pane): Line[] {
  if (stage.upper === 0) return [];
  const left = stage.nodes === 0 ? null : nodesLines(view, stage.nodes, stage.upper);
  const right = stage.queue === 0 ? null : queueLines(view, stage.queue, stage.upper);
  if (left === null || right === null) {
    const title = left === null ? queueTitle(view) : nodesTitle(view, stage.width - 6);
    return [
      rule(stage.width, '┌', '┐', title, true),
      ...((left ?? right) as Line[]).map(paned(left === null ? 'queue' : 'nodes')),
    ];
  }
  const titles: Line = [
    ...rule(stage.nodes + 2, '┌', '┐', nodesTitle(view, stage.nodes - 4), focus === 'nodes'),
    ...rule(stage.queue + 2, '┌', '┐', queueTitle(view), focus === 'queue'),
  ];
  return [titles, ...left.map((each, i) => [...paned('nodes')(each), ...paned('queue')(right[i] as Line)])];
}

/** The diagram, or the question that stands in its place. A question is asked on a zoomed stage too. */
function lowerLines(app: App, view: View, stage: Stage): Line[] {
  const { ui } = view;
  const inner = stage.width - 2;
  if (stage.lower === 0) return [];
  const joints = stage.upper === 0 ? {} : { [stage.nodes + 1]: '┴', [stage.nodes + 2]: '┴' };
  const [left, right] = stage.upper === 0 ? ['┌', '┐'] : ['├', '┤'];
  const title = ui.prompt === null ? diagramTitle(view, app.index()) : promptTitle(ui.prompt);
  const content =
    ui.prompt === null
      ? diagramLines(view, app.index(), inner, stage.lower)
      : promptLines(view, ui.prompt, inner, stage.lower);
  return [
    rule(stage.width, left as string, right as string, title, ui.prompt !== null || ui.focus === 'diagram', joints),
    ...content.map(paned('diagram')),
  ];
}

function centred(columns: number, rows: number, words: readonly string[]): Line[] {
  const lines: Line[] = [];
  const above = Math.max(0, Math.floor((rows - words.length) / 2));
  for (let y = 0; y < rows; y++) {
    const text = cut(words[y - above] ?? '', columns);
    lines.push(fit(line(' '.repeat(Math.max(0, Math.floor((columns - width(text)) / 2))), text), columns));
  }
  return lines;
}

function tooSmall(columns: number, rows: number, quit: string): Line[] {
  return centred(columns, rows, [
    'havoc needs a larger window',
    `it is ${columns}x${rows}; ${columnsMin}x${rowsMin} or more`,
    `${quit} quits`,
  ]);
}
