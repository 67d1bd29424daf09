/** A message that is changed on its way: what it says then, what stays as it was, and that the run says so. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import signedMessages from '../../machines/signed-messages.ts';
import protocol from '../../machines/two-phase-commit.ts';
import { digestWorld } from '../../src/core/digest.ts';
import type { Fault } from '../../src/core/faults.ts';
import type { JsonObject } from '../../src/core/protocol.ts';
import { refusal } from '../../src/core/refusal.ts';
import { actInRun, createRun, stepRun } from '../../src/core/run.ts';
import type { Act } from '../../src/core/session.ts';
import type { Envelope } from '../../src/core/world.ts';
import { readRecordingFile } from '../../src/record/reader.ts';
import { replayRecording } from '../../src/record/replay.ts';
import { folder, recorderFor } from '../record/made.ts';
import { scenarioOf } from '../tui/stage.ts';

const nodes = { C: 'coordinator', P1: 'participant', P2: 'participant' };
const begin = { atMs: 0, node: 'C', input: 'begin', data: { transaction: 't1' } };
const scenario = scenarioOf(protocol, nodes, { inputs: [begin] });
const corrupt = (message: number, values: JsonObject): Act => ({ type: 'corrupt', message, values });

/** The votes are on their way. */
function voting() {
  const run = createRun(scenario, protocol);
  const votes = (): Envelope[] => [...run.world.pending.values()].filter(({ body }) => body.type === 'yes');
  while (votes().length < 2) stepRun(run);
  return { run, world: run.world, vote: votes()[0] as Envelope };
}

test('the message arrives with the new value, from its sender, at its time and with its clocks', () => {
  const { run, world, vote } = voting();
  actInRun(run, corrupt(vote.id, { transaction: 't2' }));
  assert.deepEqual(world.pending.get(vote.id), {
    ...vote,
    body: { type: 'yes', transaction: 't2' },
    was: vote.body,
  });
  assert.deepEqual(
    world.nodes.map(({ honest }) => honest),
    [true, true, true],
    'nobody has lied',
  );
  assert.deepEqual(
    [world.faults.at(-1)?.touched, world.assumptions.map(({ what }) => what)],
    [
      1,
      [
        `message ${vote.id} from ${vote.from} to C was changed on its way: links lose and delay what is sent, but do not change it`,
      ],
    ],
  );
  // changed once more, it is still known what was sent
  actInRun(run, corrupt(vote.id, { transaction: 't3' }));
  assert.deepEqual(world.pending.get(vote.id)?.was, vote.body);
});

test('what a message cannot be made to say is refused: another kind, a field that it has not, what is not of the field’s form, what it says already', () => {
  const { world, vote } = voting();
  const why = (values: JsonObject, message = vote.id): string | null => refusal(world, corrupt(message, values));
  assert.equal(why({ type: 'no' }), 'the kind of a message stays');
  assert.equal(why({ signed: 'me' }), 'the signature of a message stays');
  assert.equal(why({ colour: 'red' }), 'yes has no field colour');
  assert.equal(why({ transaction: 7 }), 'transaction of yes is text');
  assert.equal(why({ transaction: null }), 'transaction of yes is text');
  assert.equal(why({ transaction: 't1' }), `message ${vote.id} says that already`);
  assert.equal(why({}), `message ${vote.id} says that already`);
  assert.equal(why({ transaction: 't2' }, 999), 'message 999 is no longer on its way');
  assert.equal(why({ transaction: 't2' }), null);
});

test('what is scripted and cannot be said touches nothing, and a note says why', () => {
  const fault = corrupt(1, { colour: 'red' }) as Extract<Fault, { type: 'corrupt' }>;
  const run = createRun({ ...scenario, faults: [{ at: 5, fault }] }, protocol);
  while (run.world.faults.length === 0) stepRun(run);
  const struck = run.trace.find(({ choice }) => choice.type === 'corrupt');
  assert.deepEqual([run.world.faults[0]?.touched, struck?.notes], [0, ['prepare has no field colour']]);
  assert.deepEqual(run.world.assumptions, []);
});

test('what is signed in a message outlives its corruption', () => {
  const generals = { C: 'commander', L1: 'lieutenant', L2: 'lieutenant' };
  const run = createRun(scenarioOf(signedMessages, generals, { model: 'synchronous', boundMs: 100 }), signedMessages);
  const sent = (): Envelope | undefined => [...run.world.pending.values()].find(({ body }) => 'signed' in body);
  while (sent() === undefined) stepRun(run);
  const { id, body } = sent() as Envelope;
  const field = Object.keys(body).find((name) => name !== 'type' && name !== 'signed') as string;
  actInRun(run, corrupt(id, { [field]: 'something else' }));
  assert.deepEqual(run.world.pending.get(id)?.body.signed, body.signed);
});

test('a recording holds it, and replays to the same end', () => {
  const { run, world, vote } = voting();
  const file = join(folder(), 'corrupt.jsonl');
  const recorder = recorderFor(file, scenario);
  const act = corrupt(vote.id, { transaction: 't2' });
  recorder.onAct(world.events, world.nowMs, act);
  actInRun(run, act);
  while (stepRun(run) !== null);
  recorder.onClose({ events: world.events, atMs: world.nowMs, digest: digestWorld(world) });
  const again = replayRecording(readRecordingFile(file), protocol);
  assert.equal(again.divergence, null);
  assert.equal(digestWorld(again.world), digestWorld(world));
});
