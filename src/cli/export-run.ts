/** Runs `export`: executes the recording anew, and writes what was asked for. */
import { castText } from '../export/cast.ts';
import { framesOf } from '../export/frames.ts';
import { htmlText } from '../export/html.ts';
import { mermaidText } from '../export/mermaid.ts';
import { shivizText } from '../export/shiviz.ts';
import { type Extent, type Subject, subjectOf } from '../export/subject.ts';
import { svgText } from '../export/svg.ts';
import { traceJson } from '../export/trace-json.ts';
import { rightName } from '../scenario/nearest.ts';
import { setLook } from '../tui/theme.ts';
import { exitCodes } from './exit-codes.ts';
import type { ExportOptions } from './export.ts';
import { InputError } from './failures.ts';
import { type OpenedRecording, openRecording } from './open-recording.ts';
import { complain } from './output.ts';
import { refuseExisting, writeNew } from './write-whole.ts';

/** What a reader of pictures can take in, and a browser can draw. */
const most = { columns: 64, events: 5000, clocks: 128 };

export async function runExport(file: string, options: ExportOptions): Promise<number> {
  // the same file wherever it is made
  setLook({ theme: 'dark', ascii: false });
  const { out } = options;
  if (out !== undefined) refuseExisting(out);
  const opened = await openRecording(file, options.protocol);
  const { recording, otherEngine } = opened;
  const subject = subjectOf(recording, opened.protocol);
  if ('line' in subject) {
    const { line, from, to, why } = subject;
    complain(`${file}:${line}:1: the re-execution differs in events ${from} to ${to - 1}: ${why}; nothing was written`);
    return otherEngine === null ? exitCodes.notMet : exitCodes.unknown;
  }
  const parts = partsOf(subject, opened, options);
  if (out === undefined) for await (const part of parts) await written(part);
  else await writeNew(out, parts);
  if (recording.end === null) complain(`${file}: truncated: what is there was exported`);
  if (otherEngine !== null) complain(`${file}: ${otherEngine}; what was exported may differ from what was recorded`);
  return otherEngine === null ? exitCodes.success : exitCodes.unknown;
}

/** Stdout takes it, or has room again. */
const written = (part: string): Promise<void> => new Promise((resolve) => process.stdout.write(part, () => resolve()));

function partsOf(
  subject: Subject,
  { recording, protocol }: OpenedRecording,
  options: ExportOptions,
): Iterable<string> | AsyncIterable<string> {
  const { to, size, speed } = options;
  switch (to) {
    case 'json':
      return traceJson(subject);
    case 'shiviz':
      refuseMore(recording.file, 'nodes', subject.world.nodes.length, most.clocks, 'a log with a clock on every line');
      return [shivizText(subject)];
    case 'cast': {
      refuseMore(recording.file, 'events', subject.trace.length, most.events, 'a film');
      const settings = { ...size, speed };
      return castText(subject.world, framesOf(recording, protocol, settings), settings);
    }
    default: {
      const draw = { svg: svgText, html: htmlText, mermaid: mermaidText }[to];
      return [draw(subject, extentOf(subject, options))];
    }
  }
}

function refuseMore(file: string, what: string, count: number, limit: number, of: string, instead = ''): void {
  if (count > limit)
    throw new InputError(`${file}: ${count} ${what} are too many for ${of}: at most ${limit}${instead}`);
}

/** Throws `InputError`. */
function extentOf({ world, trace, recording: { file } }: Subject, { nodes, events }: ExportOptions): Extent {
  const places = nodes?.map((name) => {
    const place = world.indexOf.get(name);
    if (place === undefined) throw new InputError(`${file}: it has no node ${name}; ${rightName(name, world.ids)}`);
    return place;
  });
  const shown = places === undefined ? null : [...new Set(places)].sort((a, b) => a - b);
  const { from, to } = { from: events?.from ?? 0, to: Math.min(events?.to ?? trace.length, trace.length - 1) };
  if (events !== undefined && from > to)
    throw new InputError(`${file}: there is no event ${from}: it has ${trace.length}, from 0`);
  const columns = shown?.length ?? world.nodes.length;
  refuseMore(file, 'nodes', columns, most.columns, 'a picture', '; choose some with --nodes');
  refuseMore(file, 'events', to - from + 1, most.events, 'a picture', '; choose some with --events');
  return { nodes: shown, from, to };
}
