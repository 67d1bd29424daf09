/** What `check` found, as JSON and as text. */
import type { PathRun } from '../check/counterexample.ts';
import type { Exploration } from '../check/explore.ts';
import type { Finding } from '../check/standing.ts';
import type { PropertyVerdict } from '../core/scenario.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { safe } from '../tui/format.ts';
import { wrap } from '../tui/text.ts';
import type { BlockedReport, BlockedRun } from './check-blocked.ts';
import { type Growth, growthText } from './check-growth.ts';
import { searchText } from './check-search.ts';
import { titleLines } from './transcript.ts';

/** Where a property was settled: index of the last event of a least run that does it. */
export interface SettledAt {
  readonly at: number;
  readonly run: PathRun | null;
  /** nothing of it can be left out; false: there was no time to try everything */
  readonly minimal: boolean;
  /** nothing in it comes ahead of its turn: longer than need be, and within the challenge's budget */
  readonly isScheduled?: true;
  /** why there is no run */
  readonly missing: string | null;
}
export interface Counterexample {
  readonly property: string;
  readonly events: number;
  readonly minimal: boolean;
  readonly isScheduled: boolean;
  /** why it is no answer to the scenario's challenge; null: it is one, or there is no challenge */
  readonly excess: string | null;
  readonly file: string | null;
  readonly missing: string | null;
  /** its transcript */
  readonly lines: readonly string[];
}
export interface Outcome {
  readonly loaded: LoadedScenario;
  readonly exploration: Exploration;
  readonly elapsedMs: number;
  readonly settled: ReadonlyMap<string, SettledAt>;
  readonly counterexample: Counterexample | null;
  readonly blocked: BlockedReport | null;
  /** why a limit came first; null: none did, or it cannot be said */
  readonly growth: Growth | null;
}

export function checkJson(outcome: Outcome): object {
  const { loaded, exploration, elapsedMs, settled, counterexample, blocked } = outcome;
  const { scenario } = loaded;
  const { states, transitions, depth, complete, stopped, pruned, ends, machineSteps, model } = exploration;
  return {
    scenario: scenario.name,
    protocol: model.protocol.id,
    network: model.network,
    ifTaken: model.ifTaken,
    order: exploration.order,
    walkBy: exploration.walkBy,
    workers: exploration.workers,
    reductions: exploration.reductions,
    states,
    transitions,
    depth,
    complete,
    stopped,
    elapsedMs,
    properties: exploration.properties.map(({ name, kind, verdict, why, clause, nodes }) => ({
      name,
      kind,
      verdict,
      at: settled.get(name)?.at ?? null,
      why,
      clause,
      nodes,
    })),
    counterexample:
      counterexample === null
        ? null
        : {
            property: counterexample.property,
            events: counterexample.events,
            minimal: counterexample.minimal,
            excess: counterexample.excess,
            file: counterexample.file,
            missing: counterexample.missing,
          },
    blocked: blocked?.runs ?? null,
    blockedUnknown: blocked?.unknown ?? null,
    pruned,
    ends,
    exact: exploration.exact,
    collisionEstimate: exploration.collisionEstimate,
    bytesPerState: Math.round(exploration.bytesPerState),
    machineSteps,
    failures: exploration.failures,
  };
}

const columns = 80;
const wrapped = (text: string): string => wrap(text, columns).join('\n');

export function checkText(outcome: Outcome): string {
  const { loaded, exploration, elapsedMs, settled, counterexample, blocked, growth } = outcome;
  const { states, transitions, depth, complete, stopped, pruned, exact, collisionEstimate, model } = exploration;
  const rate = Math.round((states / Math.max(1, elapsedMs)) * 1000);
  const extent = complete ? 'all explored' : (stopped ?? 'ended by a violation');
  const how = exact
    ? 'whole states compared'
    : `fingerprints of 64 bits: two states taken for one with probability ${collisionEstimate.toExponential(0)}`;
  return [
    titleLines(loaded.scenario),
    `# ${extent}: ${states} states, ${transitions} transitions, depth ${depth}`,
    `# ${(elapsedMs / 1000).toFixed(1)} s, ${rate} states/s; network ${networkText(model)}${pruned > 0 ? `; ${pruned} successors left out by the constraint` : ''}`,
    ...searchText(exploration).map((line) => `# ${line}`),
    `# ${how}`,
    ...(growth === null ? [] : wrap(growthText(growth, exploration), columns - 2).map((line) => `# ${line}`)),
    ...failureLines(exploration),
    ...verdictLines(exploration.properties, settled),
    ...blockedLines(blocked),
    ...counterexampleLines(counterexample, loaded.scenario.challenge !== undefined),
  ].join('\n');
}

