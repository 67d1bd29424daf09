/** The node cards: one line for each node, and under it as much of its state as there is room for; the selected one whole. */

import type { NodeRecord } from '../../core/world.ts';
import { safe } from '../format.ts';
import { spotted } from '../spots.ts';
import { ends, fit, flow, type Line, line, lineWidth, pad, piece, width } from '../text.ts';
import { symbols } from '../theme.ts';
import type { View } from '../view.ts';
import { nodeChips, statusPiece, worstChip } from './node-chips.ts';

interface Columns {
  readonly id: number;
  readonly role: number;
  readonly status: number;
}

function columnsOf(view: View, room: number): Columns {
  const longest = (texts: readonly string[]): number => texts.reduce((most, text) => Math.max(most, width(text)), 1);
  const id = Math.min(12, longest(view.world.ids.map(safe)));
  const role = room < 38 ? 0 : Math.min(room < 42 ? 11 : 14, longest(view.world.nodes.map((node) => safe(node.role))));
  const status = Math.max(room < 46 ? 2 : 7, longest(view.world.nodes.map((node) => statusPiece(node).text)));
  return { id, role, status };
}

function nodeLine(view: View, node: NodeRecord, columns: Columns, room: number, alone: boolean): Line {
  const selected = node.id === view.node.id;
  const marker = selected ? (view.ui.focus === 'nodes' ? symbols.cursor : '›') : ' ';
  const status = statusPiece(node);
  const down = node.status === 'crashed' || node.status === 'failed';
  const left = line(
    piece(marker, 'accent'),
    piece(pad(safe(node.id), columns.id), 'bold'),
    ' ',
    piece(columns.role === 0 ? '' : `${pad(safe(node.role), columns.role)} `, 'dim'),
    piece(pad(status.text, columns.status), status.style),
    ' ',
    down ? piece(`was ${safe(node.crash?.path ?? node.path)}`, 'dim') : piece(safe(node.path)),
  );
  const lamport = line(piece(`L${String(node.lamport).padStart(3)}`, 'dim'));
  // a card of one line has room for one more fact: what is wrong, in as many words as fit
  const spare = room - lineWidth(left) - lineWidth(lamport) - 3;
  const worst = alone ? worstChip(view, node) : null;
  const short = !alone || node.blockedSinceMs === null ? null : line(piece('BLOCKED', 'bad'));
  const fact = [worst, short].find((chip) => chip !== null && lineWidth(chip) <= spare) ?? null;
  return ends(fact === null ? left : line(left, '  ', fact), lamport, room);
}

/** How many detail lines each node gets: the selected one all of its, the others one more each, those in trouble first, as long as there is room. */
function shareOut(wishes: readonly number[], selected: number, order: readonly number[], rows: number): number[] {
  const given = wishes.map(() => 0);
  let left = rows - wishes.length;
  if (left <= 0) return wishes.map((wish, i) => (i === selected ? Math.min(wish, 3) : 0));
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

export function nodesLines(view: View, room: number, rows: number): Line[] {
  const { world, node } = view;
  const columns = columnsOf(view, room);
  const details =
    world.nodes.length > rows * 2
      ? world.nodes.map((each) => (each.id === node.id ? flow(nodeChips(view, each), room - 4) : []))
      : world.nodes.map((each) => flow(nodeChips(view, each), room - 4));
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
    const card = [nodeLine(view, each, columns, room, (share[i] ?? 0) === 0)];
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
