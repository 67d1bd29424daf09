/** The gates of fuzzing for every other file from outside: scenarios, also as they run, assignments, settings, histories. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { explainFailure } from '../../src/cli/failures.ts';
import { playHeadless } from '../../src/cli/play-headless.ts';
import { loadComfort } from '../../src/cli/settings-file.ts';
import { casRegister } from '../../src/core/register-models.ts';
import { readAssignment } from '../../src/grade/assignment.ts';
import { ScenarioError } from '../../src/scenario/errors.ts';
import { readHistory } from '../../src/scenario/history-file.ts';
import { decodeText } from '../../src/scenario/text-file.ts';
import { parseYaml } from '../../src/scenario/yaml-document.ts';
import { changedAt, pathsIn, strange, valueAt } from './bend.ts';
import { assertCivil, dice, draws, listening, type Outcome, place, runs } from './gate.ts';

const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
// every headless run listens for signals until the process ends
process.setMaxListeners(0);

/** As `havoc play --headless --json` does it, but not for long. */
function played(text: string | Uint8Array): Promise<Outcome> {
  const file = join(place, 'given.yaml');
  writeFileSync(file, text);
  return listening(async () => {
    try {
      const options = { paused: true, set: [], headless: true, inProcess: true, json: true } as const;
      return await playHeadless(file, { ...options, until: 4000, maxEvents: 1500 });
    } catch (error) {
      return explainFailure(error);
    }
  });
}

const presets = ['partition-during-commit', 'four-generals', 'lease-slow-clock', 'raft-two-leaders', 'gossip-lossy'];

test('a scenario with any value in any place is refused in one line, or runs', async () => {
  const documents = presets.map((name) => {
    const text = readFileSync(here(`presets/${name}.yaml`), 'utf8');
    const { learn: _, lesson: __, ...rest } = parseYaml(text, name).value as Record<string, unknown>;
    return rest;
  });
  const places = documents.flatMap((document, d) => pathsIn(document).map((path) => ({ d, path })));
  const codes = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...places),
      fc.option(fc.constantFrom(...places)),
      strange,
      async (to, from, value) => {
        const taken = from === null ? value : valueAt(documents[from.d], from.path);
        const text = JSON.stringify(changedAt(documents[to.d], to.path, taken)) ?? '';
        const outcome = await played(text);
        const lines = outcome.said.filter((line) => !/^stopped after/.test(line));
        assertCivil({ ...outcome, said: lines }, text.slice(0, 2000));
        codes.set(outcome.code, (codes.get(outcome.code) ?? 0) + 1);
      },
    ),
    draws(500),
  );
  assert.ok((codes.get(3) ?? 0) > 20 && codes.size > 1, JSON.stringify([...codes]));
});

const assignment = `title: Week 3
salt: autumn
due: 2026-12-01T12:00:00Z
challenges:
  - { challenge: block-two-phase-commit, points: 10 }
  - { challenge: ./mine.yaml, id: mine, title: My own, points: 5 }
`;
const settings = `{ "theme": "light", "ascii": false, "mouse": true, "speed": 0.5, "recordings": "~/runs", "keys": { "crash": "ctrl-k" } }`;
const history = Buffer.from(
  readFileSync(here('test/data/linearizability/etcd/etcd_000.log'))
    .toString('utf8')
    .split('\n')
    .slice(0, 30)
    .join('\n'),
);

/** Reads it, or says in one line why not. */
function refusal(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    assert.ok(error instanceof ScenarioError, String((error as Error).stack));
    return error.message;
  }
}

async function settingsRefusal(bytes: Uint8Array): Promise<string | null> {
  const file = join(place, 'settings.json');
  writeFileSync(file, bytes);
  const { troubles } = await loadComfort(file);
  return troubles[0] ?? null;
}

const readers: Readonly<
  Record<string, readonly [Buffer, (bytes: Uint8Array) => string | null | Promise<string | null>]>
> = {
  'an assignment': [
    Buffer.from(assignment),
    (bytes) => refusal(() => readAssignment(decodeText(Buffer.from(bytes), 'a.yaml'), 'a.yaml')),
  ],
  settings: [Buffer.from(settings), settingsRefusal],
  'a history': [
    history,
    (bytes) => {
      const file = join(place, 'history.log');
      writeFileSync(file, bytes);
      return refusal(() => readHistory(file, casRegister));
    },
  ],
};

for (const [name, [bytes, read]] of Object.entries(readers)) {
  const survives = async (given: Uint8Array, what: string): Promise<boolean> => {
    const before = process.cpuUsage();
    const message = await read(given);
    const { user } = process.cpuUsage(before);
    assert.ok(user < 2_000_000, `${what}: ${user / 1000} ms`);
    if (message === null) return true;
    assert.doesNotMatch(message, /\n|undefined|\[object|\u001b/, what);
    assert.match(message, /^[^\n]+: \S/, what);
    return false;
  };

  test(`${name}, cut off at any byte or with changed bytes, is read or refused in one line`, async () => {
    assert.equal(await survives(bytes, 'as it is'), true);
    let refused = 0;
    for (let length = 0; length < bytes.length; length++)
      if (!(await survives(bytes.subarray(0, length), `cut at ${length}`))) refused += 1;
    const next = dice(3);
    for (let round = 0; round < runs(2000); round++) {
      const changed = Buffer.from(bytes);
      for (let i = next(3); i >= 0; i--) changed[next(bytes.length)] = next(256);
      if (!(await survives(changed, changed.toString('latin1')))) refused += 1;
    }
    assert.ok(refused > 100, `${refused} were refused`);
  });
}

test('an assignment or settings with any value in any place are read or refused in one line', async () => {
  for (const [text, read] of [
    [assignment, readers['an assignment']?.[1]],
    [settings, readers.settings?.[1]],
  ] as const) {
    const document = parseYaml(text, 'd').value;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...pathsIn(document)), strange, async (path, value) => {
        const changed = JSON.stringify(changedAt(document, path, value)) ?? '';
        const message = await read?.(Buffer.from(changed));
        assert.doesNotMatch(message ?? '', /\n|undefined|\[object|\u001b/, changed);
      }),
      draws(800),
    );
  }
});
