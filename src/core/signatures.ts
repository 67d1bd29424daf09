/**
 * Signatures. A send with `signed: true` arrives with a field `signed: { signer, statement, signature }` over its own
 * fields, and any node can pass that object on inside a message of its own, to prove what it was told. The world checks
 * every such object in every message before delivery: one that was altered, or put into someone else's mouth, is a
 * forgery, and the message is rejected and counted. Ed25519 is deterministic, and the keys come from the run's seed, so
 * runs stay reproducible. Adversary: a traitor can use its own key only; it cannot compute other nodes' signatures.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { canonicalJson, isObject } from './json.ts';
import type { Json, JsonObject, Message, NodeId } from './protocol.ts';

export interface Signed extends JsonObject {
  readonly signer: NodeId;
  readonly statement: Json;
  /** base64 */
  readonly signature: string;
}

/** The fixed start of a PKCS #8 document that holds an Ed25519 seed (RFC 8410). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const keys = new Map<string, { readonly secret: KeyObject; readonly open: KeyObject }>();

function keyOf(seed: number, node: NodeId): { readonly secret: KeyObject; readonly open: KeyObject } {
  const name = `${seed}/${node}`;
  const known = keys.get(name);
  if (known) return known;
  const bytes = createHash('sha256').update(`havoc-signing-key/${name}`).digest();
  const secret = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, bytes]), format: 'der', type: 'pkcs8' });
  const pair = { secret, open: createPublicKey(secret) };
  keys.set(name, pair);
  return pair;
}

const bytesToSign = (signer: NodeId, statement: Json): Buffer => Buffer.from(canonicalJson({ signer, statement }));

/** What was signed last of this message object: a broadcast is one message to many, and is signed once. */
const lastSigned = new WeakMap<Message, { readonly seed: number; readonly signer: NodeId; readonly whole: Message }>();

/** The message with its signature attached. The same message object, signed again, gives the same result object. */
export function signMessage(seed: number, signer: NodeId, message: Message): Message {
  const known = lastSigned.get(message);
  if (known?.seed === seed && known.signer === signer) return known.whole;
  const { signed: _, ...statement } = message;
  const signature = sign(null, bytesToSign(signer, statement), keyOf(seed, signer).secret).toString('base64');
  const signed = { signer, statement, signature };
  const whole = { ...message, signed };
  signedHere.set(signed, seed);
  lastSigned.set(message, { seed, signer, whole });
  return whole;
}

/** Signed objects made here, and the seed of their keys: as long as it is the same object, nobody has altered it. */
const signedHere = new WeakMap<object, number>();

const isSigned = (value: Record<string, unknown>): boolean =>
  typeof value.signer === 'string' && typeof value.signature === 'string' && 'statement' in value;

/** The node in whose name something in this message was forged; null when every signature in it is good. */
export function forgedSigner(seed: number, value: unknown, knownNodes: ReadonlyMap<NodeId, number>): NodeId | null {
  if (Array.isArray(value)) {
    for (const item of value) {
      const forged = forgedSigner(seed, item, knownNodes);
      if (forged !== null) return forged;
    }
    return null;
  }
  if (!isObject(value)) return null;
  if (verified.get(value) === seed) return null;
  const signed = isSigned(value) ? (value as unknown as Signed) : null;
  if (signed !== null && !(knownNodes.has(signed.signer) && isGood(seed, signed))) return signed.signer;
  for (const key in value) {
    const forged = forgedSigner(seed, value[key], knownNodes);
    if (forged !== null) return forged;
  }
  if (signed !== null) verified.set(value, seed);
  return null;
}

/**
 * Signed objects found good, with all that they contain, and the seed of the keys. They are immutable and are passed on
 * as they are, so that in process each is verified once, however many messages show it. An altered one is another object.
 */
const verified = new WeakMap<object, number>();

const isGood = (seed: number, signed: Signed): boolean =>
  signedHere.get(signed) === seed ||
  verify(
    null,
    bytesToSign(signed.signer, signed.statement),
    keyOf(seed, signed.signer).open,
    Buffer.from(signed.signature, 'base64'),
  );
