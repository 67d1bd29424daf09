/**
 * Builds dist/: the command, the worker, the package's entry, each protocol and a shared XState, bundled and split so
 * that a command loads only what it needs; and the declarations of the package's types.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const machines = readdirSync(`${root}machines`).filter((name) => name.endsWith('.ts'));

/** What libraries bring along and this program never uses: React's developer tools, zod's messages in 40 languages. */
const withoutBallast = {
  name: 'without-ballast',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^react-devtools-core$/ }, ({ path }) => ({ path, namespace: 'stub' }));
    onResolve({ filter: /\/locales\/index\.js$/ }, ({ path, importer }) =>
      /[\\/]zod[\\/]/.test(importer) ? { path, namespace: 'stub' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'stub' }, () => ({ contents: 'export default undefined;' }));
  },
};

/** One measure of text for Ink and us: see src/tui/string-width.ts, which alone gets the package itself. */
const oneStringWidth = {
  name: 'one-string-width',
  setup({ onResolve }) {
    onResolve({ filter: /^string-width$/ }, ({ importer }) =>
      importer.endsWith('src/tui/string-width.ts') ? undefined : { path: `${root}src/tui/string-width.ts` },
    );
  },
};

/** What Ink does for every row of every frame, done once where it can be: see src/tui/whole-rows.ts and line-update.ts. */
const wholeRows = {
  name: 'whole-rows',
  setup({ onResolve, onLoad, onEnd }) {
    const wrappers = {
      'output.js': ['withWholeRows', 'whole-rows.ts'],
      'sanitize-ansi.js': ['withPlainRows', 'whole-rows.ts'],
      'line-update.js': ['quickUpdate', 'line-update.ts'],
    };
    const found = new Set();
    onResolve({ filter: /^\.\/(output|sanitize-ansi|line-update)\.js$/ }, ({ path, importer, resolveDir }) =>
      /[\\/]ink[\\/]build[\\/]/.test(importer) ? { path: join(resolveDir, path), namespace: 'whole-rows' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'whole-rows' }, ({ path }) => {
      const [wrapper, file] = wrappers[basename(path)];
      found.add(wrapper);
      const contents = [
        `import original from ${JSON.stringify(path)};`,
        `import { ${wrapper} } from ${JSON.stringify(`${root}src/tui/${file}`)};`,
        `export default ${wrapper}(original);`,
      ];
      return { contents: contents.join('\n'), resolveDir: root };
    });
    onEnd(() => {
      const missing = Object.values(wrappers).flatMap(([wrapper]) => (found.has(wrapper) ? [] : [wrapper]));
      if (missing.length > 0) throw new Error(`Ink is no longer where ${missing.join(', ')} looks for it`);
    });
  },
};

rmSync(`${root}dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: [
    { in: 'src/main.ts', out: 'main' },
    { in: 'src/live/worker.ts', out: 'worker' },
    { in: 'src/check/worker.ts', out: 'check-worker' },
    { in: 'src/soak/thread.ts', out: 'soak-thread' },
    { in: 'src/cli/grade-thread.ts', out: 'grade-thread' },
    { in: 'src/index.ts', out: 'index' },
    { in: 'src/scenario/prepare.ts', out: 'prepare' },
    { in: 'xstate', out: 'xstate' },
    ...machines.map((name) => ({ in: `machines/${name}`, out: `machines/${name.slice(0, -'.ts'.length)}` })),
  ],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // names are kept: errors and statecharts speak of them
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  define: {
    'process.env.NODE_ENV': '"production"',
    // nothing here fetches anything; Ink's layout engine, left without it, decodes its own bytes 20 ms sooner
    fetch: 'undefined',
  },
  // optional native helpers of ws
  external: ['bufferutil', 'utf-8-validate'],
  plugins: [withoutBallast, oneStringWidth, wholeRows],
  // CommonJS packages inside the bundle ask for Node's own modules with require
  banner: {
    js: "import{createRequire as __requireFrom}from'node:module';const require=__requireFrom(import.meta.url);",
  },
  logLevel: 'warning',
});
chmodSync(`${root}dist/main.js`, 0o755);
// without them every preset is read as a file of one's own is: nothing but the start is slower
await import('../dist/prepare.js')
  .then(({ preparePresets }) => preparePresets())
  .catch((error) => console.warn(`presets are not prepared: ${error.message}`));

const compiler = `${root}node_modules/typescript/bin/tsc`;
if (existsSync(compiler)) {
  const options = [
    '--noEmit',
    'false',
    '--declaration',
    '--emitDeclarationOnly',
    '--outDir',
    'dist/types',
    '--rootDir',
    '.',
  ];
  const { status } = spawnSync(process.execPath, [compiler, '--project', 'scripts/types.json', ...options], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
