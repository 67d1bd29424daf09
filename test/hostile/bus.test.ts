/** The bus under fuzz: what is no message of it is told so, and whatever an operator does, the recording of it verifies. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { observe } from '../../src/cli/open-session.ts';
import { digestWorld } from '../../src/core/digest.ts';
import { type Act, Refusal } from '../../src/core/session.ts';
import { behaviourHelp } from '../../src/core/traitor.ts';
import { engineVersion } from '../../src/core/version.ts';
import { openLiveSession } from '../../src/live/live-session.ts';
import { openLocalSession } from '../../src/live/local-session.ts';
import { parseCommand, parseNodeMessage } from '../../src/live/messages.ts';
import { BadMessage } from '../../src/live/shapes.ts';
import { readRecordingFile } from '../../src/record/reader.ts';
import { replayRecording } from '../../src/record/replay.ts';
import { createRecorder, type Recorder } from '../../src/record/writer.ts';
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.ts';
import { protocolSha256 } from '../../src/scenario/protocols.ts';
import { changedAt, pathsIn, strange } from './bend.ts';
import { draws, place } from './gate.ts';

const commands: readonly object[] = [
  { type: 'step' },
  { type: 'run', running: true },
  { type: 'act', act: { type: 'crash', node: 'P1', afterSends: 2 } },
  { type: 'act', act: { type: 'partition', groups: [['C', 'P1'], ['P2']], drop: true } },
  { type: 'act', act: { type: 'delay', byMs: 5, from: 'C', to: 'P1', kind: 'commit', count: 2 } },
  { type: 'act', act: { type: 'skew', node: 'C', offsetMs: -5, rate: 1.5 } },
  {
    type: 'act',
    act: { type: 'traitor', node: 'C', behaviour: 'scripted', says: ['nothing', { type: 'commit' }], lateMs: [0, 9] },
  },
  { type: 'act', act: { type: 'traitor', node: 'C', behaviour: 'omit', targets: ['P1'], kinds: ['commit'], byMs: 3 } },
  { type: 'act', act: { type: 'input', node: 'C', input: 'begin', data: { transaction: 't1' } } },
];
const answers: readonly object[] = [
  { type: 'ready', node: 'P1' },
  { type: 'same', node: 'P1', seq: 4 },
  { type: 'threw', node: 'P1', seq: 4, reason: 'x' },
  { type: 'part', node: 'P1', seq: 4, text: 'x', last: false },
  {
    type: 'result',
    node: 'P1',
    seq: 4,
    state: { value: { a: 'b' }, context: { n: 1 }, done: false },
    effects: [
      { type: 'send', to: 'C', message: { type: 'yes' }, signed: true },
      { type: 'persist', key: 'k', value: 1 },
      { type: 'setTimer', timer: 't@s', delayMs: 5 },
    ],
  },
];

for (const [name, messages, parse] of [
  ['a command', commands, parseCommand],
  ['an answer', answers, parseNodeMessage],
] as const) {
  test(`${name} with any value in any place is understood, or told with the path of the field`, () => {
    for (const message of messages) parse(JSON.stringify(message));
    const places = messages.flatMap((message) => pathsIn(message).map((path) => ({ message, path })));
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...places), strange, fc.nat(), ({ message, path }, value, cut) => {
        const whole = JSON.stringify(changedAt(message, path, value)) ?? '';
        for (const text of [whole, whole.slice(0, cut % (whole.length + 1))]) {
          try {
            parse(text);
          } catch (error) {
            assert.ok(error instanceof BadMessage, `${text}: ${String(error)}`);
            assert.doesNotMatch(error.message, /\n|undefined|\u001b/);
            refused += 1;
          }
        }
      }),
      draws(4000),
    );
    assert.ok(refused > 1000);
  });
}

function recorderFor({ scenario, ref }: LoadedScenario, file: string): Recorder {
  const engine = { version: engineVersion, protocol: scenario.protocol, protocolSha256: protocolSha256(ref) };
  return createRecorder({
    file,
    header: { engine, scenario, id: 'test', startedAt: '2024-01-01T00:00:00.000Z' },
    wallNowMs: () => 0,
    onTrouble: (trouble) => assert.fail(trouble),
  });
}

const node = fc.constantFrom('C', 'P1', 'P2', 'P3', 'P9');
const number = fc.constantFrom(0, 1, 2, 7, 100, 1.5, 1e5, 1e6, 1e9, 2 ** 31, 1e12, Number.MAX_SAFE_INTEGER);
const kind = fc.constantFrom('commit', 'yes', 'nothing');
const target = fc.record({ message: number, from: node, to: node, kind, count: number }, { requiredKeys: [] });
const behaviour = fc.constantFrom(...Object.keys(behaviourHelp));
/** What the shapes of the bus let through, with values that nobody would choose. */
const act = fc.oneof(
  fc.record({ type: fc.constant('crash'), node, afterSends: number }, { requiredKeys: ['type', 'node'] }),
  fc.record({ type: fc.constantFrom('crash', 'restart', 'restart', 'pause', 'resume', 'honest'), node }),
  fc.record({ type: fc.constant('skew'), node, offsetMs: number, rate: number }, { requiredKeys: ['type', 'node'] }),
  fc.record({ type: fc.constant('partition'), groups: fc.constantFrom([['C'], ['P1', 'P2', 'P3']], [['C']], []) }),
  fc.record({ type: fc.constant('cut'), from: node, to: node, drop: fc.boolean() }),
  fc.record({ type: fc.constantFrom('heal') }),
  fc.tuple(target, number).map(([aim, byMs]) => ({ type: 'delay', byMs, ...aim })),
  fc.tuple(target, fc.constantFrom('hold', 'release', 'drop', 'duplicate')).map(([aim, type]) => ({ type, ...aim })),
  fc.record({ type: fc.constantFrom('deliver-now', 'reorder'), message: fc.integer({ min: 0, max: 20 }) }),
  fc.record({
    type: fc.constant('corrupt'),
    message: fc.integer({ min: 0, max: 20 }),
    values: fc.dictionary(kind, fc.jsonValue()),
  }),
  fc.record(
    { type: fc.constant('traitor'), node, behaviour, targets: fc.array(node), kinds: fc.array(kind), byMs: number },
    { requiredKeys: ['type', 'node', 'behaviour'] },
  ),
  fc.record({ type: fc.constant('input'), node, input: fc.constantFrom('begin', 'nothing'), data: fc.jsonValue() }),
);

