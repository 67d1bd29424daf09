/**
 * The digest of a world: SHA-256 over canonical JSON of all that can influence what happens next, and of what has been
 * decided. Two runs with equal digests at a checkpoint are the same run so far.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from './json.ts';
import { streamStates } from './rng.ts';
import type { Envelope, NodeRecord, World } from './world.ts';

/** A digest is taken every 64 events, and at the end. It looks at every node: of more nodes, every so many events as there are nodes. */
export const checkpointEvery = (nodes: number): number => Math.max(64, nodes);

/** Is one due, when the number of events has grown from `before` to `after`? */
export const passesCheckpoint = (before: number, after: number, nodes: number): boolean =>
  Math.floor(before / checkpointEvery(nodes)) < Math.floor(after / checkpointEvery(nodes));

/** Everything of a node that a digest counts, by reference: as long as these are the same, so is its text. */
const partsOf = (node: NodeRecord): readonly unknown[] => [
  node.lamport,
  node.state,
  node.stable,
  node.decisions,
  node.delivered,
  node.status,
  node.honest,
  node.timers,
  node.waiting.length,
  node.clock,
  node.treachery,
  node.crashAfter,
];

/** Most nodes do nothing between two checkpoints: their texts are kept. */
const texts = new WeakMap<NodeRecord, { readonly parts: readonly unknown[]; readonly text: string }>();

/** @param readsClock drift counts only where somebody can read it: timers know nothing but the rate */
function nodeText(node: NodeRecord, readsClock: boolean): string {
  const parts = partsOf(node);
  const known = texts.get(node);
  if (known?.parts.every((part, i) => part === parts[i])) return known.text;
  const { state } = node;
  const text = canonicalJson(
    {
      id: node.id,
      status: node.status,
      state: state === null ? null : { value: state.value, context: state.context, done: state.done },
      stable: node.stable,
      decisions: node.decisions,
      delivered: node.delivered,
      honest: node.honest,
      lamport: node.lamport,
      vector: node.vector.join(' '),
      timers: node.timers.map(({ timer, fireAtMs }) => [timer, fireAtMs]),
      waiting: node.waiting.length,
      clock: readsClock
        ? node.clock
        : { offsetMs: node.clock.offsetMs, rate: node.clock.rate, fault: node.clock.fault },
      behaviour: node.treachery?.how ?? null,
      crashAfter: node.crashAfter,
    },
    node.id,
  );
  texts.set(node, { parts, text });
  return text;
}

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
  for (const node of world.nodes) hash.update(nodeText(node, world.protocol.readsClock === true));
  for (const id of [...world.pending.keys()].sort((a, b) => a - b))
    hash.update(envelopeText(world.pending.get(id) as Envelope));
  return hash.digest('hex');
}
