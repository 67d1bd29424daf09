/** `check --valence`: what can still be decided from each configuration, and where it is settled. */
import { CheckError } from '../check/model.ts';
import type { Move } from '../check/moves.ts';
import { type Critical, type Initial, type Survey, survey } from '../check/valence/survey.ts';
import type { Json, Protocol } from '../core/protocol.ts';
import { valenceText } from '../core/valence.ts';
import { loadScenarioSoon } from '../scenario/prepared.ts';
import { messageText, safe } from '../tui/format.ts';
import type { CheckOptions } from './check.ts';
import { lateText } from './check-graph.ts';
import { watchOver } from './check-watch.ts';
import { exitCodes } from './exit-codes.ts';
import { columns, print, printJson } from './output.ts';
import { titleLines } from './transcript.ts';

/** a graph that is kept takes memory: without a limit of one's own it ends here */
const usualStatesMax = 400_000;

export async function runValence(target: string, options: CheckOptions): Promise<number> {
  const { scenario, protocol } = await loadScenarioSoon(target, { overrides: options.set });
  const watch = watchOver(options.maxSeconds, performance.now());
  const found = await survey(scenario, protocol, {
    statesMax: Math.min(options.maxStates, usualStatesMax),
    ...(options.inputs === undefined ? {} : { inputs: readInputs(options.inputs, protocol) }),
    between: (states) => watch.between({ states, transitions: 0, depth: 0, waiting: 0, bytes: 0 }),
  }).finally(watch.end);
  if (options.json) printJson({ scenario: scenario.name, protocol: scenario.protocol, ...surveyJson(found) });
  else print([titleLines(scenario), ...surveyLines(found)].join('\n'));
  return found.stopped === null ? exitCodes.success : exitCodes.unknown;
}

/** `values=0,1` */
function readInputs(text: string, protocol: Protocol): { parameter: string; values: Json[] } {
  const [parameter = '', list = ''] = text.split('=');
  if (protocol.parameters[parameter]?.kind !== 'per-node') {
    const names = Object.entries(protocol.parameters).flatMap(([name, { kind }]) =>
      kind === 'per-node' ? [name] : [],
    );
    throw new CheckError(
      `--inputs: ${safe(parameter)} is no parameter with a value for each node; there are ${names.join(', ') || 'none'}`,
    );
  }
  const values = list.split(',').filter((word) => word !== '');
  if (values.length < 2) throw new CheckError(`--inputs: write two values or more: ${safe(parameter)}=0,1`);
  return { parameter, values: values.map((word) => (/^-?\d+(\.\d+)?$/.test(word) ? Number(word) : word)) };
}

function surveyJson(found: Survey): object {
  const { parameter, initial, states, stopped, counts, critical, nearest } = found;
  return {
    complete: stopped === null,
    stopped,
    configurations: states,
    counts,
    inputs: parameter,
    initial: initial.map(({ inputs, valence }) => ({ inputs, valence: valenceText(valence), values: valence.values })),
    critical,
    nearest: nearest === null ? null : nearestJson(nearest, found),
  };
}

const nearestJson = ({ node, path, deciding }: Critical, found: Survey): object => ({
  node,
  events: path.map((move) => moveWords(move, found)),
  deciding: deciding.map(({ move, valence }) => ({ event: moveWords(move, found), valence: valenceText(valence) })),
});

function surveyLines(found: Survey): string[] {
  const { states, stopped, counts, critical } = found;
  const kinds = Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = kinds.map(([words, count]) => [`  ${safe(words)}`, String(count)]);
  const deciders = Object.entries(critical).map(([node, count]) => `${safe(node)} ${count}`);
  return [
    `# ${stopped === null ? 'all explored' : stopped}: ${states} configurations, as the nodes' states and the messages sent`,
    columns(rows),
    `critical: ${deciders.length === 0 ? 'none found' : `${deciders.join(', ')} (by the node that decides)`}`,
    ...nearestLines(found),
    ...initialLines(found),
  ];
}

function nearestLines(found: Survey): string[] {
  const { nearest } = found;
  if (nearest === null) return [];
  const { node, path, deciding } = nearest;
  return [
    `The nearest critical configuration is ${path.length} events from the start:`,
    ...path.map((move) => `  ${moveWords(move, found)}`),
    `Then ${safe(node)} decides by what comes to it first:`,
    columns(deciding.map(({ move, valence }) => [`  ${moveWords(move, found)}`, safe(valenceText(valence))])),
  ];
}

function initialLines({ parameter, initial }: Survey): string[] {
  if (parameter === null)
    return ['Initial configurations: no parameter gives each node a choice of two (see --inputs)'];
  const bivalent = initial.filter(({ valence }) => valence.kind === 'bivalent').length;
  const wordsOf = ({ inputs }: Initial): string => Object.values(inputs).map(String).join(' ');
  return [
    `Initial configurations, by ${safe(parameter)}: ${bivalent} of ${initial.length} bivalent`,
    columns(initial.map((one) => [`  ${safe(wordsOf(one))}`, safe(valenceText(one.valence))])),
  ];
}

const moveWords = (move: Move, found: Survey): string =>
  move.timeGoesOn ? `${eventWords(move, found)}; ${lateText}` : eventWords(move, found);

function eventWords(move: Move, { graph }: Survey): string {
  const { ids } = graph.transitions.model;
  const { letters } = graph.transitions.steps;
  if (move.kind === 'deliver' || move.kind === 'drop') {
    const { from, to, body } = letters.all[move.letter] as (typeof letters.all)[number];
    const does = move.kind === 'deliver' ? 'gets' : 'never gets';
    return safe(`${ids[to]} ${does} ${messageText(body)} from ${ids[from]}`);
  }
  if (move.kind === 'fire') return safe(`${ids[move.node]}'s timer ${move.timer} fires`);
  if (move.kind === 'input') return safe(`${move.input.node} takes ${move.input.input}`);
  return 'node' in move ? safe(`${ids[move.node]}: ${move.kind}`) : move.kind;
}
