/** On a Node that is too old: starts the same command on the Node that was installed beside this package, if there is one. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const places = ['../node_modules/node/bin/node', '../node_modules/.bin/node', '../../node/bin/node', '../../.bin/node'];
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** Gives the exit code of the other process, once it has ended. */
export async function relaunch(nodeMajorMin: number): Promise<number> {
  const node = places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((path) => existsSync(path));
  // a second launch on an old Node would launch a third
  if (node === undefined || process.env.HAVOC_RELAUNCHED !== undefined) {
    process.stderr.write(
      `havoc needs Node ${nodeMajorMin} or newer, and this is ${process.versions.node}; install a newer one (nodejs.org)\n`,
    );
    return 64;
  }
  const child = spawn(node, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, HAVOC_RELAUNCHED: '1' },
  });
  // a terminal sends ^C to both processes: the child decides, and this one waits for it
  for (const signal of forwarded)
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY) || child.kill(signal));
  return new Promise((resolve) => {
    child.on('error', (error) => {
      process.stderr.write(`havoc: ${node} cannot be started: ${error.message}\n`);
      resolve(64);
    });
    child.on('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