const networkText = ({ network, ifTaken }: Exploration['model']): string =>
  ifTaken && network !== 'set' ? `${network}, messages wait until they are taken` : network;

const shownFailures = 4;

/** A machine that throws takes its node down, and what it would have done is in no state: that must not go unsaid. */
function failureLines({ failures }: Exploration): string[] {
  if (failures.length === 0) return [];
  const shown = failures.slice(0, shownFailures).map((why) => safe(why));
  const more = failures.length > shown.length ? [`and ${failures.length - shown.length} more such reasons`] : [];
  return ['  failed', ...[...shown, ...more].map((why) => wrapped(`${' '.repeat(17)}${why}`))];
}

const bySeverity: readonly PropertyVerdict[] = ['violated', 'unknown', 'not reached', 'holds'];

/** What matters most first; those of which the same is to be said, together. */
function verdictLines(properties: readonly Finding[], settled: ReadonlyMap<string, SettledAt>): string[] {
  const groups = Map.groupBy(properties, ({ verdict, why }) => `${verdict} ${why}`);
  return [...groups.values()]
    .sort(([a], [b]) => bySeverity.indexOf((a as Finding).verdict) - bySeverity.indexOf((b as Finding).verdict))
    .flatMap((group) => {
      const { verdict, why } = group[0] as Finding;
      const names = group.map(({ name }, i) => {
        const at = settled.get(name)?.at;
        return `${(i === 0 ? `  ${verdict}` : '').padEnd(15)}${safe(name)}${at === undefined ? '' : ` (event ${at})`}`;
      });
      return [...names, wrapped(`${' '.repeat(17)}${safe(why)}`)];
    });
}

const shownBlocks = 6;

function blockedLines(blocked: BlockedReport | null): string[] {
  if (blocked === null) return [];
  const { runs, unknown } = blocked;
  if (runs === null) return [wrapped(`Who can be blocked for good is not known: ${safe(unknown ?? '')}`)];
  const more = runs.length > shownBlocks ? [`  and ${runs.length - shownBlocks} more such sets of nodes`] : [];
  const found =
    runs.length === 0
      ? []
      : [
          'Blocked for good, until somebody comes back or a partition heals:',
          ...runs.slice(0, shownBlocks).map(blockLine),
        ];
  const written = runs.flatMap(({ file }) => (file === null ? [] : [`  Written to ${safe(file)}`]));
  if (unknown !== null)
    return [...found, ...more, ...written, wrapped(`Whether more can be blocked is not known: ${safe(unknown)}`)];
  if (runs.length > 0) return [...found, ...more, ...written];
  return ['Nobody can be blocked for good: each node that is up can always still decide.'];
}

const blockLine = ({ nodes, events }: BlockedRun): string =>
  wrapped(`  ${nodes.map(safe).join(' ')} by ${events} events`);

function counterexampleLines(counterexample: Counterexample | null, isChallenge: boolean): string[] {
  if (counterexample === null) return [];
  const { property, events, minimal, isScheduled, excess, file, missing, lines } = counterexample;
  const shown = process.stdout.isTTY === true ? lines.map(onTerminal) : lines;
  const head = `A ${minimal ? 'least ' : ''}run that violates ${safe(property)}, ${events} events:`;
  const tail = [
    ...(minimal || isScheduled ? [] : ['  There was no time to make it as small as it goes.']),
    ...(isScheduled ? ['  Nothing in it comes ahead of its turn: a shorter one would be over the budget.'] : []),
    ...(isChallenge && missing === null ? [answerLine(excess)] : []),
    ...(missing === null ? [] : [`  not shown: ${safe(missing)}`]),
  ];
  return [head, ...shown, ...tail, ...(file === null ? [] : [`Written to ${safe(file)}`])];
}

const answerLine = (excess: string | null): string =>
  excess === null
    ? '  It keeps to the budget of the challenge.'
    : wrapped(`  It is no answer to the challenge: the budget is exceeded (${excess}).`);

/** An event on as many lines as it needs, what happened below what happened; elsewhere each has its one line. */
function onTerminal(text: string): string {
  const [place = ''] = /^\S+ +\d+ +\S+ +/.exec(text) ?? [];
  const body = wrap(text.slice(place.length), Math.max(40, process.stdout.columns ?? columns) - place.length);
  return place + body.join(`\n${' '.repeat(place.length)}`);
}
