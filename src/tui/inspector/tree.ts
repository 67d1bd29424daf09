/**
 * A value as a tree, one line for each part that is too long for one line of its parent, with what changed marked by a
 * sign and a word: `+ new`, `~ changed, and what it was`, `- gone`.
 */
import type { Json } from '../../core/protocol.ts';
import { safe, value } from '../format.ts';
import { cut, type Line, line, pad, piece, width, wrap } from '../text.ts';
import type { Style } from '../theme.ts';
import { type Row, rowOf } from './body.ts';
import type { Branch, Change } from './changes.ts';

/** As everywhere, but what is empty can be seen. */
export const shown = (json: Json): string => (json === '' ? '(empty)' : value(json));

export interface TreeStyle {
  readonly room: number;
  /** the key that opens a row, as printed */
  readonly openKey: string;
  /** rows that were opened or closed by hand, by path */
  readonly folds: ReadonlySet<string>;
  /** closed until it is opened, with these words for what is in it; null: as its size suggests */
  hidden(branch: Branch): string | null;
}

const signs: Readonly<Record<Change, readonly [string, Style | undefined]>> = {
  same: [' ', undefined],
  new: ['+', 'good'],
  changed: ['~', 'warn'],
  gone: ['-', 'bad'],
};
/** A tree with more entries than this stays closed until it is opened, unless something in it changed. */
const openMax = 12;
const rowsMax = 500;
const nameMax = 24;

/** What is wrong, or new, in words after the value. */
function remark({ change, was, inside }: Branch, room: number): Line {
  if (change === 'new') return line(piece('  new', 'good'));
  if (change === 'gone') return line(piece('  gone', 'bad'));
  if (change !== 'changed' || (inside.length > 0 && room < 30)) return [];
  return line(piece(`  was ${cut(shown(was as Json), Math.max(8, Math.floor(room / 2) - 6))}`, 'warn'));
}

export function treeRows(branches: readonly Branch[], style: TreeStyle, path = '', depth = 0): Row[] {
  const names = Math.min(
    nameMax,
    branches.reduce((most, { name }) => Math.max(most, width(safe(name))), 0),
  );
  const rows: Row[] = [];
  for (const each of branches) {
    if (rows.length > rowsMax) {
      rows.push(rowOf(line(piece(`${'  '.repeat(depth)}   … and more`, 'dim'))));
      break;
    }
    rows.push(...branchRows(each, style, `${path}/${each.name}`, depth, names));
  }
  return rows;
}

function branchRows(branch: Branch, style: TreeStyle, path: string, depth: number, names: number): Row[] {
  const { change, inside } = branch;
  const [sign, tone] = signs[change];
  const left = line(
    piece(` ${sign} `, tone),
    '  '.repeat(Math.min(depth, 8)),
    piece(pad(safe(branch.name), names), change === 'same' ? 'accent' : 'bold'),
    '  ',
  );
  const room = style.room - 5 - Math.min(depth, 8) * 2 - names;
  const text = shown((branch.now === undefined ? branch.was : branch.now) as Json);
  const after = remark(branch, room);
  const afterWidth = after.reduce((sum, part) => sum + width(part.text), 0);
  const toggled = style.folds.has(path);
  const hidden = style.hidden(branch);
  const toned = (words: string): Line => line(piece(words, change === 'gone' ? 'dim' : undefined));
  const deep = changesInside(branch);
  if (hidden === null && !toggled && width(text) + afterWidth <= room && !(deep && width(text) > room / 2))
    return [rowOf(line(left, toned(text), after))];
  const isOpen =
    hidden !== null ? toggled : inside.length > 0 ? (inside.length <= openMax || deep) !== toggled : toggled;
  const target = { kind: 'fold', path } as const;
  if (inside.length === 0) {
    if (!isOpen) return [rowOf(line(left, toned(cut(text, room - afterWidth)), after), target)];
    const lines = wrap(text, Math.max(10, room));
    const indent = ' '.repeat(style.room - room);
    return lines.map((words, i) =>
      rowOf(i === 0 ? line(left, words) : line(indent, words), i === 0 ? target : undefined),
    );
  }
  const head = hidden ?? (isOpen ? entries(inside.length) : text);
  const words = isOpen ? head : `${cut(head, Math.max(8, room - afterWidth - 16))}`;
  const open = isOpen || width(words) + afterWidth + 14 > room ? '' : `  ${style.openKey} opens`;
  const own = rowOf(
    line(left, piece(words, 'dim'), isOpen && change === 'changed' ? [] : after, piece(open, 'dim')),
    target,
  );
  return isOpen ? [own, ...treeRows(inside, style, path, depth + 1)] : [own];
}

const changesInside = ({ change, inside }: Branch): boolean =>
  change === 'changed' && inside.some((each) => each.change !== 'same');
const entries = (count: number): string => (count === 1 ? '1 entry' : `${count} entries`);
