/** Reads a recording and finds the protocol that it was made with. Code that only the file names is never loaded. */
import { resolve } from 'node:path';
import type { Protocol } from '../core/protocol.ts';
import { engineVersion } from '../core/version.ts';
import type { Recording } from '../record/format.ts';
import { readRecordingFile } from '../record/reader.ts';
import { isPath, loadProtocolRef, type ProtocolRef, protocolSha256 } from '../scenario/protocols.ts';
import { checkAgainstProtocol } from '../scenario/resolved.ts';
import { InputError } from './failures.ts';

export interface OpenedRecording {
  readonly recording: Recording;
  readonly protocol: Protocol;
  /** what a worker thread loads to get the same protocol */
  readonly ref: ProtocolRef;
  /** in what the engine here differs from the one that recorded; null: in nothing */
  readonly otherEngine: string | null;
}

/** Throws `RecordingError`, `ScenarioError` or `InputError`. */
export async function openRecording(file: string, protocolFile?: string): Promise<OpenedRecording> {
  const recording = readRecordingFile(file);
  const named = recording.header.engine.protocol;
  if (isPath(named) && protocolFile === undefined) {
    throw new InputError(
      `${file}:1:1: it was made with the protocol file "${named}", and code that a recording names is not loaded; if you trust that file, give it with --protocol ${named}`,
    );
  }
  if (!isPath(named) && protocolFile !== undefined) {
    throw new InputError(`${file}:1:1: it was made with the built-in protocol "${named}"; leave --protocol out`);
  }
  const ref: ProtocolRef = protocolFile === undefined ? { id: named } : { file: protocolFile };
  const protocol = await loadProtocolRef(ref);
  checkAgainstProtocol(recording.header.scenario, protocol, `${file}:1`);
  return {
    recording,
    protocol,
    // a thread may stand in another folder
    ref: 'file' in ref ? { file: resolve(ref.file) } : ref,
    otherEngine: compareEngines(recording, protocolSha256(ref)),
  };
}

function compareEngines({ header: { engine } }: Recording, sha256: string): string | null {
  if (engine.version !== engineVersion)
    return `it was made under revision ${engine.version} of the engine's rules, and this is ${engineVersion}`;
  if (engine.protocolSha256 !== sha256) return `the protocol ${engine.protocol} has been changed since it was made`;
  return null;
}
