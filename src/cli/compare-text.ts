/** A comparison as a table: a column for each protocol, a row for each thing that one compares. */
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
    `# ${safe(scenario)}, seed ${seed}, over ${protocols.map(({ protocol }) => protocol).join(', ')}`,
    ...(faults.length === 0 ? ['# no fault'] : faults.map((fault) => `# ${fault}`)),
  ];
  const rows = [
    ['', ...protocols.map(({ protocol }) => protocol)],
    ...lines.map(([label, cell]) => [label, ...protocols.map(cell)]),
  ];
  const remarks = protocols.flatMap(({ protocol, remarks: own }) =>
    own.map((remark) => `${protocol}: ${safe(remark)}`),
  );
  const formulas = protocols.flatMap(({ protocol, report }) =>
    (report?.costs.published ?? []).map(({ name, formula }) => [protocol, name, formula]),
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

/** `commit: C P1 P2; abort: P3; undecided: P4` of the nodes that can decide. */
function outcome({ decisions, nodes: reports, waitsFor }: RunReport): string {
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
