/** `havoc show`: what a protocol is, read off its machines and its file. */
import { type Command, Option } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { UsageError } from './failures.ts';
import type { Finish } from './main.ts';
import { print, printJson } from './output.ts';

export function showCommand(root: Command, finish: Finish): void {
  root
    .command('show')
    .argument('<protocol or file.ts>', 'a protocol (see `havoc list protocols`) or a file that exports one')
    .description('show a protocol: states, transitions, messages, parameters, properties, costs')
    .addOption(new Option('--to <format>', 'draw the statecharts instead').choices(['mermaid']))
    .option('--json', 'print one JSON object', false)
    .action(async (name: string, { to, json }: { to?: 'mermaid'; json: boolean }) => {
      if (to !== undefined && json) throw new UsageError('--to and --json exclude each other');
      const { isPath, loadProtocol, loadProtocolFile } = await import('../scenario/protocols.ts');
      const protocol = isPath(name) ? await loadProtocolFile(name) : await loadProtocol(name);
      const { describeProtocol } = await import('./protocol-description.ts');
      if (json) printJson(describeProtocol(protocol));
      else if (to === 'mermaid') print((await import('./mermaid.ts')).mermaidText(protocol));
      else print((await import('./protocol-text.ts')).protocolText(describeProtocol(protocol)));
      finish(exitCodes.success);
    });
}
