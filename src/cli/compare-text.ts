/** A comparison as a table: a column for each protocol, a row for each thing that one compares. */
import type { HistoryEvent } from '../core/problems/operations.ts';
import type { RunReport } from '../core/report.ts';
import type { ScheduledFault } from '../core/scenario.ts';
import { actText } from '../tui/act-text.ts';
import { clock, safe, value } from '../tui/format.ts';
import { columns } from './output.ts';
import type { Compared, Comparison } from './play-compare.ts';

const ordinal = (n: number): string =>
  `${n}${['th', 'st', 'nd', 'rd'][n % 100 > 10 && n % 100 < 14 ? 0 : n % 10] ?? 'th'}`;

/** `when C receives its 3rd yes: crash C` */
export function faultText(scheduled: ScheduledFault): string {
  const what = actText(scheduled.fault);
  if (!('when' in scheduled)) return `at ${clock(scheduled.at)}: ${what}`;
  const { node, on, what: moment, nth } = scheduled.when;
  return `when ${safe(node)} ${on} its ${ordinal(nth)} ${moment === null ? 'of any kind' : value(moment)}: ${what}`;
}

export function comparisonText({ scenario, seed, faults, protocols }: Comparison): string {
  const head = [
    `# ${safe(scenario)}, seed ${seed}, over ${protocols.map(({ name }) => name).join(', ')}`,
    ...(faults.length === 0 ? ['# no fault'] : faults.map((fault) => `# ${fault}`)),
  ];
  const rows = [
    ['', ...protocols.map(({ name }) => name)],
    ...lines.map(([label, cell]) => [label, ...protocols.map(cell)]),
    ...operationRows(protocols),
  ];
  const remarks = protocols.flatMap(({ name, remarks: own }) => own.map((remark) => `${name}: ${safe(remark)}`));
  const formulas = protocols.flatMap(({ name, report }) =>
    (report?.costs.published ?? []).map((cost) => [name, cost.name, cost.formula]),
  );
  const parts = [head.join('\n'), columns(rows), columns(formulas), remarks.join('\n')];
  return parts.filter((part) => part !== '').join('\n\n');
}

const nodes = (ids: readonly string[], none = 'nobody'): string => (ids.length === 0 ? none : ids.map(safe).join(' '));
const ofReport =
  (read: (report: RunReport) => string) =>
  ({ report }: Compared): string =>
    report === null ? '-' : read(report);

/** A measured cost beside its formula and the formula's value, as far as the protocol publishes one. */
const cost = (name: string, measured: (report: RunReport) => number) =>
  ofReport((report) => {
    const published = report.costs.published.find((each) => each.name === name);
    if (published === undefined) return String(measured(report));
    return `${measured(report)} (${published.expected === null ? 'no formula for this case' : `published ${published.expected}`})`;
  });

const lines: readonly (readonly [string, (compared: Compared) => string])[] = [
  ['outcome', ofReport(outcome)],
  [
    'violated',
    ofReport(({ properties }) =>
      nodes(
        properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name),
        'nothing',
      ),
    ),
  ],
  ['last decision', ({ decidedAtMs }) => (decidedAtMs === null ? 'none' : clock(decidedAtMs))],
  [
    'blocked meanwhile',
    ({ blockedMeanwhile: set }) => (set === null ? 'nobody' : `${nodes(set.nodes)}, from ${clock(set.atMs)}`),
  ],
  ['blocked at the end', ofReport(({ blocked }) => nodes(blocked))],
  ['messages', cost('messages', ({ costs }) => costs.messages)],
  ['message delays', cost('message delays', ({ costs }) => costs.messageDelays)],
  ['stable writes', cost('stable writes', ({ costs }) => costs.stableWrites)],
];

function operationCounts(history: readonly HistoryEvent[]): string {
  const ofType = (...types: string[]): number => history.filter(({ type }) => types.includes(type)).length;
  const [asked, answered, refused] = [ofType('invoke'), ofType('ok'), ofType('fail', 'info')];
  const open = asked - answered - refused;
  return [`${answered} answered`, refused > 0 && `${refused} refused`, open > 0 && `${open} open`]
    .filter(Boolean)
    .join(', ');
}

/** What the clients of a register were answered: a row for each operation, in the order in which they were asked. */
function operationRows(protocols: readonly Compared[]): string[][] {
  const columnsOf = protocols.map(({ report }) => (report?.history == null ? null : answersIn(report.history)));
  const labels = columnsOf.find((column) => column !== null)?.keys() ?? [];
  return [...labels].map((label) => [label, ...columnsOf.map((column) => column?.get(label) ?? '-')]);
}

/** By operation, as in `2nd read of A`: what came of it. */
function answersIn(history: readonly HistoryEvent[]): Map<string, string> {
  const answers = new Map<string, string>();
  const counts = new Map<string, number>();
  const open = new Map<string, string>();
  for (const { process, type, f, value: said } of history) {
    if (type !== 'invoke') {
      const words = { ok: f === 'read' ? value(said) : 'done', fail: 'refused', info: 'refused, perhaps done' }[type];
      answers.set(open.get(process) ?? '', words);
      continue;
    }
    const asked = f === 'read' ? `read by ${safe(process)}` : `${safe(process)} writes ${value(said)}`;
    const count = (counts.get(asked) ?? 0) + 1;
    counts.set(asked, count);
    const label = f === 'read' || count > 1 ? `${ordinal(count)} ${asked}` : asked;
    open.set(process, label);
    answers.set(label, 'no answer');
  }
  return answers;
}

/** `commit: C P1 P2; abort: P3; undecided: P4` of the nodes that can decide. */
function outcome({ decisions, history, nodes: reports, waitsFor }: RunReport): string {
  if (history !== null) return operationCounts(history);
  const groups = new Map<string, string[]>();
  for (const [node, decision] of Object.entries(decisions)) {
    const isOpen = decision === null;
    if (isOpen && waitsFor[node] === undefined && reports[node]?.status === 'up') continue;
    const name = isOpen
      ? reports[node]?.status === 'up'
        ? 'undecided'
        : `${reports[node]?.status}, undecided`
      : value(decision);
    groups.set(name, [...(groups.get(name) ?? []), node]);
  }
  return [...groups].map(([name, ids]) => `${name}: ${nodes(ids)}`).join('; ') || 'nobody decided';
}
