/**
 * A role's statechart as a compact picture: states as an indented tree, the present ones marked; beneath each its
 * transitions, those that can be taken now marked, with what would take them standing at the right.
 */
import type { StateInfo, TransitionInfo } from '../../core/statechart.ts';
import type { NodeRecord, World } from '../../core/world.ts';
import { duration, messageText, safe } from '../format.ts';
import { cut, ends, type Line, line, lineWidth, pad, piece, width, wrap } from '../text.ts';
import { symbols } from '../theme.ts';
import type { View } from '../view.ts';
import { type Body, type Row, rowOf, type Target } from './body.ts';
import { type Outlook, outlookOf, type Trigger } from './triggers.ts';

/** The columns of a transition's line. */
interface Columns {
  readonly room: number;
  readonly event: number;
  readonly guard: number;
  readonly target: number;
}

export function chartBody(view: View, room: number): Body {
  const { node, world } = view;
  const outlook = outlookOf(world, node);
  if (outlook === null) return { rows: [rowOf(line(piece('   the protocol has no such role', 'dim')))], anchor: 0 };
  const { chart } = outlook;
  const rows: Row[] = standingRows(node, room);
  const columns = columnsOf(outlook, room);
  const everywhere = transitionRows(world, outlook, '', columns);
  if (everywhere.length > 0) rows.push(rowOf(line(piece('   in every state', 'dim'))), ...everywhere);
  let present: Pick<Body, 'anchor' | 'end'> | null = null;
  for (const state of chart.states) {
    const here = outlook.active.has(state.path);
    const innermost =
      here && !chart.states.some(({ parent, path }) => parent === state.path && outlook.active.has(path));
    const anchor = rows.length;
    rows.push(...stateRows(node, state, here, room), ...transitionRows(world, outlook, state.path, columns));
    // of several regions the first
    if (innermost) present ??= { anchor, end: rows.length };
  }
  return { rows, ...(present ?? { anchor: 0 }) };
}

/** Why nothing is marked. */
function standingRows(node: NodeRecord, room: number): Row[] {
  const say = (words: string): Row[] => wrap(`   ${words}`, room).map((text) => rowOf(line(piece(text, 'bad'))));
  if (node.status === 'crashed') return say('it is down: nothing can happen to it until it is restarted');
  if (node.status === 'failed') return say(`it failed, and takes no steps: ${safe(node.failure ?? '')}`);
  if (node.status === 'paused') return say('it is paused: what comes waits until it goes on');
  return [];
}

const depthOf = (path: string): number => (path === '' ? 0 : path.split('.').length - 1);

function stateRows(node: NodeRecord, state: StateInfo, here: boolean, room: number): Row[] {
  const { previous, crash } = node;
  const lost = node.state === null && crash !== null && isWithin(crash.path, state.path);
  const left = !here && previous !== null && node.state !== null && isWithin(previous.path, state.path);
  const notes = [
    state.type === 'final' ? 'final' : '',
    state.type === 'parallel' ? 'all of these at once' : '',
    lost ? 'was here when it crashed' : '',
    left ? `was here until #${previous.index}` : '',
  ].filter((words) => words !== '');
  const indent = '  '.repeat(depthOf(state.path));
  const mark = here
    ? piece(` ${symbols.mark} `, 'good')
    : lost
      ? piece(` ${symbols.lost} `, 'bad')
      : left
        ? piece(` ${symbols.free} `, 'dim')
        : piece('   ');
  const head = line(
    mark,
    indent,
    piece(safe(state.name), here ? 'bold' : undefined),
    notes.length === 0 ? '' : piece(`  ${notes.join(', ')}`, lost ? 'bad' : 'dim'),
  );
  const about = safe(state.description);
  if (about === '') return [rowOf(head)];
  const spare = room - lineWidth(head) - 3;
  if (width(about) <= spare) return [rowOf(line(head, piece(`   ${about}`, 'dim')))];
  // only the present state is worth more lines than one
  if (!here) return [rowOf(spare < 24 ? head : line(head, piece(`   ${cut(about, spare)}`, 'dim')))];
  return [
    rowOf(head),
    ...wrap(about, room - indent.length - 8).map((text) => rowOf(line(piece(`     ${indent}${text}`, 'dim')))),
  ];
}

const isWithin = (path: string, state: string): boolean =>
  path.split(' & ').some((leaf) => leaf === state || leaf.startsWith(`${state}.`));

