/** A node in one line: what it is, how it stands, its state, its clock, and as much more as there is room for. */
import { innermostStates } from '../../core/state-path.ts';
import type { NodeRecord } from '../../core/world.ts';
import { safe, stamp } from '../format.ts';
import { cutName, ends, type Line, line, lineWidth, pad, piece, width } from '../text.ts';
import { symbols } from '../theme.ts';
import type { View } from '../view.ts';
import { factChips, statusPiece } from './node-chips.ts';

export interface Columns {
  readonly id: number;
  readonly role: number;
  readonly status: number;
}

const longest = (texts: readonly string[]): number => texts.reduce((most, text) => Math.max(most, width(text)), 1);

export function columnsOf(view: View, room: number): Columns {
  const id = Math.min(12, longest(view.world.ids.map(safe)));
  const role = room < 38 ? 0 : Math.min(room < 42 ? 11 : 14, longest(view.world.nodes.map((node) => safe(node.role))));
  const status = Math.max(room < 46 ? 2 : 7, longest(view.world.nodes.map((node) => statusPiece(node).text)));
  return { id, role, status };
}

/** The states alone, without those around them, where all of it is too long. */
function shortPath(path: string, room: number): string {
  if (width(safe(path)) <= room) return safe(path);
  const states = safe(innermostStates(path)).split(' & ');
  let text = states.join(' & ');
  // whole names or none
  for (let count = states.length - 1; count > 0 && width(text) > room; count--)
    text = [...states.slice(0, count), '…'].join(' & ');
  return text;
}

/** Where a node that is down stood before. */
function wasIn(node: NodeRecord, room: number): string {
  const path = node.crash?.path ?? node.path;
  return path === '' ? 'had not started' : `was ${shortPath(path, room - 4)}`;
}

/** @param facts how many chips may follow the state, when they fit: what is wrong comes first */
export function nodeLine(view: View, node: NodeRecord, columns: Columns, room: number, facts: number): Line {
  const selected = node.id === view.node.id;
  const marker = selected ? (view.ui.focus === 'nodes' ? symbols.cursor : '›') : ' ';
  const status = statusPiece(node);
  const down = node.status === 'crashed' || node.status === 'failed';
  const left = line(
    piece(marker, 'accent'),
    piece(pad(cutName(safe(node.id), columns.id), columns.id), 'bold'),
    ' ',
    piece(columns.role === 0 ? '' : `${pad(safe(node.role), columns.role)} `, 'dim'),
    piece(pad(status.text, columns.status), status.style),
    ' ',
  );
  const lamport = line(piece(stamp(node.lamport).padStart(4), 'dim'));
  const space = room - lineWidth(left) - lineWidth(lamport) - 1;
  const state = down ? piece(wasIn(node, space), 'dim') : piece(shortPath(node.path, space));
  return ends(withFacts(view, node, line(left, state), room - lineWidth(lamport) - 3, facts), lamport, room);
}

function withFacts(view: View, node: NodeRecord, left: Line, room: number, most: number): Line {
  let out = left;
  let count = 0;
  for (const chip of most === 0 ? [] : factChips(view, node)) {
    if (count >= most || lineWidth(out) + 2 + lineWidth(chip) > room) continue;
    out = line(out, '  ', chip);
    count += 1;
  }
  const short = piece('BLOCKED', 'bad');
  if (count > 0 || most === 0 || node.blockedSinceMs === null || lineWidth(out) + 2 + width(short.text) > room)
    return out;
  return line(out, '  ', short);
}
