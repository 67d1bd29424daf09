/** Many nodes: a line each under a head that names the columns, sorted and filtered as asked, the selected one whole. */
import { safe } from '../format.ts';
import { isWhole, listed, type NodeList } from '../node-list.ts';
import { spotted } from '../spots.ts';
import { cut, ends, fit, flow, type Line, line, pad, piece, width } from '../text.ts';
import { symbols } from '../theme.ts';
import type { View } from '../view.ts';
import { nodeChips } from './node-chips.ts';
import { type Columns, columnsOf, nodeLine } from './node-line.ts';

/** With fewer rows than this the head is left out as long as the list is whole. */
const headedRows = 10;

/** The word over a column, with the direction of the order beside the one that it follows; nothing where it does not fit. */
function heading({ sort, reversed }: NodeList, key: string, columns: number): string {
  // the scenario's own order needs no mark
  const marked = key === sort && (key !== 'id' || reversed) ? `${key}${reversed ? symbols.up : symbols.down}` : key;
  return pad([marked, key].find((words) => width(words) <= columns) ?? '', columns);
}

function headLine({ ui }: View, columns: Columns, room: number): Line {
  const { list } = ui;
  const state =
    list.sort === 'blocked' ? `state, blocked ${list.reversed ? 'last' : 'first'}` : heading(list, 'state', 6);
  const left = [
    ' ',
    heading(list, 'id', columns.id),
    ' ',
    columns.role === 0 ? '' : `${heading(list, 'role', columns.role)} `,
    heading(list, 'status', columns.status),
    ' ',
    state,
  ].join('');
  const clock = list.sort === 'lamport' ? `Lamport${list.reversed ? symbols.up : symbols.down}` : 'L';
  return ends(line(piece(left, 'dim')), line(piece(clock, 'dim')), room);
}

export function tableLines(view: View, room: number, rows: number): Line[] {
  const { node, ui, world } = view;
  const columns = withHeadings(columnsOf(view, room), room);
  const nodes = listed(world, ui.list);
  const lines: Line[] = [];
  let [first, last] = [0, 0];
  // the selected card whole, as long as half of the rows are left to the table
  const detailsMax = Math.max(2, Math.floor((rows - 2) / 2));
  for (const each of nodes) {
    const details = each === node ? flow(nodeChips(view, each), room - 4).slice(0, detailsMax) : [];
    // what stands beneath it need not stand beside it
    const card = [nodeLine(view, each, columns, room, each === node ? 0 : 3)];
    card.push(...details.map((detail) => fit(line('    ', detail), room)));
    if (each === node) [first, last] = [lines.length, lines.length + card.length];
    lines.push(...card.map((of) => spotted(of, { kind: 'node', index: each.index })));
  }
  if (lines.length === 0)
    lines.push(fit(line(piece(cut(` no node fits: ${safe(ui.list.filter)}`, room), 'dim')), room));
  // few rows are better spent on nodes than on a head that says nothing new
  const head = rows >= headedRows || !isWhole(ui.list) ? [headLine(view, columns, room)] : [];
  const visible = rows - head.length;
  const top = Math.max(0, Math.min(Math.max(first - Math.floor(visible / 3), last - visible), lines.length - visible));
  const shown = [...head, ...lines.slice(top, top + visible)];
  while (shown.length < rows) shown.push(fit([], room));
  return shown;
}

/** Wide enough for the words over them, where there is room to spare. */
const withHeadings = ({ id, role, status }: Columns, room: number): Columns =>
  room < 46 ? { id, role, status } : { id: Math.max(3, id), role: role === 0 ? 0 : Math.max(5, role), status };
