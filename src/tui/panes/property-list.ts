/**
 * Everything that is judged, one below the other: each property with its verdict and, when selected, with its clauses in
 * words; who is blocked; which assumptions broke; faults against the bound; costs. What has a place in the run leads there.
 */
import { blockedNodes } from '../../core/blocked.ts';
import { type PropertyReport, reportProperties } from '../../core/properties.ts';
import type { Property } from '../../core/protocol.ts';
import type { TraceIndex } from '../diagram/trace-index.ts';
import { clock, safe, shortName } from '../format.ts';
import type { Question } from '../instrument.ts';
import { fit, type Line, line, lineWidth, piece, plain, wrap } from '../text.ts';
import { symbols } from '../theme.ts';
import type { View } from '../view.ts';
import { mishapsOf } from './mishaps.ts';
import { boundChip, costChips } from './properties.ts';

export interface Item {
  readonly head: Line;
  /** shown when it is selected */
  readonly more: readonly string[];
  readonly question?: Question;
  readonly event?: number;
}

const kinds: Readonly<Record<Property['kind'], string>> = {
  always: 'has to hold at every moment',
  sometimes: 'is to be reached in some run: in this one or in another',
  eventually: 'has to come about in the end',
};

function verdictLine(report: PropertyReport): Line {
  const at = report.at === null ? '' : ` at #${report.at}`;
  const name = shortName(report.name);
  if (report.verdict === 'violated') {
    const clause = report.clause === null ? '' : `, ${safe(report.clause)}`;
    return line(piece(`${symbols.violated} ${name}${clause} violated${at}: `, 'bad'), safe(report.why));
  }
  if (report.verdict === 'not reached') return line(piece(`${symbols.notReached} ${name}: not reached`, 'dim'));
  if (report.verdict === 'unknown') return line(piece(`${symbols.unknown} ${name}: `), piece(safe(report.why), 'dim'));
  const sign =
    report.kind === 'sometimes' ? `${symbols.reached} ${name}: reached${at}` : `${symbols.holds} ${name}: holds, `;
  return line(piece(sign, 'good'), piece(report.kind === 'sometimes' ? '' : safe(report.why), 'dim'));
}

export function itemsOf(view: View, index: TraceIndex): Item[] {
  const { world, session, live } = view;
  const reports = reportProperties(world, live && session.quiet);
  const items: Item[] = reports.map((report, i) => {
    const { kind, clauses } = (world.properties[i] as (typeof world.properties)[number]).property;
    return {
      head: verdictLine(report),
      more: [
        `${report.kind}: ${kinds[kind]}`,
        ...Object.entries(clauses).map(([name, words]) => `${safe(name)}: ${safe(words)}`),
      ],
      ...(report.verdict === 'violated' ? { question: { kind: 'property', name: report.name } as const } : {}),
      ...(report.at === null ? {} : { event: report.at }),
    };
  });
  for (const { node, waitsFor, sinceMs } of blockedNodes(world))
    items.push({
      head: line(piece(`${symbols.paused} ${safe(node)} blocked`, 'bad'), ` since ${clock(sinceMs)}`),
      more: [
        waitsFor.length === 0 ? 'nothing is left that could free it' : `it waits for ${waitsFor.map(safe).join(', ')}`,
      ],
      question: { kind: 'blocked', node },
    });
  for (const { what, index: event } of world.assumptions)
    items.push({ head: line(piece('! the model is broken: ', 'warn'), safe(what)), more: [], event });
  for (const { what, event } of mishapsOf(view))
    items.push({ head: line(piece(`! ${safe(what)}`, 'bad')), more: [], ...(event === null ? {} : { event }) });
  for (const chip of boundChip(view, index))
    items.push({ head: chip, more: [], ...(index.exceeded === null ? {} : { event: index.exceeded.index }) });
  return [...items, ...costChips(view).map((head) => ({ head, more: [] }))];
}

/** Of the selected one every word. */
function headLines(head: Line, room: number): Line[] {
  const cursor = piece(symbols.cursor, 'accent');
  if (lineWidth(head) < room) return [line(cursor, head)];
  return wrap(plain(head), room - 4).map((text, i) => line(i === 0 ? cursor : '   ', piece(text, head[0]?.style)));
}

/** A window over the list that has the selected one in it. */
export function propertyListLines(view: View, index: TraceIndex, room: number, rows: number): Line[] {
  const items = itemsOf(view, index);
  const at = Math.max(0, Math.min(view.ui.property, items.length - 1));
  const lines: Line[] = [];
  let [first, last] = [0, 0];
  items.forEach(({ head, more }, i) => {
    if (i === at) first = lines.length;
    if (i !== at) {
      lines.push(line(' ', head));
      return;
    }
    lines.push(...headLines(head, room));
    for (const words of more) lines.push(...wrap(`    ${words}`, room - 1).map((text) => line(piece(text, 'dim'))));
    last = lines.length;
  });
  const top = Math.max(0, Math.min(first, Math.max(last - rows, first - Math.floor(rows / 2)), lines.length - rows));
  const shown = lines.slice(top, top + rows).map((each) => fit(each, room));
  while (shown.length < rows) shown.push(fit([], room));
  return shown;
}
