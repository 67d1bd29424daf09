/**
 * What survives a crash, and what does not: stable storage with what the last step wrote; after a crash what was lost
 * and what was kept; after a restart what came back, memory against stable storage.
 */
import { sameJson } from '../../core/json.ts';
import type { Json, JsonObject } from '../../core/protocol.ts';
import type { CrashReport } from '../../core/world.ts';
import { clock, faultNumber, safe } from '../format.ts';
import { keyOf } from '../keys/binding.ts';
import { cut, type Line, line, pad, piece, width } from '../text.ts';
import { type Style, symbols } from '../theme.ts';
import type { View } from '../view.ts';
import { type Body, type Row, rowOf, rowsOf } from './body.ts';
import { changesOf } from './changes.ts';
import { changesBetween, givenWords } from './memory.ts';
import { shown, treeRows } from './tree.ts';

export function storageBody(view: View, room: number, folds: ReadonlySet<string>): Body {
  const { node } = view;
  const before = node.previous?.stable ?? node.stable;
  const tree = treeRows(changesBetween(before as JsonObject, node.stable as JsonObject), {
    room,
    folds,
    openKey: keyOf(view, 'details'),
    hidden: () => null,
  });
  const step = node.previous === null ? '' : `; the last step was #${node.previous.index}`;
  const rows: Row[] = [
    rowOf(line(piece(`   survives a crash${step}`, 'dim'))),
    ...(tree.length > 0 ? tree : [rowOf(line(piece('   nothing has been written', 'dim')))]),
  ];
  if (node.crash !== null) rows.push(rowOf([]), ...crashRows(view, node.crash, room, folds));
  return { rows, anchor: 0 };
}

/** Down: what is gone. Up again: field by field what it knew, what was on stable storage, and what it came back with. */
function crashRows(view: View, crash: CrashReport, room: number, folds: ReadonlySet<string>): Row[] {
  const by = crash.fault === null ? 'it failed by itself' : `fault ${faultNumber(crash.fault)}`;
  const head = rowOf(
    line(
      piece(`   crashed at ${clock(crash.atMs)}`, 'bad'),
      `  #${crash.index}, ${by}, in ${safe(crash.path) || 'no state yet'}`,
    ),
    { kind: 'event', index: crash.index },
  );
  return [
    head,
    ...(crash.returned === undefined
      ? lossRows(view, crash, room, folds)
      : returnRows(view, crash, crash.returned, room)),
  ];
}

function lossRows(view: View, crash: CrashReport, room: number, folds: ReadonlySet<string>): Row[] {
  const lost = changesOf(crash.lost, {}).filter(
    (branch) => givenWords(view, { ...branch, change: 'same', now: branch.was }) === null,
  );
  const rows = treeRows(lost, { room, folds, openKey: keyOf(view, 'details'), hidden: () => null }).map(asLost);
  const timers = crash.lostTimers.map((timer) => line(piece(' - ', 'bad'), `${symbols.timer} ${safe(timer)}`));
  const kept = Object.entries(crash.kept).map(([key, item]) =>
    line(
      piece(` ${symbols.stable} `, 'good'),
      piece(safe(key), 'accent'),
      `  ${cut(shown(item), room - 8 - width(safe(key)))}`,
    ),
  );
  return [
    rowOf(line(piece('   lost', 'bad'), piece(rows.length + timers.length === 0 ? ': nothing' : '', 'dim'))),
    ...rows,
    ...rowsOf(timers),
    rowOf(line(piece('   kept', 'good'), piece(kept.length === 0 ? ': nothing' : '', 'dim'))),
    ...rowsOf(kept),
  ];
}

/** Its own heading says that it is lost. */
const asLost = (row: Row): Row => ({ ...row, line: row.line.filter(({ text }) => text !== '  gone') });

interface Return {
  readonly name: string;
  readonly knew: Json | undefined;
  readonly stored: Json | undefined;
  readonly knows: Json | undefined;
}

const verdicts = {
  lost: [symbols.violated, 'bad', 'lost'],
  other: ['~', 'warn', 'changed'],
  restored: [symbols.stable, 'good', 'from storage'],
  stored: [symbols.stable, 'good', 'stored only'],
  fresh: ['+', 'good', 'new'],
  kept: [symbols.holds, 'good', 'the same'],
} as const satisfies Readonly<Record<string, readonly [string, Style, string]>>;

function verdictOf({ knew, stored, knows }: Return): keyof typeof verdicts {
  if (knew === undefined) return knows === undefined ? 'stored' : 'fresh';
  if (stored !== undefined && sameJson(stored, knows)) return 'restored';
  if (sameJson(knew, knows)) return 'kept';
  return knows === undefined || isEmpty(knows) ? 'lost' : 'other';
}
const isEmpty = (json: Json): boolean =>
  json === null || json === '' || json === 0 || (typeof json === 'object' && Object.keys(json).length === 0);

function returnRows(
  view: View,
  crash: CrashReport,
  { index, path, context }: NonNullable<CrashReport['returned']>,
  room: number,
): Row[] {
  const names = [...new Set([...Object.keys(crash.lost), ...Object.keys(crash.kept), ...Object.keys(context)])];
  const fields = names
    .map((name): Return => ({ name, knew: crash.lost[name], stored: crash.kept[name], knows: context[name] }))
    .filter(
      ({ name, knew, knows }) =>
        givenWords(view, { name, change: 'same', was: knew, now: knows ?? knew, inside: [] }) === null,
    );
  // what is lost first
  const ranks = Object.keys(verdicts);
  const rank = (field: Return): number => ranks.indexOf(verdictOf(field));
  const sorted = [...fields].sort((a, b) => rank(a) - rank(b));
  const nameColumn = Math.min(
    18,
    fields.reduce((most, { name }) => Math.max(most, width(safe(name))), 5),
  );
  const cell = Math.max(8, Math.floor((room - 3 - nameColumn - 2 - 15) / 3));
  const cells = (name: string, of: readonly string[]): Line =>
    line(pad(safe(name), nameColumn), '  ', of.map((text) => pad(text, cell - 1)).join(' '));
  const text = (json: Json | undefined): string => (json === undefined ? '–' : cut(shown(json), cell - 1));
  const head = line(
    '   ',
    piece(
      lineText(
        cells('', cell > 17 ? ['before the crash', 'stable storage', 'came back with'] : ['before', 'stored', 'back']),
      ),
      'dim',
    ),
  );
  return [
    rowOf(line(piece(`   restarted at #${index}, and came back with`, 'dim')), {
      kind: 'event',
      index,
    }),
    rowOf(head),
    ...sorted.map((field) => {
      const [sign, style, words] = verdicts[verdictOf(field)];
      return rowOf(
        line(
          piece(` ${sign} `, style),
          cells(field.name, [text(field.knew), text(field.stored), text(field.knows)]),
          piece(` ${words}`, style),
        ),
      );
    }),
    rowOf(
      line(
        piece(
          `   state: ${safe(crash.path) || 'none'} before, back in ${safe(path)}`,
          crash.path === path ? 'dim' : 'warn',
        ),
      ),
    ),
  ];
}

const lineText = (of: Line): string => of.map(({ text }) => text).join('');
