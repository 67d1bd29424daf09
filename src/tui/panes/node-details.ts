/** Everything about one node: its statechart with the present state marked, memory, storage, timers, inbox and own events. */

import { isInState } from '../../core/state-path.ts';
import { statechartOf } from '../../core/statechart.ts';
import type { TraceEvent } from '../../core/world.ts';
import { clock, duration, holdText, link, messageInFull, safe, value, vectorText } from '../format.ts';
import { flow, type Line, line, piece, wrap } from '../text.ts';
import { symbols } from '../theme.ts';
import type { View } from '../view.ts';
import { nodeChips } from './node-chips.ts';

const heading = (text: string): Line => line(piece(` ${text}`, 'title'));
const nothing = (text = 'nothing'): Line => line(piece(`   ${text}`, 'dim'));

export function nodeDetails(view: View, room: number): Line[] {
  const { node, world } = view;
  return [
    line(
      ' ',
      piece(safe(node.id), 'bold'),
      `  ${safe(node.role)}  `,
      piece(node.status, node.status === 'up' ? 'good' : 'bad'),
      `  L${node.lamport}  `,
      piece(vectorText(node.vector, world.ids), 'dim'),
    ),
    ...flow(nodeChips(view, node), room - 4).map((each) => line('   ', each)),
    [],
    heading('states and what leads on from here'),
    ...stateLines(view),
    [],
    heading('memory (lost in a crash)'),
    ...entries(node.context, room),
    [],
    heading('stable storage (survives a crash)'),
    ...entries(node.stable, room),
    [],
    heading('timers'),
    ...(node.timers.length === 0
      ? [nothing('none')]
      : node.timers.map((timer) =>
          line(
            `   ${symbols.timer} ${safe(timer.timer)}  in ${duration(timer.fireAtMs - world.nowMs)}, at ${clock(timer.fireAtMs)}`,
          ),
        )),
    [],
    heading('on the way to it'),
    ...inboxLines(view),
    [],
    heading('its own events, newest first'),
    ...historyLines(view),
  ];
}

function stateLines(view: View): Line[] {
  const { node, world } = view;
  const machine = world.protocol.roles[node.role];
  if (machine === undefined) return [nothing()];
  const { states, transitions } = statechartOf(machine);
  return states.flatMap((state) => {
    const here = node.state !== null && isInState(node.path, state.path);
    const depth = state.path.split('.').length - 1;
    const own = line(
      '   ',
      ' '.repeat(depth * 2),
      piece(here ? `${symbols.mark} ` : '  ', 'good'),
      piece(safe(state.path), here ? 'bold' : 'dim'),
      piece(state.type === 'final' ? '  final' : '', 'dim'),
    );
    if (!here) return [own];
    const next = transitions.filter((each) => each.from === state.path);
    return [
      own,
      ...next.map((each) =>
        line(
          '       ',
          ' '.repeat(depth * 2),
          piece(
            each.on === 'after'
              ? `${symbols.timer} ${safe(each.event)}`
              : safe(each.event === '' ? each.on : each.event),
            'accent',
          ),
          each.guard === null ? '' : piece(` [${safe(each.guard)}]`, 'dim'),
          ` → ${each.to.length === 0 ? 'stays' : each.to.map(safe).join(', ')}`,
        ),
      ),
    ];
  });
}

function entries(object: Readonly<Record<string, unknown>>, room: number): Line[] {
  const keys = Object.keys(object);
  if (keys.length === 0) return [nothing()];
  return keys.flatMap((key) => {
    const text = wrap(value(object[key] as Parameters<typeof value>[0]), Math.max(20, room - 10 - safe(key).length));
    return text.map((each, i) =>
      line(piece(i === 0 ? `   ${safe(key)}  ` : ' '.repeat(safe(key).length + 5), 'accent'), each),
    );
  });
}

function inboxLines({ queue, node, world }: View): Line[] {
  const coming = queue.filter((message) => message.to === node.id);
  if (coming.length === 0) return [nothing()];
  return coming.map((message) => {
    const when =
      message.held === null ? `in ${duration(Math.max(0, message.deliverAtMs - world.nowMs))}` : holdText(message.held);
    return line(
      `   ${message.id} ${link(message)}  ${messageInFull(message.body)}  `,
      piece(when, message.held === null ? 'dim' : 'warn'),
    );
  });
}

function historyLines({ trace, node }: View): Line[] {
  const own: TraceEvent[] = [];
  for (let i = trace.length - 1; i >= 0 && own.length < 40; i--) {
    const event = trace[i] as TraceEvent;
    if (event.node === node.id) own.push(event);
  }
  if (own.length === 0) return [nothing()];
  return own.map((event) =>
    line(
      piece(`   #${event.index} ${clock(event.atMs)}  `, 'dim'),
      whatText(event),
      event.after !== null && event.after !== event.before ? piece(`  → ${safe(event.after)}`, 'bold') : '',
    ),
  );
}

/** One event in a few words. */
export function whatText(event: TraceEvent): string {
  const { choice, message } = event;
  if (message !== null) return `receives ${messageInFull(message.body)} from ${safe(message.from)}`;
  if (choice.type === 'fire') return `timer ${safe(choice.timer)} runs out`;
  if (choice.type === 'input') return `input ${safe(choice.input)} ${value(choice.data)}`;
  if (choice.type === 'fail') return `fails: ${safe(choice.reason)}`;
  return choice.type;
}
