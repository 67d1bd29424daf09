import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { listPresets, loadScenario } from '../../src/scenario/load.ts';
import { listProtocols, loadProtocol, loadProtocolFile, protocolSha256 } from '../../src/scenario/protocols.ts';
import { example } from './example.ts';

const folder = mkdtempSync(join(tmpdir(), 'havoc-scenario-'));
after(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string | Uint8Array): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const mine = `import { assign, setup } from 'xstate';
import { defineProtocol, effects, type NodeInput } from 'havoc';
const n: number = 0;
const node = setup({
  types: { context: {} as { n: number }, input: {} as NodeInput, events: {} as { type: string } },
  actions: effects,
}).createMachine({
  context: { n },
  on: { ping: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
});
export default defineProtocol({ id: 'mine', roles: { node }, messages: ['ping'], inputs: ['ping'] });
`;

test("a scenario and a protocol of one's own load from any folder, with nothing installed beside them", async () => {
  file('mine.ts', mine);
  const scenario = file('mine.yaml', 'protocol: ./mine.ts\nnodes: { A: node, B: node }\n');
  const { protocol, scenario: read, ref } = await loadScenario(scenario);
  assert.equal(protocol.id, 'mine');
  assert.equal(read.protocol, './mine.ts');
  assert.deepEqual(ref, { file: join(folder, 'mine.ts') });
  assert.match(protocolSha256(ref), /^[0-9a-f]{64}$/);
});

test('what a protocol imports from other files is part of its fingerprint', () => {
  const ref = { file: file('imports.ts', "import { n } from './number.ts';\n") };
  const before = protocolSha256(ref);
  file('number.ts', "export { m as n } from './more.ts';\n");
  const first = protocolSha256(ref);
  file('more.ts', 'export const m = 1;\n');
  const second = protocolSha256(ref);
  file('more.ts', 'export const m = 2;\n');
  assert.equal(new Set([before, first, second, protocolSha256(ref)]).size, 4);
});

test('a plain Node loads them too, without a warning', () => {
  file('mine.ts', mine);
  const loader = fileURLToPath(new URL('../../src/scenario/protocols.ts', import.meta.url));
  const code = `const { loadProtocolFile } = await import(${JSON.stringify(`file://${loader}`)});
    console.log((await loadProtocolFile(${JSON.stringify(join(folder, 'mine.ts'))})).id)`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  assert.deepEqual([run.stdout, run.stderr], ['mine\n', '']);
});

test('mistakes in a protocol file are one line with their place', () => {
  const cases: Record<string, [text: string, mistake: RegExp]> = {
    'syntax.ts': ['const a = 1;\nconst b = ;\n', /syntax\.ts:2:11: syntax error: Expression expected$/],
    'syntax.mjs': ['const a = 1;\nconst b = ;\n', /syntax\.mjs:2:11: syntax error: Unexpected token/],
    'throws.ts': ['\n\nthrow new TypeError("x is y");\n', /throws\.ts:3:7: threw while it was loaded: x is y$/],
    'none.ts': ['export const a = 1;\n', /none\.ts:1:1: exports no protocol; it needs/],
    'import.ts': ['import a from "./nowhere.ts";\na();\n', /import\.ts:1:1: imports something that is not there/],
    'wrong.ts': [
      'import { defineProtocol } from "havoc";\n\nexport default defineProtocol({ id: "w", roles: { r: {} as never }, messages: [] });\n',
      /wrong\.ts:3:16: protocol w: role r is no XState machine/,
    ],
  };
  const loader = fileURLToPath(new URL('../../src/scenario/protocols.ts', import.meta.url));
  const paths = Object.entries(cases).map(([name, [text]]) => file(name, text));
  const code = `const { loadProtocolFile } = await import(${JSON.stringify(`file://${loader}`)});
    for (const path of ${JSON.stringify(paths)}) await loadProtocolFile(path).catch((e) => console.log(e.name, e.message))`;
  const lines = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
    .trim()
    .split('\n');
  assert.equal(lines.length, paths.length);
  for (const [i, [, expected]] of Object.values(cases).entries()) {
    assert.match(lines[i] as string, expected);
    assert.match(lines[i] as string, /^ScenarioError /);
  }
});

test('what is no ordinary file is named, and nothing hangs on it', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
  mkdirSync(join(folder, 'folder.yaml'));
  symlinkSync(join(folder, 'loop.yaml'), join(folder, 'loop.yaml'));
  file('big.yaml', Buffer.alloc(1024 * 1024 + 1, 'a'));
  const expected: Record<string, RegExp> = {
    'pipe.yaml': /pipe\.yaml: this is a pipe, socket or device; an ordinary file is needed$/,
    'folder.yaml': /folder\.yaml: this is a folder; name a file in it$/,
    'loop.yaml': /loop\.yaml: the file is a link to itself$/,
    'big.yaml': /big\.yaml: the file has 1048577 bytes; at most 1048576 are read$/,
    'none.yaml': /none\.yaml: there is no such file$/,
  };
  for (const [name, message] of Object.entries(expected))
    await assert.rejects(loadScenario(join(folder, name)), { message });
  await assert.rejects(loadScenario('/dev/zero'), /pipe, socket or device/);
  await assert.rejects(loadScenario('a\0b.yaml'), /the path contains a NUL character/);
  await assert.rejects(loadProtocolFile(join(folder, 'folder.yaml')), /this is a folder/);
});

test('a protocol that does not exist is reported where the scenario names it', async () => {
  await assert.rejects(loadScenario(file('a.yaml', example.replace('vote', 'paxso'))), (error: Error) => {
    assert.match(error.message, /a\.yaml:2:11: there is no protocol `paxso`; did you mean paxos\?/);
    return true;
  });
  await assert.rejects(
    loadScenario(file('b.yaml', example.replace('vote', './nowhere.ts'))),
    /b\.yaml:2:11: there is no protocol file `\.\/nowhere\.ts`; paths start at the scenario's folder/,
  );
});

test('an unknown preset is reported with the nearest one, exit code 3', async () => {
  await assert.rejects(loadScenario('no-such-preset-at-all'), (error: Error & { exitCode?: number }) => {
    assert.equal(error.exitCode, 3);
    assert.match(error.message, /^preset: there is no preset `no-such-preset-at-all`; /);
    return true;
  });
});

test('every protocol of machines/ loads by its file name, and has a fingerprint', async () => {
  for (const id of listProtocols()) {
    assert.equal((await loadProtocol(id)).id, id);
    assert.match(protocolSha256({ id }), /^[0-9a-f]{64}$/);
  }
  await assert.rejects(loadProtocol('two-phase-comit'), /did you mean two-phase-commit\?/);
});

test('every preset resolves and is listed with its title, topic and summary', async () => {
  for (const preset of listPresets()) {
    assert.ok(preset.title && preset.topic && preset.summary, preset.id);
    assert.equal((await loadScenario(preset.id)).scenario.name, preset.id);
  }
});