test('whatever an operator does is refused, or recorded so that it verifies', async () => {
  const loaded = await loadScenario('partition-during-commit');
  let count = 0;
  let done = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(4), act), { maxLength: 8 }), async (acts) => {
      const file = join(place, `operated-${count++}.jsonl`);
      const { scenario, protocol } = loaded;
      const observer = observe(recorderFor(loaded, file));
      const session = openLocalSession({ scenario, protocol, paused: true, observer });
      for (const [steps, what] of acts) {
        for (let i = 0; i < steps; i++) await session.step();
        let command: ReturnType<typeof parseCommand>;
        try {
          command = parseCommand(JSON.stringify({ type: 'act', act: what }));
        } catch (error) {
          assert.ok(error instanceof BadMessage, String(error));
          continue;
        }
        try {
          if (command.type === 'act') await session.act(command.act as Act);
          done += 1;
        } catch (error) {
          assert.ok(error instanceof Refusal, `${JSON.stringify(what)}: ${String((error as Error).stack)}`);
        }
      }
      for (let i = 0; i < 40; i++) await session.step();
      await session.close();
      const { divergence, world } = replayRecording(readRecordingFile(file), protocol);
      assert.equal(divergence, null);
      assert.equal(digestWorld(world), digestWorld(session.world));
    }),
    draws(250),
  );
  assert.ok(done > 50, `${done} acts`);
});

test('no token stands in a recording, in what a session says, or in what this process is called', async () => {
  const loaded = await loadScenario('all-vote-yes');
  const file = join(place, 'live.jsonl');
  const { scenario, protocol, ref } = loaded;
  const observer = observe(recorderFor(loaded, file));
  const session = await openLiveSession({ scenario, protocol, source: ref, paused: true, observer });
  await session.runUntil(scenario.untilMs);
  const { operatorToken, viewerToken, url } = session.bus;
  const { argv, env, title } = process;
  const said = [readFileSync(file, 'utf8'), ...session.troubles, url, title, ...argv, JSON.stringify(env)].join('\n');
  await session.close();
  for (const token of [operatorToken, viewerToken]) assert.ok(token.length > 20 && !said.includes(token));
});
