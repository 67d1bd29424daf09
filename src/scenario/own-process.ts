/**
 * What of the process is havoc's alone. Where a protocol runs in this process (in process, explored, judged), its
 * `process.exit` would pass for a verdict, and its `console.log` would stand amid the results.
 */
import { Console } from 'node:console';

const exit = process.exit.bind(process);

/** The program's own way out. */
export const endProgram = (code: number): never => exit(code);

/** Call once, before a protocol is loaded: from now on the console is stderr, and `process.exit` throws. */
export function keepProcessOwn(): void {
  globalThis.console = new Console(process.stderr);
  process.exit = () => {
    throw new Error('it must not end the program (process.exit)');
  };
}
