/** `havoc export`: a recording as a picture, a page, a log or data. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Finish } from './main.ts';
import { nonEmpty, refuseForeign, screenSpeed, speed } from './options.ts';

export const exportFormats = ['shiviz', 'mermaid', 'svg', 'html', 'cast', 'json'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportOptions {
  readonly to: ExportFormat;
  readonly out?: string;
  readonly protocol?: string;
  readonly nodes?: readonly string[];
  readonly events?: { readonly from: number; readonly to: number };
  readonly size: { readonly columns: number; readonly rows: number };
  readonly speed: number;
}

const about = `
Formats:
  svg       the sequence diagram as a picture
  html      a page with the diagram, the verdicts, the faults and every event; it loads and runs nothing
  mermaid   the sequence diagram, for pages that draw Mermaid
  shiviz    a log with vector clocks, for ShiViz
  cast      the screen over time, for asciinema
  json      every event with its clocks, and the report

Examples:
  havoc export run.jsonl --to svg --out run.svg
  havoc export run.jsonl --to html --nodes C,P2 --events 40-90 --out why.html`;

export function exportCommand(root: Command, finish: Finish): void {
  root
    .command('export')
    .argument('<recording>', 'a file that `havoc play` has written')
    .description('a recording as a picture, a page, a log or data')
    .requiredOption('--to <format>', exportFormats.join(', '), formatName)
    .option('--out <file>', 'the file to write; it must not exist. Left out: to stdout', nonEmpty)
    .option('--nodes <a,b,c>', 'svg, html, mermaid: only these nodes', names)
    .option('--events <from-to>', 'svg, html, mermaid: only these events, such as 40-90', range)
    .addOption(
      new Option('--size <columns x rows>', 'cast: the size of the terminal')
        .argParser(size)
        .default({ columns: 120, rows: 36 }, '120x36'),
    )
    .option('--speed <x>', 'cast: virtual milliseconds per millisecond', speed, screenSpeed)
    .option('--protocol <file>', "the protocol's file, when the recording names one by its path")
    .addHelpText('after', about)
    .action(async (file: string, options: ExportOptions, command: Command) => {
      refuseForeign(command, options.to, formatsOf);
      finish(await (await import('./export-run.ts')).runExport(file, options));
    });
}

const pictures: readonly ExportFormat[] = ['svg', 'html', 'mermaid'];
/** which formats an option is for */
const formatsOf = { nodes: pictures, events: pictures, size: ['cast'], speed: ['cast'] };

function formatName(text: string): ExportFormat {
  const format = exportFormats.find((name) => name === text);
  if (format === undefined) throw new InvalidArgumentError(`It must be one of ${exportFormats.join(', ')}.`);
  return format;
}

function names(text: string): readonly string[] {
  const found = text.split(',').map((name) => name.trim());
  if (found.includes('')) throw new InvalidArgumentError('It must be names of nodes, such as C,P1,P2.');
  return found;
}

function range(text: string): { from: number; to: number } {
  const found = /^(\d{1,9})-(\d{1,9})$/.exec(text);
  const [from, to] = [Number(found?.[1]), Number(found?.[2])];
  if (!(from <= to)) throw new InvalidArgumentError('It must be two numbers of events, such as 40-90.');
  return { from, to };
}

function size(text: string): ExportOptions['size'] {
  const found = /^(\d{2,3})x(\d{2,3})$/.exec(text);
  const [columns, rows] = [Number(found?.[1]), Number(found?.[2])];
  if (!(columns >= 60 && columns <= 400 && rows >= 20 && rows <= 200))
    throw new InvalidArgumentError('It must be a size from 60x20 to 400x200, such as 120x36.');
  return { columns, rows };
}
