/** `play --headless`: the run at full speed, its transcript as it goes, and the verdicts. */
import { mostNodesWithVectors } from '../core/clocks.ts';
import { type RunReport, reportRun } from '../core/report.ts';
import type { PacedSession } from '../live/paced-session.ts';
import { limits } from '../record/format.ts';
import { exitCodes } from './exit-codes.ts';
import { openSession } from './open-session.ts';
import { complain, print, printJson } from './output.ts';
import type { PlayOptions } from './play.ts';
import { showProgress } from './progress.ts';
import { eventLine, isLargeRun, titleLines, verdictLines } from './transcript.ts';

export async function playHeadless(target: string, options: PlayOptions): Promise<number> {
  const session = await openSession(target, {
    overrides: options.set,
    seed: options.seed,
    student: options.student,
    salt: options.salt,
    // headless, only a recording that was asked for
    record: typeof options.record === 'string' ? options.record : null,
    inProcess: options.inProcess,
    paused: true,
    speed: Number.POSITIVE_INFINITY,
  });
  const interrupted = closeOnSignal(session);
  const isLarge = isLargeRun(session.scenario);
  const stopShowing = isLarge ? showProgress(session) : () => {};
  const stopPrinting = options.json ? () => {} : isLarge ? announce(session) : printAsItGoes(session);
  const eventsMax = Math.min(options.maxEvents ?? mostEvents(session.scenario), recordable(session));
  session.setBreakpoint(() => session.world.events >= eventsMax);
  const autopilot = options.autopilot === undefined ? null : await import('./autopilot.ts');
  const kept = (await autopilot?.keepHeadless(session, options.autopilot as number)) ?? null;
  if (kept === null) await runOrClose(session, options.until ?? session.scenario.untilMs);
  stopShowing();
  stopPrinting();
  const { quiet } = session;
  const isCutOff = !quiet && (session.world.events >= eventsMax || interrupted() !== null);
  const report = withoutVerdict(isCutOff, reportRun(session.world, quiet, session.trace));
  await session.close();
  for (const trouble of session.troubles) complain(trouble);
  if (isCutOff) complain(`stopped after ${report.events} events, before its end`);
  if (options.json) printJson(kept === null ? report : { ...report, autopilot: kept });
  else
    print(
      [verdictLines(report), ...(autopilot === null || kept === null ? [] : [autopilot.keptLine(kept)])].join('\n'),
    );
  if (autopilot !== null && kept !== null) return interrupted() ?? autopilot.exitCodeOfKept(kept);
  return interrupted() ?? exitCodeOf(report);
}

/** What is met when a run is cut off may still be lost in what would have come. */
const withoutVerdict = (isCutOff: boolean, report: RunReport): RunReport =>
  isCutOff && report.verdict === 'met' ? { ...report, verdict: 'unknown' } : report;

/** As many as a recording may hold; where there are very many nodes, a thousand for each. */
const mostEvents = ({ nodes }: PacedSession['scenario']): number =>
  Math.max(limits.events, 1000 * Object.keys(nodes).length);

/** What stops a run for good (a test of the protocol's that throws) is no verdict: the recording is ended, and it is said. */
export async function runOrClose(session: PacedSession, untilMs: number): Promise<void> {
  try {
    await session.runUntil(untilMs);
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** What is recorded must also be read again. */
const recordable = ({ recording }: PacedSession): number =>
  recording === null ? Number.POSITIVE_INFINITY : limits.events;

export const exitCodeOf = ({ verdict }: RunReport): number =>
  ({ met: exitCodes.success, 'not met': exitCodes.notMet, unknown: exitCodes.unknown })[verdict];

/** Of a run that large nobody reads every event. */
function announce({ scenario }: PacedSession): () => void {
  print(titleLines(scenario));
  print(`# more than ${mostNodesWithVectors} nodes: no vector clocks are kept, and no line is printed for each event`);
  return () => {};
}

/** Prints what is new at every change; gives what prints the rest. */
function printAsItGoes(session: PacedSession): () => void {
  print(titleLines(session.scenario));
  let printed = 0;
  const flush = (): void => {
    const lines = session.trace.slice(printed).map(eventLine);
    printed += lines.length;
    if (lines.length > 0) print(lines.join('\n'));
  };
  const unsubscribe = session.subscribe(flush);
  return () => {
    unsubscribe();
    flush();
  };
}

/** A signal ends the run, and with it the recording, in order; gives the exit code that says so. */
function closeOnSignal(session: PacedSession): () => number | null {
  let code: number | null = null;
  const end = (number: number) => (): void => {
    code = 128 + number;
    session.setRunning(false);
  };
  process.once('SIGINT', end(2));
  process.once('SIGTERM', end(15));
  process.once('SIGHUP', end(1));
  process.once('SIGQUIT', end(3));
  return () => code;
}
