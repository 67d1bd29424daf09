/**
 * What the screen costs, in a real pseudo-terminal: first frame against a bare Ink program, key to screen and processor
 * time with nine busy nodes.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type IPty, spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';
import { build } from 'esbuild';
import { type Figure, figure, median } from './measure.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const havoc = join(root, 'dist/main.js');
const [columns, rows] = [160, 45];

interface Screen {
  readonly pty: IPty;
  /** the screen's text once it satisfies this; the time it took, ms */
  shows(test: (text: string) => boolean, limitMs?: number): Promise<number>;
}

function open(args: readonly string[], cwd: string): Screen {
  const { CI: _, ...env } = process.env as Record<string, string>;
  const pty = spawn(process.execPath, [...args], { cols: columns, rows, cwd, env: { ...env, TERM: 'xterm-256color' } });
  const terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  let changed: (() => void) | null = null;
  pty.onData((data) => terminal.write(data, () => changed?.()));
  const text = (): string => {
    const lines: string[] = [];
    for (let y = 0; y < rows; y++) lines.push(terminal.buffer.active.getLine(y)?.translateToString(true) ?? '');
    return lines.join('\n');
  };
  return {
    pty,
    async shows(test, limitMs = 15_000) {
      const start = performance.now();
      while (!test(text())) {
        if (performance.now() - start > limitMs) throw new Error(`the screen never showed it:\n${text()}`);
        await Promise.race([
          new Promise<void>((resolve) => {
            changed = resolve;
          }),
          sleep(20),
        ]);
      }
      return performance.now() - start;
    },
  };
}

async function end({ pty }: Screen): Promise<void> {
  const gone = new Promise((resolve) => pty.onExit(resolve));
  pty.kill('SIGTERM');
  await gone;
}

const hello = `
import React from 'react';
import { render, Text } from 'ink';
render(React.createElement(Text, null, 'hello'), { interactive: true });
setInterval(() => {}, 1000);
`;

/** A bare Ink program, bundled as ours is. */
async function bundleHello(folder: string): Promise<string> {
  const outfile = join(folder, 'hello.mjs');
  await build({
    stdin: { contents: hello, resolveDir: root, loader: 'js' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    define: { 'process.env.NODE_ENV': '"production"' },
    alias: { 'react-devtools-core': 'node:util' },
    banner: { js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);" },
    logLevel: 'error',
  });
  return outfile;
}

async function firstFrame(args: readonly string[], cwd: string, shows: string): Promise<number> {
  const screen = open(args, cwd);
  const ms = await screen.shows((text) => text.includes(shows));
  await end(screen);
  return ms;
}

/** Nine balls that go round nine nodes for ever: some 260 events a second. */
const names = Array.from({ length: 9 }, (_, i) => `N${i}`);
const busy = `
title: Nine busy nodes
protocol: ${join(root, 'test/fixtures/live/relay.ts')}
nodes: { ${names.map((name) => `${name}: player`).join(', ')} }
network: { latency: 10ms..60ms }
inputs: [${names.map((node) => `{ at: 0ms, node: ${node}, input: serve, hops: 1000000 }`).join(', ')}]
until: 100000s
`;

const cpuMs = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

async function keysAndProcessor(folder: string): Promise<{ p50: number; p95: number; cpu: number }> {
  writeFileSync(join(folder, 'busy.yaml'), busy);
  const screen = open([havoc, 'play', './busy.yaml', '--no-record', '--speed', '1'], folder);
  await screen.shows((text) => text.includes('what happened'));
  await sleep(3000);
  const cpuBefore = cpuMs(screen.pty.pid);
  const start = performance.now();
  await sleep(8000);
  const cpu = (cpuMs(screen.pty.pid) - cpuBefore) / (performance.now() - start);
  const focus = (text: string): string => /▸(nodes|in flight|what happened|properties)/.exec(text)?.[1] ?? '';
  const latencies: number[] = [];
  let now = '';
  await screen.shows((text) => {
    now = focus(text);
    return now !== '';
  });
  for (let i = 0; i < 60; i++) {
    await sleep(37 + (i % 7) * 9);
    const before = now;
    screen.pty.write('\t');
    latencies.push(
      await screen.shows((text) => {
        now = focus(text);
        return now !== before && now !== '';
      }),
    );
  }
  await end(screen);
  latencies.sort((a, b) => a - b);
  return { p50: median(latencies), p95: latencies[Math.floor(latencies.length * 0.95)] as number, cpu: cpu * 100 };
}

export async function benchScreen(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'havoc-bench-'));
  try {
    const bare = await bundleHello(folder);
    const ours: number[] = [];
    const floor: number[] = [];
    for (let i = 0; i < 9; i++) {
      floor.push(await firstFrame([bare], folder, 'hello'));
      ours.push(await firstFrame([havoc, 'play', 'partition-during-commit', '--no-record'], folder, 'what happened'));
    }
    const { p50, p95, cpu } = await keysAndProcessor(folder);
    const only = (name: string, value: number, unit: string, aim: string): Figure => ({
      name,
      value,
      unit,
      aim,
      floor: null,
      ratio: null,
    });
    return [
      figure('first frame of havoc play, against bare Ink', 'ms', 'at most 1.5', {
        value: median(ours),
        floor: median(floor),
      }),
      only('key to screen, nine busy nodes, p50', p50, 'ms', ''),
      only('key to screen, nine busy nodes, p95', p95, 'ms', 'at most 30'),
      only('processor, nine busy nodes', cpu, '% of a core', 'at most 25'),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1]?.endsWith('screen.ts')) console.table(await benchScreen());
