/** What is on its way: every message with the time it still needs, or what holds it. */
import { type Valence, valenceSign, valenceText } from '../../core/valence.ts';
import type { Envelope, Hold } from '../../core/world.ts';
import {
  duration,
  faultNumber,
  holdText,
  isUntrue,
  link,
  linkWithin,
  messageInFull,
  messageText,
  safe,
  stamp,
  vectorText,
} from '../format.ts';
import { spotted } from '../spots.ts';
import { cut, ends, firstLines, fit, flow, type Line, line, lineWidth, pad, padStart, piece, width } from '../text.ts';
import { symbols } from '../theme.ts';
import type { View } from '../view.ts';

export function queueTitle({ queue }: View): string {
  const held = queue.reduce((count, message) => count + (message.held === null ? 0 : 1), 0);
  return `in flight ${queue.length - held}${held > 0 ? ` · held ${held}` : ''}`;
}

function bar(message: Envelope, nowMs: number, columns: number): string {
  const whole = Math.max(1, message.deliverAtMs - message.sentAtMs);
  const part = Math.max(0, Math.min(1, (nowMs - message.sentAtMs) / whole));
  const filled = Math.round(part * (columns - 1));
  return `${'━'.repeat(filled)}╸${'─'.repeat(columns - 1 - filled)}`;
}

/** What can still be decided after its arrival. */
const leadsTo = ({ foreseen }: View, { id }: Envelope): Valence | null =>
  foreseen?.outlook?.next.find(({ choice }) => choice.type === 'deliver' && choice.message === id)?.valence ?? null;

/** Of the signs behind messages, with the blank before them; 0: there are none. */
function signColumns({ foreseen }: View): number {
  const next = foreseen?.outlook?.next ?? [];
  return next.reduce((most, { valence }) => Math.max(most, 1 + width(safe(valenceSign(valence)))), 0);
}

function messageLine(view: View, message: Envelope, links: number, columns: number): Line {
  const signs = signColumns(view);
  const valence = leadsTo(view, message);
  const shown = plainMessageLine(view, message, links, columns - signs);
  if (signs === 0) return shown;
  const style = valence?.kind === 'bivalent' ? 'accent' : valence?.kind === 'univalent' ? 'good' : 'dim';
  return line(shown, piece(pad(valence === null ? '' : ` ${safe(valenceSign(valence))}`, signs), style));
}

function plainMessageLine(view: View, message: Envelope, links: number, columns: number): Line {
  const chosen = message.id === view.message?.id;
  const marker = chosen ? (view.ui.focus === 'queue' ? symbols.cursor : '›') : ' ';
  const idWidth = Math.max(2, String(view.world.nextMessageId).length);
  const lie = isUntrue(message) ? [piece(symbols.traitor, 'traitor')] : [];
  const start = line(
    piece(marker, 'accent'),
    piece(padStart(String(message.id), idWidth), 'dim'),
    ' ',
    pad(linkWithin(message, links), links),
    ' ',
    ...lie,
  );
  const room = columns - lineWidth(start) - 1;
  if (message.held !== null) {
    const [label, why] = heldTexts(message, message.held, room);
    return ends(line(start, label), line(piece(`${symbols.held} ${why}`, 'warn')), columns);
  }
  const eta = padStart(
    message.deliverAtMs <= view.world.nowMs ? 'now' : duration(message.deliverAtMs - view.world.nowMs),
    6,
  );
  // the bar gives way before the message's kind is cut
  const barColumns = Math.min(16, room - 20, room - 8 - width(safe(message.body.type)));
  const right =
    barColumns < 5 ? line(eta) : line(piece(bar(message, view.world.nowMs, barColumns), 'accent'), ' ', eta);
  return ends(line(start, labelOf(message, room - lineWidth(right))), right, columns);
}

/** The message and what holds it, both in as many words as there is room for; the message's kind is cut last. */
function heldTexts(message: Envelope, hold: Hold, room: number): [label: string, why: string] {
  const number = hold.by === 'pause' ? 'paused' : faultNumber(hold.fault);
  const reasons = [holdText(hold), hold.by === 'pause' ? 'paused' : `${hold.by} ${number}`, number];
  const labels = [messageText(message.body), safe(message.body.type)];
  for (const why of reasons) for (const label of labels) if (width(label) + width(why) + 3 <= room) return [label, why];
  return [cut(labels[1] as string, room - width(number) - 3), number];
}

/** The message whole, or else its kind alone. */
function labelOf(message: Envelope, room: number): string {
  const whole = messageText(message.body);
  return width(whole) <= room ? whole : safe(message.body.type);
}

/** What is untrue about it: how a traitor bent it, and what it was before a fault changed it. */
function untruths({ lie, was }: Envelope): string[] {
  const said = was === undefined ? [] : [`changed on its way; it was: ${messageInFull(was)}`];
  if (lie !== undefined)
    said.push(`${lie.behaviour}; honest: ${lie.honest === null ? 'nothing' : messageInFull(lie.honest)}`);
  return said;
}

/** The selected message in full, beneath its line. */
function details(view: View, message: Envelope, room: number): Line[] {
  const facts = [`sent by #${message.sentIndex}`, stamp(message.lamport), vectorText(message.vector, view.world.ids)];
  const lines = [
    ...firstLines(messageInFull(message.body), room - 6, 3).map((text) => line(piece(text, 'bold'))),
    ...untruths(message).flatMap((words) =>
      firstLines(`${symbols.traitor} ${words}`, room - 6, 3).map((text) => line(piece(text, 'traitor'))),
    ),
    ...flow(
      facts.map((fact) => [piece(fact, 'dim')]),
      room - 5,
    ),
  ];
  if (message.copyOf !== undefined) lines.push(line(piece(`a copy of ${message.copyOf}`, 'dim')));
  const valence = leadsTo(view, message);
  if (valence !== null) lines.push(line(piece(`its arrival leads to: ${safe(valenceText(valence))}`, 'dim')));
  return lines.map((each) => fit(line('     ', each), room));
}

export function queueLines(view: View, room: number, rows: number): Line[] {
  const { queue, message } = view;
  const links = Math.min(
    room < 50 ? 12 : 24,
    queue.reduce((most, each) => Math.max(most, width(link(each))), 4),
  );
  const at = Math.max(
    0,
    queue.findIndex((each) => each.id === message?.id),
  );
  const more =
    view.ui.focus === 'queue' && message !== null ? details(view, message, room).slice(0, Math.max(0, rows - 2)) : [];
  const visible = Math.max(1, rows - more.length);
  const top = Math.max(0, Math.min(at - Math.floor(visible / 2), queue.length - visible));
  const lines: Line[] = [];
  queue.slice(top, top + visible).forEach((each, i) => {
    const shown = [messageLine(view, each, links, room), ...(top + i === at ? more : [])];
    lines.push(...shown.map((of) => spotted(of, { kind: 'message', id: each.id })));
  });
  if (queue.length === 0) lines.push(fit(line(piece(' nothing is on its way', 'dim')), room));
  while (lines.length < rows) lines.push(fit([], room));
  return lines.slice(0, rows);
}
