/** The inspector on the screen: who the node is, then its parts, each under a title with its place in what it has to show. */

import { safe, stamp, vectorText } from '../format.ts';
import { briefChips, statusPiece } from '../panes/node-chips.ts';
import { cut, ends, fit, flow, type Line, line, lineWidth, piece, restyle, width } from '../text.ts';
import { symbols } from '../theme.ts';
import type { View } from '../view.ts';
import { cursorRow, topRow } from './cursor.ts';
import { joint } from './joints.ts';
import { bodyOf, type Part, partOf, partsOf, partTitle } from './parts.ts';
import { type Column, headRows, placesOf } from './place.ts';

interface Cell {
  readonly line: Line;
  /** the title of a part, which is a rule */
  readonly rule: boolean;
}

/** Whole lines, borders included, for the rows between the inspector's title and the footer. */
export function inspectorLines(view: View, columns: number, rows: number): Line[] {
  const room = columns - 2;
  const head = headLines(view, room);
  const places = placesOf(view, room, rows - headRows);
  const alone = places.length === 1;
  const cells = places.map((column) => columnCells(view, column, rows - headRows, alone));
  const body = Array.from({ length: rows - headRows }, (_, y) => joinRow(cells, y));
  return [...head.map((each) => line(piece('│', 'dim'), each, piece('│', 'dim'))), ...body];
}

function headLines(view: View, room: number): Line[] {
  const { node, world } = view;
  const status = statusPiece(node);
  const path = node.state === null ? '' : `  ${safe(node.path)}`;
  const who = line(
    ' ',
    piece(safe(node.id), 'bold'),
    piece(`  ${safe(node.role)}  `, 'dim'),
    piece(status.text, status.style),
    path,
  );
  const clocks = [`${stamp(node.lamport)}  ${vectorText(node.vector, world.ids)}`, stamp(node.lamport)].find(
    (words) => lineWidth(who) + width(words) + 4 <= room,
  );
  const facts = flow(briefChips(view, node), room - 2, 3)[0] ?? [];
  return [ends(who, line(piece(clocks ?? '', 'dim'), ' '), room), fit(line(' ', facts), room)];
}

function columnCells(view: View, { width: room, places }: Column, rows: number, alone: boolean): Cell[] {
  const cells: Cell[] = [];
  for (const place of places) {
    const body = bodyOf(view, place.part, room);
    const cursor = cursorRow(view, place.part, body);
    const top = topRow(cursor, body, place.rows);
    const focused = place.part === partOf(view);
    const title = alone
      ? tabsTitle(view, room, placeText(body.rows.length, top, place.rows))
      : partRule(view, place.part, room, focused, placeText(body.rows.length, top, place.rows));
    cells.push({ line: title, rule: true });
    for (let i = 0; i < place.rows; i++) {
      const row = body.rows[top + i];
      const content = fit(row?.line ?? [], room);
      cells.push({ line: focused && row !== undefined && top + i === cursor ? marked(content) : content, rule: false });
    }
  }
  while (cells.length < rows) cells.push({ line: fit([], room), rule: false });
  return cells;
}

/** `1-12 of 47`, when not everything is in sight. */
const placeText = (count: number, top: number, room: number): string =>
  count <= room ? '' : ` ${top + 1}-${Math.min(count, top + room)} of ${count} `;

function marked(content: Line): Line {
  const [first, ...rest] = content;
  return restyle([{ text: symbols.cursor }, { text: (first?.text ?? ' ').slice(1) }, ...rest], 'selected');
}

function partRule(view: View, part: Part, room: number, focused: boolean, where: string): Line {
  const title = line(
    piece(focused ? symbols.cursor : ' ', 'title'),
    piece(cut(partTitle(view, part), room - 4), focused ? 'title' : undefined),
    ' ',
  );
  const fill = room - lineWidth(title) - width(where) - 1;
  if (fill < 1) return fit(title, room);
  return line(title, piece('─'.repeat(fill), 'dim'), piece(where, 'dim'), piece('─', 'dim'));
}

/** All parts by name, the one that is shown marked. */
function tabsTitle(view: View, room: number, where: string): Line {
  const now = partOf(view);
  const tabs = partsOf(view).map((part) =>
    part === now
      ? line(piece(symbols.cursor, 'title'), piece(partTitle(view, part), 'title'))
      : line(' ', piece(partTitle(view, part), 'dim')),
  );
  const names = line(...tabs.flatMap((tab) => [tab, piece(' ')]));
  const fill = room - lineWidth(names) - width(where) - 1;
  if (fill < 0) return fit(names, room);
  return line(names, piece('─'.repeat(fill), 'dim'), piece(where, 'dim'), piece('─', 'dim'));
}

/** The cells of one row with borders between them. */
function joinRow(columns: readonly (readonly Cell[])[], y: number): Line {
  const parts: Line[] = [];
  for (let i = 0; i <= columns.length; i++) {
    const [left, right] = [columns[i - 1]?.[y], columns[i]?.[y]];
    parts.push([piece(joint(left?.rule ?? null, right?.rule ?? null, y > 0), 'dim')]);
    if (right !== undefined) parts.push(right.line);
  }
  return line(...parts);
}
