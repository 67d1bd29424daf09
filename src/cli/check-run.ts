/** Runs `check`: explores until it is done, stopped or at a limit; writes the counterexample; prints the verdicts. */
import { nanoid } from 'nanoid';
import { runPath } from '../check/counterexample.ts';
import { type Exploration, explore, type Progress } from '../check/explore.ts';
import { minimise } from '../check/minimise.ts';
import type { Finding } from '../check/standing.ts';
import { digestWorld } from '../core/digest.ts';
import { engineVersion } from '../core/version.ts';
import { createRecorder } from '../record/writer.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { loadScenarioSoon } from '../scenario/prepared.ts';
import { protocolSha256 } from '../scenario/protocols.ts';
import type { CheckOptions } from './check.ts';
import { checkJson, checkText, type Outcome, type SettledAt } from './check-text.ts';
import { exitCodes } from './exit-codes.ts';
import { complain, print, printJson } from './output.ts';
import { eventLine } from './transcript.ts';

export async function runCheck(target: string, options: CheckOptions): Promise<number> {
  const loaded = await loadScenarioSoon(target, { overrides: options.set });
  const startedMs = performance.now();
  const watch = watchOver(options, startedMs);
  const exploration = await explore(loaded.scenario, loaded.protocol, {
    network: options.network,
    exact: options.exact,
    statesMax: options.maxStates,
    between: watch.between,
  }).finally(watch.end);
  const elapsedMs = Math.round(performance.now() - startedMs);
  const outcome = concluded(loaded, exploration, options.counterexample ?? null, elapsedMs);
  if (options.json) printJson(checkJson(outcome));
  else print(checkText(outcome));
  if (outcome.counterexample?.missing != null && options.counterexample !== undefined)
    complain(`no recording was written: ${outcome.counterexample.missing}`);
  if (exploration.properties.some(({ kind, verdict }) => kind === 'always' && verdict === 'violated'))
    return exitCodes.notMet;
  return exploration.complete ? exitCodes.success : exitCodes.unknown;
}

function concluded(loaded: LoadedScenario, exploration: Exploration, file: string | null, elapsedMs: number): Outcome {
  const settled = new Map<string, SettledAt>();
  for (const [p, finding] of exploration.properties.entries())
    if (finding.state !== null) settled.set(finding.name, settledAt(loaded, exploration, p, finding.state));
  const violated =
    exploration.properties.find(({ kind, verdict }) => kind === 'always' && verdict === 'violated') ??
    exploration.properties.find(({ verdict }) => verdict === 'violated');
  const shown = violated === undefined ? undefined : settled.get(violated.name);
  if (violated === undefined || shown === undefined)
    return { loaded, exploration, elapsedMs, settled, counterexample: null };
  const { run } = shown;
  const isWritten = run !== null && file !== null;
  if (isWritten) writeRecording(loaded, shown, file);
  const counterexample = {
    property: violated.name,
    events: shown.at + 1,
    file: isWritten ? file : null,
    missing: shown.missing,
    lines: run === null ? [] : run.run.trace.map(eventLine),
  };
  return { loaded, exploration, elapsedMs, settled, counterexample };
}

/** A least run that settles the property, carried out anew: what it claims must come about there too. */
function settledAt({ protocol }: LoadedScenario, exploration: Exploration, p: number, state: number): SettledAt {
  const { model, tracked } = exploration;
  const finding = exploration.properties[p] as Finding;
  const found = exploration.path(state);
  const path = finding.verdict === 'violated' ? minimise(model, tracked, found, p).path : found;
  const run = runPath(model, protocol, path);
  if (typeof run === 'string') return { at: path.moves.length - 1, run: null, missing: run };
  const { world } = run.run;
  const judged = world.properties.find(({ property }) => property.name === finding.name);
  const comesAbout =
    finding.kind === 'eventually'
      ? judged?.property.test(world.view, judged.memory) !== true
      : judged !== undefined && judged.settledAt !== null;
  if (comesAbout) return { at: world.events - 1, run, missing: null };
  const missing = 'carried out as a run, it does not settle the property';
  return { at: path.moves.length - 1, run: null, missing };
}

function writeRecording({ scenario, ref }: LoadedScenario, { run }: SettledAt, file: string): void {
  if (run === null) return;
  const { world, checkpoints } = run.run;
  const recorder = createRecorder({
    file,
    header: {
      engine: { version: engineVersion, protocol: scenario.protocol, protocolSha256: protocolSha256(ref) },
      scenario: run.scenario,
      id: nanoid(),
      startedAt: new Date().toISOString(),
    },
    wallNowMs: () => 0,
    onTrouble: complain,
  });
  const lines = [
    ...run.acts.map((act) => ({ at: act.i, write: () => recorder.onAct(act.i, act.atMs, act.act) })),
    // the checkpoint at 64 stands before the act at 64
    ...checkpoints.map(({ index, atMs, digest }) => ({
      at: index - 0.5,
      write: () => recorder.onCheckpoint(index, atMs, digest),
    })),
  ].sort((a, b) => a.at - b.at);
  for (const { write } of lines) write();
  recorder.onClose({ events: world.events, atMs: world.nowMs, digest: digestWorld(world) });
}

/** Shows how far it has come, where someone looks; ends it at the time limit, or when it is interrupted. */
function watchOver({ maxSeconds }: CheckOptions, startedMs: number) {
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const isSeen = process.stderr.isTTY === true;
  let shownMs = startedMs;
  const between = async (progress: Progress): Promise<string | null> => {
    // signals arrive only when the event loop turns
    await new Promise((resolve) => setImmediate(resolve));
    const nowMs = performance.now();
    if (isSeen && nowMs - shownMs >= 500) {
      shownMs = nowMs;
      process.stderr.write(`\r${progressText(progress, nowMs - startedMs)}\x1b[K`);
    }
    if (interrupted) return 'it was interrupted';
    if (maxSeconds !== undefined && nowMs - startedMs >= maxSeconds * 1000)
      return `the limit of ${maxSeconds} s was reached`;
    return null;
  };
  const end = (): void => {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    if (shownMs !== startedMs) process.stderr.write('\r\x1b[K');
  };
  return { between, end };
}

function progressText({ states, transitions, depth, waiting, bytes }: Progress, elapsedMs: number): string {
  const rate = Math.round((states / elapsedMs) * 1000);
  return `${states} states (${rate}/s), ${transitions} transitions, depth ${depth}, ${waiting} waiting, ${Math.round(bytes / 1e6)} MB`;
}
