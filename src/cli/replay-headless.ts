/** `replay` without a screen: `--verify` gives a verdict on the recording; without it, the transcript comes first. */
import { digestWorld } from '../core/digest.ts';
import { reportRun } from '../core/report.ts';
import { nextEntry } from '../core/scheduler.ts';
import { type Replayer, replayRecording } from '../record/replay.ts';
import { exitCodes } from './exit-codes.ts';
import type { OpenedRecording } from './open-recording.ts';
import { complain, print, printJson } from './output.ts';
import type { ReplayOptions } from './replay.ts';
import { eventLine, titleLines, verdictLines } from './transcript.ts';

type Verdict = 'same' | 'differs' | 'truncated' | 'other engine';

const codes: Readonly<Record<Verdict, number>> = {
  same: exitCodes.success,
  differs: exitCodes.notMet,
  truncated: exitCodes.unknown,
  'other engine': exitCodes.unknown,
};

export function printReplay({ recording, protocol, otherEngine }: OpenedRecording, options: ReplayOptions): number {
  if (otherEngine !== null && options.verify) {
    const why = `${recording.file}: no verdict: ${otherEngine}`;
    if (options.json) printJson({ recording: recording.file, verdict: 'other engine', why });
    else complain(why);
    return exitCodes.unknown;
  }
  const asTranscript = !options.verify && !options.json;
  if (otherEngine !== null)
    complain(`${recording.file}: ${otherEngine}; what follows may differ from what was recorded`);
  if (asTranscript) print(titleLines(recording.header.scenario));
  const replayer = replayRecording(
    recording,
    protocol,
    asTranscript ? (events) => print(events.map(eventLine).join('\n')) : undefined,
  );
  const verdict = verdictOn(replayer);
  const why = explain(replayer, verdict);
  if (options.json) printJson(asJson(replayer, verdict, why));
  else if (options.verify && verdict === 'same') print(why);
  else if (verdict !== 'same') complain(why);
  if (asTranscript && verdict !== 'differs')
    print(verdictLines(reportRun(replayer.world, nextEntry(replayer.world) === null)));
  return otherEngine !== null
    ? exitCodes.unknown
    : options.verify || verdict === 'differs'
      ? codes[verdict]
      : exitCodes.success;
}

const verdictOn = ({ divergence, recording }: Replayer): Verdict =>
  divergence !== null ? 'differs' : recording.end === null ? 'truncated' : 'same';

function explain(replayer: Replayer, verdict: Verdict): string {
  const { recording, divergence, compared, world, inputs, branches } = replayer;
  const { file, halfLine } = recording;
  const back = branches.length === 0 ? '' : `, ${branches.length} ${branches.length === 1 ? 'branch' : 'branches'}`;
  const figures = `${world.events} events, ${inputs} inputs${back}, ${compared} checkpoints`;
  if (divergence !== null) {
    return `${file}:${divergence.line}:1: the re-execution differs in events ${divergence.from} to ${divergence.to - 1}: ${divergence.why}`;
  }
  if (verdict === 'truncated') {
    const where = halfLine === null ? 'it has no end' : `line ${halfLine} is cut off`;
    return `${file}: truncated: ${where}; what is there agrees (${figures})`;
  }
  return `${file}: OK: ${figures}, and the end agree; digest ${recording.end?.digest ?? ''}`;
}

function asJson(
  { recording, divergence, compared, inputs, branches, world }: Replayer,
  verdict: Verdict,
  why: string,
): object {
  const { header, file, halfLine } = recording;
  return {
    recording: file,
    id: header.id,
    student: header.student ?? null,
    scenario: header.scenario.name,
    protocol: header.engine.protocol,
    verdict,
    why,
    events: world.events,
    virtualTimeMs: world.nowMs,
    inputs,
    branches,
    checkpoints: compared,
    digest: digestWorld(world),
    divergence,
    halfLine,
    report: divergence === null ? reportRun(world, nextEntry(world) === null) : null,
  };
}
