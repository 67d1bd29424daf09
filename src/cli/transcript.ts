/** A run as text, for pipes, logs and terminals that cannot be drawn on: one dense line an event, and then the verdicts. */
import { mostNodesWithVectors } from '../core/clocks.ts';
import type { RunReport } from '../core/report.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Fate, TraceEvent } from '../core/world.ts';
import { actText } from '../tui/act-text.ts';
import { aheadText, clock, fields, holdText, lieWord, messageText, safe, value } from '../tui/format.ts';
import { curveRows } from './curve.ts';
import { columns } from './output.ts';

/** So many nodes that neither every event nor every node has a line. */
export const isLargeRun = ({ nodes }: { readonly nodes: object }): boolean =>
  Object.keys(nodes).length > mostNodesWithVectors;

export function titleLines(scenario: Scenario): string {
  const { name, title, protocol, model, failures, seed, nodes } = scenario;
  const timing = scenario.boundMs === undefined ? model : `${model} (bound ${scenario.boundMs} ms)`;
  return [
    `# ${safe(name)}: ${safe(title)}`,
    `# ${safe(protocol)}, ${Object.keys(nodes).length} nodes, ${timing}, ${failures}, seed ${seed}`,
  ].join('\n');
}

/** `0:00.023    5  P1  got prepare t1 from C #1 | waiting → prepared | persist vote=yes | yes t1 → C #4 | L=5` */
export function eventLine(event: TraceEvent): string {
  const { atMs, index, node, lamport } = event;
  const parts = [happened(event), ...consequences(event), ...(node === null ? [] : [`L=${lamport}`])];
  return `${clock(atMs)} ${String(index).padStart(4)}  ${safe(node ?? '-').padEnd(3)} ${parts.join(' | ')}`;
}

function happened({ choice, message, origin }: TraceEvent): string {
  switch (choice.type) {
    case 'start':
      return 'starts';
    case 'deliver':
      return message === null
        ? `got #${choice.message}`
        : `got ${messageText(message.body)} from ${safe(message.from)} #${message.id}${message.was === undefined ? '' : ', CHANGED on its way'}`;
    case 'fire':
      return `timer ${safe(choice.timer)}`;
    case 'fail':
      return `FAILED: ${safe(choice.reason)}`;
    case 'input':
      return `input ${safe(choice.input)}${Object.keys(choice.data).length === 0 ? '' : ` {${fields(choice.data)}}`}${aheadText(choice)}`;
    default:
      return `FAULT ${actText(choice)}${origin === 'script' ? ' (script)' : ''}`;
  }
}

function consequences(event: TraceEvent): string[] {
  const { before, after, effects, sends, fates } = event;
  const parts: string[] = [];
  if (before !== null && after !== null && before !== after)
    parts.push(before === '' ? `→ ${safe(after)}` : `${safe(before)} → ${safe(after)}`);
  for (const effect of effects) {
    if (effect.type === 'persist') parts.push(`persist ${safe(effect.key)}=${value(effect.value)}`);
    else if (effect.type === 'decide') parts.push(`DECIDES ${value(effect.value)}`);
    else if (effect.type === 'deliver') parts.push(`delivers ${value(effect.item)}`);
    else if (effect.type === 'note') parts.push(safe(effect.text));
  }
  for (const send of sends) {
    const lie = send.lie === undefined ? '' : ` ${lieWord(send)} (${safe(send.lie.behaviour)})`;
    parts.push(
      `${messageText(send.body)} → ${safe(send.to)} #${send.id}${lie}${send.copyOf === undefined ? '' : ' (copy)'}`,
    );
  }
  parts.push(...fates.filter(({ place }) => place !== 'delivered').map(fateText), ...event.notes.map(safe));
  parts.push(
    ...event.violated.map((name) => `VIOLATED ${safe(name)}`),
    ...event.reached.map((name) => `reached ${safe(name)}`),
  );
  return parts;
}

function fateText({ id, place, why }: Fate): string {
  if (why === undefined) return `#${id} ${place}`;
  if (place === 'released') return `#${id} goes on`;
  if ('sinceMs' in why) return `#${id} ${holdText(why)}`;
  const reason = {
    loss: 'by the network',
    fault: 'by the fault',
    crash: 'its receiver is down',
    forged: 'it is forged',
  };
  return `#${id} ${place}: ${reason[why.by]}`;
}

