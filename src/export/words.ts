/** What every export says of a run: its head, and its verdicts. */
import { safe } from '../tui/format.ts';
import { symbols } from '../tui/theme.ts';
import type { Subject } from './subject.ts';

/** The title, and a line about the run. */
export function headLines({ world, report, recording }: Subject): readonly [title: string, about: string] {
  const { scenario, protocol } = world;
  const timing = scenario.boundMs === undefined ? scenario.model : `${scenario.model}, bound ${scenario.boundMs} ms`;
  const parts = [
    `${safe(scenario.name)}: ${safe(protocol.title)}`,
    `${world.nodes.length} nodes`,
    timing,
    scenario.failures,
    `seed ${scenario.seed}`,
    `${report.events} events`,
    ...(recording.end === null ? ['cut off'] : []),
  ];
  return [safe(scenario.title), parts.join(' · ')];
}

const signs = {
  holds: [symbols.holds, 'good'],
  violated: [symbols.violated, 'bad'],
  unknown: [symbols.unknown, 'dim'],
  'not reached': [symbols.notReached, 'dim'],
} as const;

export interface VerdictRow {
  readonly sign: string;
  readonly name: string;
  readonly words: string;
  readonly tone: 'good' | 'bad' | 'dim';
}

export const verdictRows = ({ report }: Subject): VerdictRow[] =>
  report.properties.map(({ name, verdict, at, why }) => {
    const [sign, tone] = signs[verdict];
    const where = at === null ? '' : ` at event ${at}`;
    return { sign, name: safe(name), words: `${verdict}${where}: ${safe(why)}`, tone };
  });
