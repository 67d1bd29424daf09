/** What is coming to a node: its running timers with the time they have left, and its inbox in the order of arrival. */
import type { Envelope, NodeRecord } from '../../core/world.ts';
import { clock, duration, holdText, isUntrue, messageInFull, messageText, safe } from '../format.ts';
import { cut, ends, type Line, line, lineWidth, padStart, piece, width } from '../text.ts';
import { symbols } from '../theme.ts';
import type { View } from '../view.ts';
import { type Body, type Row, rowOf } from './body.ts';
import { inboxOf, outlookOf } from './triggers.ts';

const barColumns = 14;

/** `━━━━╸───`: how much of the time from `fromMs` to `toMs` has passed. */
export function progress(fromMs: number, toMs: number, nowMs: number, columns: number): string {
  const part = Math.max(0, Math.min(1, (nowMs - fromMs) / Math.max(1, toMs - fromMs)));
  const filled = Math.round(part * (columns - 1));
  return `${'━'.repeat(filled)}╸${'─'.repeat(columns - 1 - filled)}`;
}

const leftText = (ms: number): string => padStart(ms <= 0 ? 'now' : duration(ms), 6);

export function comingBody(view: View, room: number): Body {
  const { node, world } = view;
  const inbox = inboxOf(world, node);
  const ignored = outlookOf(world, node)?.ignored ?? new Set();
  const rows: Row[] = [
    rowOf(line(piece('   timers', 'dim'), piece(node.timers.length === 0 ? ': none is running' : '', 'dim'))),
  ];
  for (const timer of [...node.timers].sort((a, b) => a.fireAtMs - b.fireAtMs)) rows.push(timerRow(view, timer, room));
  rows.push(rowOf(line(piece(`   inbox, by arrival${inbox.length === 0 ? ': empty' : ''}`, 'dim'))));
  for (const message of inbox) rows.push(...messageRows(view, message, ignored.has(message.id), room));
  return { rows, anchor: 0 };
}

function timerRow({ world, node }: View, timer: NodeRecord['timers'][number], room: number): Row {
  const rings = timer.token === -1;
  const right = rings
    ? line(piece('rang while paused', 'warn'))
    : line(
        piece(progress(timer.setAtMs, timer.fireAtMs, world.nowMs, barColumns), 'accent'),
        ` ${leftText(timer.fireAtMs - world.nowMs)}`,
      );
  const [name, state] = timer.timer.split('@');
  const at = `  at ${clock(timer.fireAtMs)}${node.clock.rate === 1 ? '' : `, its clock runs x${node.clock.rate}`}`;
  const left = line(piece(` ${symbols.timer} `, 'accent'), safe(name as string));
  const full = line(left, piece(state === undefined ? '' : ` of ${safe(state)}`, 'dim'), piece(at, 'dim'));
  return rowOf(ends(lineWidth(full) + lineWidth(right) + 2 <= room ? full : left, right, room));
}

function messageRows({ world, node }: View, message: Envelope, ignored: boolean, room: number): Row[] {
  const target = { kind: 'message', id: message.id } as const;
  const atDoor = node.waiting.some((choice) => choice.type === 'deliver' && choice.message === message.id);
  const right: Line = atDoor
    ? line(piece(`${symbols.paused} waits at the door since ${clock(message.held?.sinceMs ?? 0)}`, 'warn'))
    : message.held !== null
      ? line(piece(`${symbols.held} ${holdText(message.held)}`, 'warn'))
      : line(
          piece(progress(message.sentAtMs, message.deliverAtMs, world.nowMs, barColumns), 'accent'),
          ` ${leftText(message.deliverAtMs - world.nowMs)}`,
        );
  const lie = isUntrue(message) ? `${symbols.traitor} ` : '';
  const start = line(
    piece(padStart(String(message.id), 4), 'dim'),
    ` from ${safe(message.from)}  `,
    piece(lie, 'traitor'),
  );
  const after = ignored ? '  would be ignored now' : '';
  const texts = [`${messageInFull(message.body)}${after}`, messageText(message.body) + after];
  const whole = room - lineWidth(start);
  // the bar goes before the words do; what still does not fit beside them stands beneath
  for (const end of atDoor || message.held !== null
    ? [right]
    : [right, line(leftText(message.deliverAtMs - world.nowMs))]) {
    const text = texts.find((words) => width(words) <= whole - lineWidth(end) - 2);
    if (text !== undefined) return [rowOf(ends(line(start, text), end, room), target)];
  }
  const text = cut(texts.find((words) => width(words) <= whole) ?? messageText(message.body), whole);
  return [rowOf(line(start, text), target), rowOf(ends([], right, room), target)];
}
