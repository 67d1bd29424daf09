/**
 * Chains of signatures: `attack:C:L1` is the order `attack`, signed by C, and what C signed, signed again by L1. A chain
 * proves who has had the order in his hands. The world verifies every signature before it delivers a message, so what is
 * checked here is only what signatures cannot show: that the chain speaks of one order, and how it travelled.
 */
import type { Json, JsonObject, Message, NodeId } from '../../src/core/protocol.ts';

/** What somebody signed: any node can pass it on, and no other node could have made it. */
export interface Signed extends JsonObject {
  readonly signer: NodeId;
  readonly statement: JsonObject;
  readonly signature: string;
}

/** An order with all who signed it, the first signer first. */
export interface Chain {
  readonly value: Json;
  readonly signers: readonly NodeId[];
}

/** A chain together with its proof, to be shown to the others. */
export interface News extends Chain {
  readonly proof: Signed;
}

const isRecord = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const asSigned = (value: Json | undefined): Signed | null =>
  isRecord(value) && typeof value.signer === 'string' && isRecord(value.statement) ? (value as Signed) : null;

/** Null when it is no chain, or when somebody in it signed another order than the one that he shows. */
export function readChain(signed: Json | undefined): Chain | null {
  const outer = asSigned(signed);
  if (outer === null || outer.statement.type !== 'order') return null;
  const { proof, value = null } = outer.statement;
  if (proof === null) return { value, signers: [outer.signer] };
  const inner = readChain(proof);
  return inner === null || inner.value !== value ? null : { value, signers: [...inner.signers, outer.signer] };
}

/** The wrong way: believe what the messenger says, and take the signatures below his as read. */
export function hearsay(signed: Signed): Chain {
  const signers: NodeId[] = [];
  for (let each: Signed | null = signed; each !== null; each = asSigned(each.statement.proof)) {
    signers.unshift(each.signer);
  }
  return { value: signed.statement.value ?? null, signers };
}

/** The same chain with another order in everybody's mouth. The signatures no longer fit: this is a forgery. */
export function forged(proof: Signed, value: Json): Signed {
  const inner = asSigned(proof.statement.proof);
  return {
    ...proof,
    statement: { ...proof.statement, value, proof: inner === null ? null : forged(inner, value) },
  };
}

const opposite = (value: Json | undefined): Json => (value === 'attack' ? 'retreat' : 'attack');

/**
 * What a traitor may say instead of this order. A commander signs whatever he likes. A lieutenant would have to forge
 * the signatures of others, or to sign that he was told what his own proof contradicts.
 */
export function liesAbout(order: Message, readsSignatures: boolean): Message[] {
  const value = opposite(order.value);
  const proof = asSigned(order.proof);
  const claim = { ...order, value };
  if (proof === null || !readsSignatures) return [claim];
  return [{ ...claim, proof: forged(proof, value) }, claim];
}