const marks = { holds: '✓ holds', violated: '✗ VIOLATED', unknown: '? unknown', 'not reached': '– not reached' };

export function verdictLines(report: RunReport): string {
  const sections = [
    ['nodes', isLargeRun(report) ? nodeCounts(report) : nodeRows(report)],
    ...curveSection(report),
    [
      'properties',
      report.properties.map(({ name, verdict, at, clause, why }) => [
        safe(name),
        marks[verdict],
        `${at === null ? '' : `event ${at}: `}${clause === null ? '' : `${safe(clause)}: `}${safe(why)}`,
      ]),
    ],
    [
      'faults',
      report.faults.map(({ fault, at, touched, inert }) => [
        at === null ? (inert ? 'never' : 'not yet') : clock(at),
        actText(fault),
        inert ? 'INERT: it touched nothing' : at === null ? 'the run was stopped before' : `touched ${touched}`,
      ]),
    ],
    ['costs', costRows(report)],
    ['costs beside the published ones (of a run without faults)', publishedRows(report)],
    [
      'expectations',
      report.expectations.map(({ name, met, why }) => [
        met === null ? '? unknown' : met ? '✓ met' : '✗ NOT MET',
        safe(name),
        safe(why),
      ]),
    ],
    ['broken assumptions of the model', report.assumptions.map((what) => [safe(what)])],
  ] as const;
  const lines = sections
    .filter(([, rows]) => rows.length > 0)
    .map(([title, rows]) => `\n${title}\n${indented(columns(rows))}`);
  return [...lines, `\n${endLine(report)}`].join('\n');
}

const indented = (text: string): string => text.replaceAll(/^/gm, '  ');

function curveSection({ curve }: RunReport): [string, string[][]][] {
  if (curve === null || curve.points.length === 0) return [];
  return [[`${safe(curve.title)} by ${safe(curve.interval)}`, curveRows(curve).map((row) => [row])]];
}

/** How many nodes are in which state. */
function nodeCounts({ nodes }: RunReport): string[][] {
  const counts = new Map<string, number>();
  for (const { state, status, honest } of Object.values(nodes)) {
    const what = `${status}${honest ? '' : ', traitor'}  ${state === '' ? '-' : safe(state)}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, count]) => [String(count), what]);
}

function nodeRows(report: RunReport): string[][] {
  return Object.entries(report.nodes).map(([id, { state, status, honest, failure, lamport }]) => {
    const decision = report.decisions[id] ?? null;
    const waitsFor = report.waitsFor[id];
    const blocked =
      waitsFor === undefined
        ? []
        : [`BLOCKED${waitsFor.length === 0 ? '' : `, waits for ${waitsFor.map(safe).join(', ')}`}`];
    const remarks = [...(honest ? [] : ['traitor']), ...(failure === null ? [] : [safe(failure)]), ...blocked];
    return [
      safe(id),
      status,
      state === '' ? '-' : safe(state),
      decision === null ? 'undecided' : `decided ${value(decision)}`,
      `L=${lamport}`,
      remarks.join('; '),
    ];
  });
}

function costRows({ costs }: RunReport): string[][] {
  const kinds = Object.entries(costs.byKind).map(([kind, count]) => `${safe(kind)} ${count}`);
  return [
    [
      'messages',
      String(costs.messages),
      [...kinds, `delivered ${costs.delivered}`, `dropped ${costs.dropped}`].join(', '),
    ],
    ['message delays', String(costs.messageDelays)],
    ['stable writes', String(costs.stableWrites)],
  ];
}

const publishedRows = ({ costs }: RunReport): string[][] =>
  costs.published.map(({ name, formula, expected, measured }) => [
    safe(name),
    `measured ${measured}`,
    expected === null ? 'published: nothing for this case' : `published ${expected}`,
    safe(formula),
  ]);

function endLine({ events, virtualTimeMs, quiet, verdict, digest }: RunReport): string {
  const end = quiet ? 'nothing is left to happen' : 'stopped at its limit';
  return `${events} events, ${clock(virtualTimeMs)} of virtual time, ${end}; digest ${digest.slice(0, 16)}; ${verdict.toUpperCase()}`;
}
