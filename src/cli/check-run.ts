/** Runs `check`: explores until it is done, stopped or at a limit; writes what was asked for; prints the verdicts. */
import { type Exploration, explore } from '../check/explore.ts';
import { Space } from '../check/space.ts';
import type { Protocol } from '../core/protocol.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import type { CheckOptions } from './check.ts';
import { asksWhoIsBlocked, type BlockedReport, reportBlocked } from './check-blocked.ts';
import { graphStatesMax, writeGraph } from './check-graph.ts';
import { type Growth, growthOf } from './check-growth.ts';
import { excessOf, settledAt, writeRecording } from './check-record.ts';
import { searchOf } from './check-search.ts';
import { type Counterexample, checkJson, checkText, type SettledAt } from './check-text.ts';
import { type Watch, watchOver } from './check-watch.ts';
import { exitCodes } from './exit-codes.ts';
import { UsageError } from './failures.ts';
import { loadInstance } from './load-instance.ts';
import { complain, print, printJson } from './output.ts';
import { eventLine } from './transcript.ts';
import { requirePlace } from './write-whole.ts';

/** Up to so many states everybody is told who is blocked, asked or not. */
const statesKept = 100_000;

export async function runCheck(target: string, options: CheckOptions): Promise<number> {
  for (const file of [options.counterexample, options.blocked, options.graph])
    if (file !== undefined) requirePlace(file);
  const { set: overrides, student, salt, counterexample: file } = options;
  const onTrouble = file === undefined ? () => {} : complain;
  const loaded = await loadInstance(target, { overrides, student, salt }, onTrouble);
  const startedMs = performance.now();
  const watch = watchOver(options.maxSeconds, startedMs);
  try {
    const exploration = await explore(loaded.scenario, withOnly(options.property, loaded.protocol), {
      ...searchOf(options, loaded),
      network: options.network,
      ifTaken: options.ifTaken,
      exact: options.exact,
      statesMax: options.maxStates,
      between: watch.between,
    });
    const elapsedMs = Math.round(performance.now() - startedMs);
    const space = await spaceOf(loaded, exploration, options, watch);
    const blocked = blockedIn(loaded, space, options);
    const settled = await settledIn(loaded, exploration, watch);
    const counterexample = counterexampleIn(loaded, exploration, settled, options.counterexample ?? null);
    const growth = growthIn(loaded, exploration);
    const outcome = { loaded, exploration, elapsedMs, settled, counterexample, blocked, growth };
    watch.end();
    if (options.json) printJson(checkJson(outcome));
    else print(checkText(outcome));
    const isDrawn = options.graph === undefined || drawGraph(loaded, space, options.graph);
    const exitCode = exitCodeOf(exploration);
    return exitCode === exitCodes.success && !isDrawn ? exitCodes.unknown : exitCode;
  } finally {
    watch.end();
  }
}

/** The protocol with these of its properties; without names, with all. */
function withOnly(names: readonly string[], protocol: Protocol): Protocol {
  if (names.length === 0) return protocol;
  const known = protocol.properties.map(({ name }) => name);
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw new UsageError(`${protocol.id} has no property ${stranger}; it has ${known.join(', ')}`);
  return { ...protocol, properties: protocol.properties.filter(({ name }) => names.includes(name)) };
}

/** Where a limit came first, though the depth is not bounded: why. */
function growthIn(loaded: LoadedScenario, { stopped, order, model }: Exploration): Growth | null {
  const isBounded = model.depthMax !== Number.POSITIVE_INFINITY;
  return stopped === null || isBounded || order === 'walks' ? null : growthOf(loaded);
}

function exitCodeOf({ properties, complete }: Exploration): number {
  if (properties.some(({ kind, verdict }) => kind === 'always' && verdict === 'violated')) return exitCodes.notMet;
  return complete ? exitCodes.success : exitCodes.unknown;
}

async function settledIn(
  loaded: LoadedScenario,
  exploration: Exploration,
  watch: Watch,
): Promise<Map<string, SettledAt>> {
  const settled = new Map<string, SettledAt>();
  for (const [p, { name, state }] of exploration.properties.entries())
    if (state !== null) settled.set(name, await settledAt(loaded, exploration, p, state, watch.isInterrupted));
  return settled;
}

function counterexampleIn(
  loaded: LoadedScenario,
  { properties }: Exploration,
  settled: ReadonlyMap<string, SettledAt>,
  file: string | null,
): Counterexample | null {
  const violated =
    properties.find(({ kind, verdict }) => kind === 'always' && verdict === 'violated') ??
    properties.find(({ verdict }) => verdict === 'violated');
  const shown = violated === undefined ? undefined : settled.get(violated.name);
  if (violated === undefined || shown === undefined) return null;
  const { run, minimal, isScheduled = false, missing, at } = shown;
  const isWritten = run !== null && file !== null;
  if (isWritten) writeRecording(loaded, run, file);
  if (missing !== null && file !== null) complain(`no recording was written: ${missing}`);
  return {
    property: violated.name,
    events: at + 1,
    minimal,
    isScheduled,
    excess: run === null ? null : excessOf(run),
    file: isWritten ? file : null,
    missing,
    lines: run === null ? [] : run.run.trace.map(eventLine),
  };
}

/** The whole space once more, with its edges, where somebody asks for it or it is small. A text: why not. */
async function spaceOf(
  loaded: LoadedScenario,
  { model, tracked, states, stopped, order }: Exploration,
  { blocked, graph, maxStates }: CheckOptions,
  watch: Watch,
): Promise<Space | string> {
  if (graph === undefined && !asksWhoIsBlocked(loaded)) return 'nobody asks';
  const statesMax = blocked === undefined ? Math.min(statesKept, maxStates) : maxStates;
  if (order === 'walks') return 'random walks do not show it';
  if (watch.isOver) return 'there was no time to ask';
  if (stopped !== null && blocked === undefined && graph === undefined) return stopped;
  if (states > statesMax) return `there are more than ${statesMax} states; --blocked FILE asks of more`;
  const space = new Space(model, tracked, statesMax);
  await space.build(watch.between);
  return space;
}

function blockedIn(loaded: LoadedScenario, space: Space | string, { blocked }: CheckOptions): BlockedReport | null {
  if (!asksWhoIsBlocked(loaded)) return null;
  return typeof space === 'string' ? { runs: null, unknown: space } : reportBlocked(loaded, space, blocked ?? null);
}

/** false: there is too much to draw */
function drawGraph(loaded: LoadedScenario, space: Space | string, file: string): boolean {
  const why = typeof space === 'string' ? space : space.stopped;
  if (why !== null) complain(`no graph was written: ${why}`);
  else if ((space as Space).states > graphStatesMax)
    complain(`no graph was written: there are more than ${graphStatesMax} states; a \`constraint\` would bound them`);
  else {
    writeGraph(loaded, space as Space, file);
    return true;
  }
  return false;
}
