/** House-keeping as ordinary tests: the directions of imports, purity, lengths, and nothing that gives a machine away. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = (folder: string): string[] =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => join(folder, name))
    : [];
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const allSources = [...sources('src'), ...sources('machines')];

/** The rooms, and which rooms each may enter. `main` is the launcher and the package's entry. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  main: ['cli', 'core', 'scenario', 'main'],
  cli: ['tui', 'grade', 'export', 'soak', 'check', 'record', 'live', 'scenario', 'core', 'main'],
  tui: ['scenario', 'core'],
  grade: ['record', 'check', 'scenario', 'core'],
  export: ['tui', 'record', 'scenario', 'core'],
  soak: ['live', 'scenario', 'core'],
  check: ['record', 'scenario', 'core'],
  record: ['live', 'scenario', 'core'],
  live: ['scenario', 'core'],
  scenario: ['core', 'main'],
  core: [],
  machines: ['core'],
};

const roomOf = (file: string): string => {
  const [first, second = '', third] = file.split('/');
  if (first === 'machines') return 'machines';
  return third === undefined ? 'main' : second;
};

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

export function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  const pattern =
    /^\s*(?:import|export)\s+(type\s)?[^'"`;]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|^import\s+['"]([^'"]+)['"]/gm;
  for (const match of text.matchAll(pattern)) {
    found.push({ file, target: (match[2] ?? match[3] ?? match[4]) as string, typeOnly: match[1] !== undefined });
  }
  return found;
}

export function wrongDirection({ file, target }: Import): string | null {
  if (!target.startsWith('.')) return null;
  const path = normalize(join(dirname(file), target));
  const from = roomOf(file);
  const to = roomOf(path);
  if (from === to) return null;
  if (from === 'machines' && !/^src\/core\/(protocol\.ts|problems\/)/.test(path)) return `${file} imports ${path}`;
  return (mayImport[from] ?? []).includes(to) ? null : `${file} (${from}) imports ${path} (${to})`;
}

const allImports = allSources.flatMap((file) => importsOf(file, read(file)));

test('imports point one way', () => {
  assert.ok(allImports.length > 100);
  assert.deepEqual(allImports.map(wrongDirection).filter(Boolean), []);
});

test('the check on directions catches a core that imports the screen', () => {
  const [wrong] = importsOf('src/core/world.ts', "import { draw } from '../tui/draw.ts';");
  assert.ok(wrong && wrongDirection(wrong));
});

test('core uses XState, pure-rand and node:crypto, and nothing else; machines use XState only', () => {
  const outside = allImports.filter(({ target }) => !target.startsWith('.'));
  const allowed = (file: string, target: string): boolean => {
    if (file.startsWith('machines/')) return target === 'xstate';
    if (!file.startsWith('src/core/')) return true;
    return target === 'xstate' || target === 'node:crypto' || target.startsWith('pure-rand/');
  };
  assert.deepEqual(
    outside.filter(({ file, target }) => !allowed(file, target)).map(({ file, target }) => `${file}: ${target}`),
    [],
  );
});

test('only step.ts, and the readers of statecharts, import values of XState in core', () => {
  const users = allImports.filter(
    ({ file, target, typeOnly }) => file.startsWith('src/core/') && target === 'xstate' && !typeOnly,
  );
  for (const { file } of users) assert.ok(/(step|statechart|define|define-role)\.ts$/.test(file), file);
});

const impure =
  /\b(?:Date\.now|Math\.random|setTimeout|setInterval|setImmediate|performance\.now|toLocale\w*|localeCompare|new Date\(\)|Intl\.)/;
const withClocks = ['live', 'tui', 'cli', 'main'];

test('no clock, randomness or locale outside live, tui and cli', () => {
  const offences = allSources
    .filter((file) => !withClocks.includes(roomOf(file)))
    .flatMap((file) =>
      read(file)
        .split('\n')
        .flatMap((line, i) =>
          impure.test(line.replace(/^\s*(?:\/\/|\*|\/\*).*/, '')) ? [`${file}:${i + 1}: ${line.trim()}`] : [],
        ),
    );
  assert.deepEqual(offences, []);
  assert.ok(impure.test('const now = Date.now();'), 'the pattern must catch what it is for');
});

test('files have at most 300 lines, functions at most 80', () => {
  const long = allSources
    .map((file) => ({ file, lines: read(file).split('\n').length }))
    .filter(({ lines }) => lines > 301);
  assert.deepEqual(long, []);
  const functions = [...allSources].flatMap((file) => longFunctions(file, read(file)));
  assert.deepEqual(functions, []);
});

/** Top-level functions, by their opening line and the closing brace in the first column. */
function longFunctions(file: string, text: string): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, start) => {
    if (!/^(?:export )?(?:default )?(?:async )?function\b/.test(line)) return [];
    const length = lines.slice(start).indexOf('}') + 1;
    return length > 80 ? [`${file}:${start + 1}: ${length} lines`] : [];
  });
}

test('a protocol is one file, with a preset and a test of its own', () => {
  const ids = readdirSync(join(root, 'machines'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -3));
  assert.ok(ids.length >= 3);
  const presets = readdirSync(join(root, 'presets'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => read(join('presets', name)));
  for (const id of ids) {
    assert.ok(
      existsSync(join(root, 'test/machines', `${id}.test.ts`)),
      `machines/${id}.ts has no test/machines/${id}.test.ts`,
    );
    assert.ok(
      presets.some((text) => new RegExp(`^protocol: ${id}$`, 'm').test(text)),
      `no preset plays ${id}`,
    );
  }
});

test('nothing in the tree names a path of a machine or a registry', () => {
  const texts = [
    ...allSources,
    ...sources('test'),
    'README.md',
    'ARCHITECTURE.md',
    'package.json',
    'package-lock.json',
  ];
  const paths = new RegExp(['/wo', 'rk/|/fa', 'rm/|/tm', 'p/[a-z]|regis', 'try\\.npm'].join(''));
  const offences = texts.filter((file) => existsSync(join(root, file)) && paths.test(read(file)));
  assert.deepEqual(
    offences.map((file) => relative('.', file)),
    [],
  );
});
