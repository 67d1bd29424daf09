/** Recorded runs to be exported: presets as they are, and one whose words are hostile. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { observe } from '../../src/cli/open-session.ts';
import type { Protocol } from '../../src/core/protocol.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { engineVersion } from '../../src/core/version.ts';
import { type Subject, subjectOf } from '../../src/export/subject.ts';
import { openLocalSession } from '../../src/live/local-session.ts';
import type { PacedSession } from '../../src/live/paced-session.ts';
import { readRecordingFile } from '../../src/record/reader.ts';
import { createRecorder } from '../../src/record/writer.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { protocolSha256 } from '../../src/scenario/protocols.ts';

export const folder = (): string => mkdtempSync(join(tmpdir(), 'havoc-export-'));

/** Plays it to its end, after what `first` does, and writes the recording. */
export async function recordRun(
  file: string,
  scenario: Scenario,
  protocol: Protocol,
  first: (session: PacedSession) => Promise<void> = async () => {},
): Promise<PacedSession> {
  const sha256 = protocolSha256({ id: protocol.id });
  const recorder = createRecorder({
    file,
    header: {
      engine: { version: engineVersion, protocol: protocol.id, protocolSha256: sha256 },
      scenario,
      id: 'test',
      startedAt: '2024-01-01T00:00:00.000Z',
    },
    wallNowMs: () => 0,
    onTrouble: (trouble) => {
      throw new Error(trouble);
    },
  });
  const session = openLocalSession({ scenario, protocol, paused: true, observer: observe(recorder) });
  await first(session);
  await session.runUntil(scenario.untilMs);
  await session.close();
  return session;
}

export async function recordPreset(file: string, name: string): Promise<Protocol> {
  const { scenario, protocol } = await loadScenario(name);
  await recordRun(file, scenario, protocol);
  return protocol;
}

export function subjectIn(file: string, protocol: Protocol): Subject {
  const subject = subjectOf(readRecordingFile(file), protocol);
  if ('line' in subject) throw new Error(subject.why);
  return subject;
}

export async function presetSubject(name: string): Promise<Subject> {
  const file = join(folder(), `${name}.jsonl`);
  return subjectIn(file, await recordPreset(file, name));
}

export const whole = ({ trace }: Subject) => ({ nodes: null, from: 0, to: trace.length - 1 });

/** What could do harm, in a terminal, a page, a log or a diagram. */
export const hostile = [
  '<script>alert(1)</script>]]><!--',
  '\u001b[2J\u001b]52;c;aGk=\u0007\u009b31m',
  '\u202eright to left\u2028next',
  'end; n0->>n1: forged\nend %% #quot; {x}',
  `a${'\u0301'.repeat(400)}`,
  '" onload="alert(1)" \' style=\'x',
].join(' ');

/** A two-phase commit whose words are all hostile. */
export async function hostileSubject(): Promise<Subject> {
  const { scenario, protocol } = await loadScenario('partition-during-commit');
  const inputs = scenario.inputs.map((input) => ({ ...input, data: { transaction: hostile } }));
  const file = join(folder(), 'hostile.jsonl');
  await recordRun(file, { ...scenario, title: hostile, summary: hostile, inputs }, protocol);
  return subjectIn(file, protocol);
}
