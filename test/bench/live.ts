/**
 * What the live runtime costs, bundled as it is for users: events a second against the raw `ws` echo of the same minute,
 * and resident memory.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { type Figure, figure } from './measure.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The subject, the worker and the relay protocol, side by side as in the package. */
async function bundle(folder: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: [
      { in: 'test/bench/live-subject.ts', out: 'subject' },
      { in: 'src/live/worker.ts', out: 'worker' },
      { in: 'test/fixtures/live/relay.ts', out: 'machines/relay' },
    ],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    define: { 'process.env.NODE_ENV': '"production"' },
    external: ['bufferutil', 'utf-8-validate'],
    banner: { js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);" },
    logLevel: 'warning',
  });
}

export async function benchLive(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'havoc-bench-'));
  const measure = async (...what: string[]): Promise<number[]> => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'subject.js'), ...what], {
      cwd: root,
    });
    return JSON.parse(stdout);
  };
  try {
    await bundle(folder);
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    const [events, echoes] = (await measure('speed')) as [number, number];
    const memory = async (nodes: number, aim: string): Promise<Figure> => {
      const [value] = (await measure('memory', String(nodes))) as [number];
      return { name: `resident memory, ${nodes} nodes`, unit: 'MB', aim, value, floor: null, ratio: null };
    };
    return [
      figure('live at full speed, 5 nodes, against ws echoes', '/s', 'at least 0.5', { value: events, floor: echoes }),
      await memory(5, 'at most 200'),
      await memory(64, 'at most 800'),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
