/** The node cards: one line for each node, and under it as much of its state as there is room for; the selected one whole. */

import type { NodeRecord } from '../../core/world.ts';
import { safe } from '../format.ts';
import { isWhole, listed } from '../node-list.ts';
import { spotted } from '../spots.ts';
import { fit, flow, type Line, line, width } from '../text.ts';
import type { View } from '../view.ts';
import { nodeChips } from './node-chips.ts';
import { columnsOf, nodeLine } from './node-line.ts';
import { tableLines } from './node-table.ts';

/** How many detail lines each node gets: the selected one all of its, the others one more each, those in trouble first, as long as there is room. */
function shareOut(wishes: readonly number[], selected: number, order: readonly number[], rows: number): number[] {
  const given = wishes.map(() => 0);
  let left = rows - wishes.length;
  if (left <= 0) return given;
  given[selected] = Math.min(wishes[selected] ?? 0, left);
  left -= given[selected] as number;
  for (let round = 1; left > 0 && round <= 6; round++) {
    const wanting = order.filter((i) => i !== selected && (wishes[i] ?? 0) >= round);
    for (const i of wanting.slice(0, left)) {
      given[i] = round;
      left -= 1;
    }
  }
  return given;
}

/** Cards as long as every node can have a line of its own; a table of those that are wanted otherwise. */
export const nodesLines = (view: View, room: number, rows: number): Line[] =>
  view.world.nodes.length > rows || !isWhole(view.ui.list) ? tableLines(view, room, rows) : cardLines(view, room, rows);

function cardLines(view: View, room: number, rows: number): Line[] {
  const { world, node } = view;
  const columns = columnsOf(view, room);
  const details = world.nodes.map((each) => flow(nodeChips(view, each), room - 4));
  const troubled = (each: NodeRecord): number =>
    each.status === 'crashed' || each.status === 'failed' ? 0 : each.blockedSinceMs === null ? 2 : 1;
  const order = world.nodes
    .map((_, i) => i)
    .sort((a, b) => troubled(world.nodes[a] as NodeRecord) - troubled(world.nodes[b] as NodeRecord));
  const share = shareOut(
    details.map((lines) => lines.length),
    node.index,
    order,
    rows,
  );
  const lines: Line[] = [];
  let first = 0;
  let last = 0;
  world.nodes.forEach((each, i) => {
    if (each.id === node.id) first = lines.length;
    const card = [nodeLine(view, each, columns, room, (share[i] ?? 0) === 0 ? 1 : 0)];
    for (const detail of (details[i] as Line[]).slice(0, share[i])) card.push(fit(line('    ', detail), room));
    lines.push(...card.map((of) => spotted(of, { kind: 'node', index: i })));
    if (each.id === node.id) last = lines.length;
  });
  // a window over the lines that has the whole selected card in it
  const top = Math.max(0, Math.min(first, Math.max(last - rows, Math.min(first - 1, lines.length - rows))));
  const shown = lines.slice(top, top + rows);
  while (shown.length < rows) shown.push(fit([], room));
  return shown;
}

/** As many facts as there is room for, none of them cut. */
export function nodesTitle({ world, ui }: View, room: number): string {
  const { filter, sort, reversed } = ui.list;
  const down = world.nodes.filter((node) => node.status === 'crashed' || node.status === 'failed').length;
  const lying = world.nodes.filter((node) => node.treachery !== null).length;
  const parts = [`nodes ${world.nodes.length}`];
  if (filter !== '') parts.push(`${listed(world, ui.list).length} listed: ${safe(filter)}`);
  if (sort !== 'id' || reversed) parts.push(`by ${sort}${reversed ? ', turned round' : ''}`);
  if (down > 0) parts.push(`down ${down}`);
  if (lying > 0) parts.push(`traitors ${lying}`);
  return parts.reduce((title, part) => (width(`${title} · ${part}`) <= room ? `${title} · ${part}` : title));
}
