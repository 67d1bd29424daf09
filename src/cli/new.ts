/** `havoc new`: a working skeleton of a protocol or a preset in the current folder, to change from there. */
import { existsSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { InputError, UsageError } from './failures.ts';
import type { Finish } from './main.ts';
import { print, printJson } from './output.ts';

/** Safe as a file name, as a protocol's id and in YAML. */
const goodName = /^[a-z][a-z0-9-]{0,39}$/;

export function newCommand(root: Command, finish: Finish): void {
  root
    .command('new')
    .argument('<what>', 'protocol or preset')
    .argument('<name>', 'lower-case letters, digits and dashes')
    .description('write a working skeleton in the current folder')
    .option('--json', 'print one JSON object', false)
    .action(async (what: string, name: string, { json }: { json: boolean }) => {
      if (what !== 'protocol' && what !== 'preset')
        throw new UsageError(`cannot make '${what}'; expected protocol or preset`);
      if (!goodName.test(name)) {
        throw new UsageError(
          `'${name}' is no good name; expected a lower-case letter, then letters, digits and dashes, 40 at most`,
        );
      }
      const { presetSkeleton, protocolSkeleton } = await import('./skeletons.ts');
      const files = what === 'protocol' ? protocolSkeleton(name) : presetSkeleton(name);
      write(files);
      if (json) printJson({ files: Object.keys(files) });
      else print(`wrote ${Object.keys(files).join(' and ')}; now try: havoc play ./${name}.yaml`);
      finish(exitCodes.success);
    });
}

/** All or none: an existing file is never written over. */
function write(files: Readonly<Record<string, string>>): void {
  const existing = Object.keys(files).find((file) => existsSync(file));
  if (existing !== undefined) throw new InputError(`${existing}: exists already; take another name or remove it`);
  for (const [file, text] of Object.entries(files)) {
    try {
      writeFileSync(file, text, { flag: 'wx' });
    } catch (error) {
      throw new InputError(`${file}: cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
    }
  }
}