function columnsOf({ chart }: Outlook, room: number): Columns {
  const longest = (texts: readonly string[], most: number): number =>
    Math.min(
      most,
      texts.reduce((wide, text) => Math.max(wide, width(text)), 0),
    );
  const { transitions } = chart;
  const event = longest(
    transitions.map((each) => eventText(each)),
    20,
  );
  const target = longest(
    transitions.map((each) => targetText(each, chart.states)),
    20,
  );
  const guard = longest(
    transitions.map(({ guard: name }) => (name === null ? '' : `[${safe(name)}]`)),
    26,
  );
  return { room, event, target, guard: Math.min(guard, Math.max(8, room - 12 - event - target)) };
}

function eventText({ on, event }: TransitionInfo): string {
  if (on === 'after') return `${symbols.timer} ${safe(event)}`;
  if (on === 'event') return safe(event);
  return on === 'done' ? 'when done' : 'at once';
}

/** Names alone where they tell states apart. */
function targetText({ to, from, reenter }: TransitionInfo, states: readonly StateInfo[]): string {
  if (to.length === 0) return 'stays';
  const name = (path: string): string => {
    const own = path.slice(path.lastIndexOf('.') + 1);
    return states.filter(({ name: other }) => other === own).length > 1 ? path : own;
  };
  if (to.length === 1 && to[0] === from && reenter) return 'again';
  return to.map((path) => safe(name(path))).join(' & ');
}

function transitionRows(world: World, outlook: Outlook, from: string, columns: Columns): Row[] {
  const own = outlook.chart.transitions.filter((each) => each.from === from);
  const indent = '  '.repeat(depthOf(from));
  return own.flatMap((each, i) => {
    const before = own[i - 1];
    const follows = before !== undefined && before.on === each.on && before.event === each.event;
    const legal = outlook.legal.has(each);
    const guard = each.guard === null ? (follows ? 'otherwise' : '') : `[${safe(each.guard)}]`;
    const left = line(
      `    ${indent}`,
      piece(legal ? `${symbols.cursor} ` : '  ', 'accent'),
      piece(pad(follows ? '' : eventText(each), columns.event), legal ? 'bold' : 'dim'),
      ' ',
      piece(pad(guard, columns.guard), legal ? undefined : 'dim'),
      columns.guard === 0 ? '' : ' ',
      piece(`→ ${pad(targetText(each, outlook.chart.states), columns.target)}`, legal ? undefined : 'dim'),
    );
    return withTriggers(world, left, outlook.triggers.get(each) ?? [], columns);
  });
}

/** What would take the transition stands at the right, or beneath it where there is no room. */
function withTriggers(world: World, left: Line, triggers: readonly Trigger[], { room }: Columns): Row[] {
  const [first, ...more] = triggers;
  if (first === undefined) return [rowOf(left)];
  const bare = left.map((part, i) => (i === left.length - 1 ? { ...part, text: part.text.trimEnd() } : part));
  const rows: Row[] = [];
  const beside = piece(triggerText(world, first), 'warn');
  if (lineWidth(bare) + width(beside.text) + 2 <= room) rows.push(rowOf(ends(bare, [beside], room), targetOf(first)));
  else rows.push(rowOf(bare), beneath(beside.text, first, room));
  for (const each of more) rows.push(beneath(triggerText(world, each), each, room));
  return rows;
}

const beneath = (text: string, trigger: Trigger, room: number): Row =>
  rowOf(ends([], [piece(cut(text, room - 2), 'warn')], room), targetOf(trigger));

const targetOf = (trigger: Trigger): Target | undefined =>
  trigger.kind === 'message' ? { kind: 'message', id: trigger.message.id } : undefined;

function triggerText(world: World, trigger: Trigger): string {
  if (trigger.kind === 'input') return 'input: key i';
  if (trigger.kind === 'timer') {
    const leftMs = trigger.timer.fireAtMs - world.nowMs;
    return `${symbols.timer} ${leftMs <= 0 ? 'now' : `in ${duration(leftMs)}`}`;
  }
  const { message } = trigger;
  const when =
    message.held !== null
      ? 'held'
      : message.deliverAtMs <= world.nowMs
        ? 'now'
        : `in ${duration(message.deliverAtMs - world.nowMs)}`;
  return `${messageText(message.body)} from ${safe(message.from)} ${when}`;
}
