/** The screen as plain text in a file, to be shown to somebody or kept. A file that exists is never written over. */
import { writeFileSync } from 'node:fs';
import type { App } from './app.ts';
import { frameOf } from './frame.ts';
import { unpainted } from './theme.ts';

const mostNames = 1000;

export const frameText = (app: App): string =>
  `${frameOf(app)
    .map((line) => unpainted(line).trimEnd())
    .join('\n')}\n`;

/** False: there is such a file. Throws what else the system says against it. */
function wrote(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

const why: Readonly<Record<string, string>> = {
  EACCES: 'it may not be written there',
  EPERM: 'it may not be written there',
  EROFS: 'nothing can be written there',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'the name is too long',
  ERR_INVALID_ARG_VALUE: 'that is no name for a file',
};

/** Writes it, and gives the file's name; without a name, one of its own in the current folder. Throws one clear line. */
export function dumpFrame(app: App, file?: string): string {
  const text = frameText(app);
  try {
    if (file !== undefined) {
      if (!wrote(file, text)) throw new Error('it exists, and is not written over: choose another name');
      return file;
    }
    const { name = 'presets' } = app.session()?.scenario ?? {};
    const stem = `havoc-${name.replaceAll(/[^\w.-]+/g, '-').slice(0, 60)}-at-${app.view()?.world.events ?? 0}`;
    for (let i = 1; i <= mostNames; i++) {
      const own = `${stem}${i === 1 ? '' : `-${i}`}.txt`;
      if (wrote(own, text)) return own;
    }
    throw new Error(`there are ${mostNames} of them here already`);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new Error(`the screen is not in ${file ?? 'a file'}: ${why[code] ?? (code === '' ? message : code)}`);
  }
}
