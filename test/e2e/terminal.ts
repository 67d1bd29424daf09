/** A person at a terminal: starts the program in a real pseudo-terminal, presses keys, and reads what is on the screen. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as rest } from 'node:timers/promises';
import pty from '@lydell/node-pty';
import type { Terminal as Emulator } from '@xterm/headless';
import { program } from '../fixtures/program.ts';

// a CommonJS package whose named exports Node cannot see
const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as { Terminal: typeof Emulator };
/** what the program remembers between sessions: not of whoever runs the tests, and gone after them */
const state = mkdtempSync(join(tmpdir(), 'havoc-state-'));
process.on('exit', () => rmSync(state, { recursive: true, force: true }));

/** a test that fails leaves its program behind */
const living = new Set<pty.IPty>();
after(() => {
  for (const child of living) child.kill('SIGKILL');
});

export interface Screen {
  /** the rows as they stand, without trailing spaces */
  lines(): string[];
  text(): string;
  press(keys: string): void;
  /** waits until the screen shows it; fails with the screen when it does not in time */
  sees(what: RegExp, withinMs?: number): Promise<void>;
  resize(columns: number, rows: number): void;
  kill(signal: string): void;
  /** the window is closed: nobody reads any more, and nothing can be written */
  vanish(): void;
  /** is the process still there? */
  lives(): boolean;
  /** the exit code */
  ended(withinMs?: number): Promise<number>;
  /** everything the program wrote, control sequences included */
  raw(): string;
}

export interface StartOptions {
  readonly columns: number;
  readonly rows: number;
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** `havoc` with these arguments: the built one, in which some of Ink's parts are replaced. */
export function startHavoc(args: readonly string[], options: StartOptions): Screen {
  const { columns, rows, folder } = options;
  const emulator = new Terminal({ cols: columns, rows, allowProposedApi: true });
  const env: Record<string, string> = {
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    // not the settings of whoever runs the tests
    XDG_CONFIG_HOME: folder,
    XDG_STATE_HOME: state,
    ...options.env,
  };
  for (const name of ['PATH', 'HOME']) env[name] = process.env[name] ?? '';
  const child = pty.spawn(process.execPath, [program, ...args], {
    name: env.TERM,
    cols: columns,
    rows,
    cwd: folder,
    env,
  });
  let output = '';
  let exitCode: number | null = null;
  let unread = 0;
  child.onData((data) => {
    output += data;
    unread += 1;
    emulator.write(data, () => {
      unread -= 1;
    });
  });
  /** no frame is half drawn: each is written between two marks (synchronized updates, mode 2026) */
  const isDrawn = (): boolean =>
    unread === 0 && output.lastIndexOf('\u001b[?2026h') <= output.lastIndexOf('\u001b[?2026l');
  living.add(child);
  child.onExit((exit) => {
    living.delete(child);
    exitCode = exit.signal ? 128 + exit.signal : exit.exitCode;
  });
  const lines = (): string[] => {
    const { active } = emulator.buffer;
    return Array.from(
      { length: emulator.rows },
      (_, y) => active.getLine(active.baseY + y)?.translateToString(true) ?? '',
    );
  };
  const waitFor = async (done: () => boolean, what: string, withinMs: number): Promise<void> => {
    for (let waitedMs = 0; !done(); waitedMs += 25) {
      if (waitedMs > withinMs) {
        child.kill('SIGKILL');
        throw new Error(`${what}; the screen shows:\n${lines().join('\n')}`);
      }
      await rest(25);
    }
  };
  return {
    lines,
    text: () => lines().join('\n'),
    press: (keys) => child.write(keys),
    sees: (what, withinMs = 15_000) =>
      waitFor(() => isDrawn() && what.test(lines().join('\n')), `${what} did not appear`, withinMs),
    resize(newColumns, newRows) {
      emulator.resize(newColumns, newRows);
      child.resize(newColumns, newRows);
    },
    kill: (signal) => child.kill(signal),
    vanish: () => (child as unknown as { destroy(): void }).destroy(),
    lives() {
      try {
        process.kill(child.pid, 0);
        return true;
      } catch {
        return false;
      }
    },
    async ended(withinMs = 15_000) {
      await waitFor(() => exitCode !== null, 'the program did not end', withinMs);
      return exitCode as number;
    },
    raw: () => output,
  };
}

export const keys = {
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  home: '\u001b[H',
  end: '\u001b[F',
  escape: '\u001b',
  enter: '\r',
  tab: '\t',
  ctrlC: '\u0003',
} as const;
