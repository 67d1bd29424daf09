/** Why a property is violated or a node blocked: the clause with its values, the event that broke it, and who waits for whom. */
import type { PropertyReport } from '../../core/properties.ts';
import type { Silence, Wait } from '../../core/why.ts';
import type { TraceIndex } from '../diagram/trace-index.ts';
import { clock, faultNumber, messageText, safe, shortName, value } from '../format.ts';
import { flow, type Line, line, piece, wrap } from '../text.ts';
import { symbols } from '../theme.ts';
import type { View } from '../view.ts';
import { type Explanation, explanationOf } from './findings.ts';
import { eventText } from './readout-event.ts';

export function whyLines(view: View, index: TraceIndex, room: number): Line[] {
  const explanation = explanationOf(view, index);
  if (explanation === null) {
    if (view.ui.instrument.why === null) return [];
    return [line(piece('that is not so here: the property holds, or nobody is blocked any more', 'dim'))];
  }
  const { report, waits } = explanation;
  return [
    ...(report === null ? [] : propertyLines(view, report, room)),
    ...waitLines(view, waits, room),
    ...storyLines(view, explanation, room),
  ];
}

/** The clause as it is promised, and what was found instead, with the values of those it names. */
function propertyLines({ world }: View, report: PropertyReport, room: number): Line[] {
  const { property } = world.properties.find((each) => each.property.name === report.name) ?? {};
  const clause = property?.clauses[report.clause ?? ''] ?? Object.values(property?.clauses ?? {})[0] ?? '';
  const [first = '', ...rest] = wrap(`${shortName(report.name)}: ${safe(clause)}`, room - 2);
  const found = wrap(`here ${safe(report.why)}`, room - 2).map((words) => line('  ', piece(words, 'bad')));
  return [
    line(piece(`${symbols.violated} `, 'bad'), piece(first, 'bold')),
    ...rest.map((words) => line('  ', piece(words, 'bold'))),
    ...found,
    ...flow(
      report.nodes.map((id) => valuesOf(world, id)),
      room - 2,
    ).map((each) => line('  ', each)),
  ];
}

function valuesOf(world: View['world'], id: string): Line {
  const node = world.nodes[world.indexOf.get(id) ?? -1];
  if (node === undefined) return line(safe(id));
  const decided = node.decisions.length === 0 ? 'undecided' : `decided ${node.decisions.map(value).join(', ')}`;
  const path = node.status === 'up' || node.status === 'paused' ? `in ${safe(node.path)}` : node.status;
  return line(piece(`${safe(id)}:`, 'bold'), ` ${decided}, ${path}`);
}

const silenceText = ({ node, because, fault, at }: Silence): string => {
  const since = at === null ? '' : ` since #${at}`;
  const number = fault === null ? '' : ` ${faultNumber(fault)}`;
  if (because === 'down') return `${safe(node)}, who is down${since}`;
  if (because === 'blocked') return `${safe(node)}, who is blocked too`;
  if (because === 'nothing to say') return `${safe(node)}, from whom nothing is on its way`;
  return `${safe(node)}, kept away by ${because}${number}${since}`;
};

/** `P2 (prepared) is blocked since 0:00.089 and waits for C, kept away by partition #1 since #11`, a node each. */
function waitLines({ world }: View, waits: readonly Wait[], room: number): Line[] {
  return waits.flatMap((wait) => {
    const path = world.nodes[world.indexOf.get(wait.node) ?? -1]?.path ?? '';
    const need = wait.need > 1 ? `${wait.need} of ` : '';
    const whom = wait.silent.length === 0 ? 'nobody in particular' : wait.silent.map(silenceText).join('; for ');
    const held = wait.held.map((message) => `${message.id} ${messageText(message.body)}`).slice(0, 3);
    const stopped = held.length === 0 ? '' : `; held on the way to it: ${held.join(', ')}`;
    const text = `(${safe(path)}) is blocked since ${clock(wait.sinceMs)}; it waits for ${need}${whom}${stopped}`;
    const [first = '', ...rest] = wrap(text, room - 3 - safe(wait.node).length);
    return [
      line(piece(`${symbols.paused} ${safe(wait.node)}`, 'bad'), ` ${first}`),
      ...rest.map((words) => line(' '.repeat(3 + safe(wait.node).length), words)),
    ];
  });
}

function storyLines({ trace }: View, { event, target }: Explanation, room: number): Line[] {
  const broke = trace[event];
  if (broke === undefined) return [];
  const whose = event === target ? 'its causal past' : `the causal past of ${safe(trace[target]?.node ?? '')}`;
  return flow(
    [line('broken by ', piece(`#${event}`, 'bold'), ` ${eventText(broke)}`), line(piece('┃', 'accent'), ` ${whose}`)],
    room,
  );
}
