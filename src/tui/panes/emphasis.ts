/**
 * What stands out in the diagram, by a sign in its first column and never by colour alone: the selected event and how its
 * message got there, the event it is compared with, a chain or a causal past, and the message that breaks a cut.
 */
import { happenedBefore, receivedIn } from '../../core/causality.ts';
import type { TraceEvent } from '../../core/world.ts';
import type { Row } from '../diagram/elements.ts';
import type { TraceIndex } from '../diagram/trace-index.ts';
import { type Style, symbols } from '../theme.ts';
import type { View } from '../view.ts';
import { chainOf, cutReport, explanationOf } from './findings.ts';

export interface Emphasis {
  readonly sign: string;
  readonly style?: Style;
  readonly dim: boolean;
  /** drawn inverse: it has the keys */
  readonly selected: boolean;
}

/** In the causal past of what is explained, or on the chain between the events compared. */
const involvedSign = '┃';

export function emphasisOf(view: View, index: TraceIndex): (row: Row) => Emphasis {
  const { ui, trace } = view;
  const selected = ui.event === null ? undefined : trace[ui.event];
  const involved = involvedIn(view, index);
  const offence = cutReport(view, index)?.offences[0] ?? null;
  const flight = selected === undefined ? null : (receivedIn(selected) ?? selected.message);
  // all starts are one row, which bears the number of the last
  const lastStart = view.world.nodes.length - 1;
  const isSelected = (row: Row): boolean =>
    selected !== undefined && (row.event === selected.index || (selected.index < lastStart && row.event === lastStart));
  return (row) => {
    const first = row.number !== '' && row.number !== 'cut';
    const plain = (sign: string, style?: Style): Emphasis => ({ sign, style, dim: false, selected: false });
    if (row.number === 'cut') return plain(' ');
    if (first && isSelected(row)) return { ...plain(symbols.cursor, 'accent'), selected: ui.focus === 'diagram' };
    if (first && row.event === ui.instrument.mark) return plain('A', 'accent');
    if (offence !== null && (row.event === offence.received || row.event === offence.sent))
      return plain(first ? symbols.violated : ' ', 'bad');
    if (involved !== null) {
      const event = trace[row.event] as TraceEvent;
      return involved.has(event) ? plain(involvedSign, 'accent') : { ...plain(' '), dim: involved.dims };
    }
    if (flight !== null && selected !== undefined && row.event >= flight.sentIndex && row.event < selected.index)
      return plain(row.event === flight.sentIndex && first ? '╭' : '│', 'accent');
    return plain(' ');
  };
}

interface Involved {
  has(event: TraceEvent): boolean;
  /** the rest is dimmed, and not only unmarked */
  readonly dims: boolean;
}

function involvedIn(view: View, index: TraceIndex): Involved | null {
  const { trace } = view;
  const explanation = explanationOf(view, index);
  if (explanation !== null) {
    const target = trace[explanation.target];
    if (target === undefined) return null;
    return {
      dims: true,
      has: (event) =>
        event === target ||
        event.index === explanation.event ||
        explanation.faults.includes(event.index) ||
        happenedBefore(index.causality, event, target),
    };
  }
  const chain = chainOf(view, index);
  if (chain === null) return null;
  const on = new Set(chain.flatMap(({ from, to }) => [from, to]));
  return { dims: false, has: (event) => on.has(event.index) };
}
