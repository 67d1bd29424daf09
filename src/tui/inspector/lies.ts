/** For a traitor: each of its steps that sent something, with what an honest node would have sent beside what it did send. */
import type { TraceEvent, World } from '../../core/world.ts';
import { briefText } from '../event-text.ts';
import { clock, duration, lieWord, messageText, safe } from '../format.ts';
import { cut, type Line, line, pad, piece, width } from '../text.ts';
import { symbols } from '../theme.ts';
import type { View } from '../view.ts';
import { type Body, type Row, rowOf } from './body.ts';
import { type Comparison, compareSends } from './honest.ts';

const listed = 60;
const lookedAt = 20_000;

/** The event at which it first turned traitor; null: it never did. */
export function turnedAt(world: World, node: string): number | null {
  const record = world.faults.find(({ fault }) => fault.type === 'traitor' && fault.node === node);
  return record?.index ?? null;
}

interface Columns {
  readonly to: number;
  readonly cell: number;
}

export function liesBody(view: View, room: number): Body {
  const { node, world, trace } = view;
  const rows: Row[] = [];
  const since = turnedAt(world, node.id);
  if (since === null) return { rows: [rowOf(line(piece('   it has never lied', 'dim')))], anchor: 0 };
  const how = node.treachery === null ? 'honest again' : node.treachery.how.behaviour;
  const amnesia = node.treachery?.how.behaviour === 'amnesia';
  rows.push(
    rowOf(line(piece(`   a traitor since #${since}; now: ${how}`, 'traitor')), { kind: 'event', index: since }),
  );
  if (amnesia)
    rows.push(
      rowOf(
        line(
          piece(
            '   it forgets everything before each step: what it sends is what one would send who knows nothing',
            'dim',
          ),
        ),
      ),
    );
  const to = Math.min(
    12,
    world.ids.reduce((most, id) => Math.max(most, width(safe(id))), 2),
  );
  const columns: Columns = { to, cell: Math.max(12, Math.floor((room - 8 - to) / 2)) };
  const steps = stepsSince(trace, node.id, since);
  if (steps.length > 0)
    rows.push(
      rowOf(line(piece(`     ${pad('to', to)}  ${pad('an honest node would send', columns.cell)} it sent`, 'dim'))),
    );
  for (const { event, sends } of steps) rows.push(...stepRows(event, sends, columns));
  if (steps.length === 0)
    rows.push(rowOf(line(piece('   it has sent nothing since, and an honest node would not have either', 'dim'))));
  return { rows, anchor: 0 };
}

/** Newest first. */
function stepsSince(
  trace: readonly TraceEvent[],
  node: string,
  since: number,
): { readonly event: TraceEvent; readonly sends: readonly Comparison[] }[] {
  const steps: { readonly event: TraceEvent; readonly sends: readonly Comparison[] }[] = [];
  const stop = Math.max(since, trace.length - lookedAt);
  for (let i = trace.length - 1; i >= stop && steps.length < listed; i--) {
    const event = trace[i] as TraceEvent;
    if (event.node !== node) continue;
    const sends = compareSends(event);
    if (sends.length > 0) steps.push({ event, sends });
  }
  return steps;
}

function stepRows(event: TraceEvent, sends: readonly Comparison[], columns: Columns): Row[] {
  const lies = sends.filter(({ lie }) => lie).length;
  const verdict =
    lies === 0
      ? piece('  as an honest node', 'dim')
      : piece(`  ${symbols.traitor} ${lies} of ${sends.length} differ`, 'traitor');
  const head = line(
    piece(`   #${event.index}`, 'bold'),
    piece(` ${clock(event.atMs)}  `, 'dim'),
    cut(briefText(event), columns.to + columns.cell * 2 - 26),
    verdict,
  );
  return [rowOf(head, { kind: 'event', index: event.index }), ...sends.map((each) => rowOf(compared(each, columns)))];
}

function compared({ to, honest, sent, lie }: Comparison, { to: toColumn, cell }: Columns): Line {
  return line(
    piece(lie ? `   ${symbols.traitor} ` : '     ', 'traitor'),
    piece(pad(safe(to), toColumn), 'accent'),
    '  ',
    piece(pad(messageText(honest), cell - 1), lie ? undefined : 'dim'),
    ' ',
    piece(cut(sentText(sent), cell), lie ? 'traitor' : 'dim'),
  );
}

function sentText(sent: Comparison['sent']): string {
  const [first] = sent;
  if (first === undefined) return 'nothing';
  const { signed: _, ...body } = first.body;
  const times = sent.length > 1 ? `  ${sent.length} times` : '';
  const late = lieWord(first) === 'LATE' ? `  late, after ${duration(first.deliverAtMs - first.sentAtMs)}` : '';
  return `${messageText(body)}${times}${late}`;
}
