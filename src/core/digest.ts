/**
 * The digest of a world: SHA-256 over canonical JSON of all that can influence what happens next, and of what has been
 * decided. Two runs with equal digests at a checkpoint are the same run so far.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from './json.ts';
import { streamStates } from './rng.ts';
import type { Envelope, NodeRecord, World } from './world.ts';

/** A digest is taken every so many events, and at the end. */
export const checkpointEvery = 64;

const nodeText = (node: NodeRecord): string =>
  canonicalJson(
    {
      id: node.id,
      status: node.status,
      state:
        node.state === null ? null : { value: node.state.value, context: node.state.context, done: node.state.done },
      stable: node.stable,
      decisions: node.decisions,
      delivered: node.delivered,
      honest: node.honest,
      lamport: node.lamport,
      vector: node.vector,
      timers: node.timers.map(({ timer, fireAtMs }) => [timer, fireAtMs]),
      waiting: node.waiting.length,
      clock: node.clock,
      behaviour: node.treachery?.how ?? null,
      crashAfter: node.crashAfter,
    },
    node.id,
  );

const envelopeText = ({ id, from, to, body, deliverAtMs, lamport, held }: Envelope): string =>
  canonicalJson({ id, from, to, body, deliverAtMs, lamport, held: held === null ? null : held.by }, `message ${id}`);

/** Hex, 64 characters. Throws `NotJsonError` when a protocol keeps something in its context that is not plain JSON. */
export function digestWorld(world: World): string {
  const hash = createHash('sha256');
  hash.update(
    canonicalJson({
      events: world.events,
      messages: world.nextMessageId,
      streams: streamStates(world.streams),
      partition: world.partition?.groupOf ?? null,
      cuts: world.cuts.map(({ from, to }) => [from, to]),
      rules: world.rules.map(({ rule, left }) => [rule, left]),
      triggers: world.triggers.map(({ script, seen }) => [script, seen]),
      touched: world.faults.map(({ touched }) => touched),
    }),
  );
  for (const node of world.nodes) hash.update(nodeText(node));
  for (const id of [...world.pending.keys()].sort((a, b) => a - b))
    hash.update(envelopeText(world.pending.get(id) as Envelope));
  return hash.digest('hex');
}
