/**
 * Sharing a secret: it is split among holders so that k of them together can give it to a reader, and fewer can tell
 * nothing about it. Shamir, "How to Share a Secret" (1979), and Blakley (1979). Secrecy here is not a matter of computing
 * power: it asks whether what has been sent to some holders leaves every secret equally possible.
 */
import { sameJson } from '../json.ts';
import type { Failure, Happened, Json, NodeId, NodeView, Property, View } from '../protocol.ts';
import { isLive, spoken } from './decisions.ts';

/** A share that is sent to a node, and whose share it is. */
export type Piece = { readonly to: NodeId; readonly owner: NodeId; readonly share: Json };

export interface SecretReading {
  /** what a loyal dealer has been told to split; undefined: nothing yet, or the dealer is a traitor */
  secret(view: View): Json | undefined;
  holders(view: View): readonly NodeView[];
  readers(view: View): readonly NodeView[];
  /** so many holders together may know the secret */
  threshold(view: View): number;
  /** the share that goes out with this; null: none does */
  piece(happened: Happened): Piece | null;
  /** do these shares leave only one secret possible? */
  determined(shares: readonly Json[], view: View): boolean;
  /** does this reader wait for shares? */
  waits(reader: NodeView): boolean;
  /** does it know that somebody has lied? */
  doubts(reader: NodeView): boolean;
  /** of whom it says so */
  accused(reader: NodeView): readonly NodeId[];
}

/** Every choice of `count` items, in their order. */
export function* subsetsOf<T>(items: readonly T[], count: number, from = 0): Generator<T[]> {
  if (count === 0) yield [];
  else
    for (let i = from; i <= items.length - count; i++)
      for (const rest of subsetsOf(items, count - 1, i + 1)) yield [items[i] as T, ...rest];
}

export function secretSharing(reading: SecretReading): Property[] {
  const memory = {
    initial: [],
    next(before: Json, happened: Happened): Json {
      const piece = happened.honest ? reading.piece(happened) : null;
      return piece === null ? before : [...(before as readonly Piece[]), piece];
    },
  };
  const toHolders = (view: View, sent: Json): Piece[] => {
    const holders = new Set(reading.holders(view).map(({ id }) => id));
    return (sent as readonly Piece[]).filter(({ to }) => holders.has(to));
  };
  const readers = (view: View): NodeView[] => reading.readers(view).filter(({ honest }) => honest);
  return [
    {
      name: 'secret-sharing/secrecy',
      kind: 'always',
      clauses: {
        'own-share': 'No holder is sent the share of another.',
        threshold: 'What fewer than k holders have been sent leaves every secret equally possible.',
      },
      reads: ['memory'],
      memory,
      test: (view, sent) => stray(toHolders(view, sent)) ?? conspiracy(reading, view, toHolders(view, sent)) ?? true,
    },
    {
      name: 'secret-sharing/held',
      kind: 'sometimes',
      clauses: { reached: 'k holders have been sent shares from which they could work out the secret together.' },
      reads: ['memory'],
      memory,
      test: (view, sent) => {
        const pieces = toHolders(view, sent);
        const shares = pieces.map(({ share }) => share);
        return new Set(pieces.map(({ to }) => to)).size >= reading.threshold(view) && reading.determined(shares, view);
      },
    },
    {
      name: 'secret-sharing/true-secret',
      kind: 'always',
      clauses: { 'true-secret': 'What a reader takes for the secret is the secret.' },
      reads: ['decisions', 'states'],
      test: (view) => mistaken(reading.secret(view), readers(view)) ?? true,
    },
    {
      name: 'secret-sharing/read',
      kind: 'sometimes',
      clauses: { reached: 'A reader knows the secret, or thinks that it does.' },
      reads: ['decisions'],
      test: (view) => readers(view).some(({ decisions }) => decisions.length > 0),
    },
    {
      name: 'secret-sharing/just-accusation',
      kind: 'always',
      clauses: { 'just-accusation': 'A reader says only of liars that they lie.' },
      reads: ['states'],
      test: (view) => (reading.secret(view) === undefined ? true : (slander(reading, view, readers(view)) ?? true)),
    },
    {
      name: 'secret-sharing/lie-detected',
      kind: 'sometimes',
      clauses: { reached: 'A reader knows that somebody has lied to it.' },
      reads: ['states'],
      test: (view) => readers(view).some((reader) => reading.doubts(reader) || reading.accused(reader).length > 0),
    },
    {
      name: 'secret-sharing/recovery',
      kind: 'eventually',
      clauses: { recovery: 'A reader who asks for the secret gets it.' },
      test(view) {
        const nodes = readers(view).filter((node) => isLive(node) && reading.waits(node));
        if (nodes.length === 0) return true;
        const who = nodes.map(({ id }) => id);
        return { clause: 'recovery', nodes: who, why: `${who.join(', ')} cannot put the secret together` };
      },
    },
  ];
}

function stray(pieces: readonly Piece[]): Failure | null {
  const piece = pieces.find(({ to, owner }) => to !== owner);
  if (piece === undefined) return null;
  return { clause: 'own-share', nodes: [piece.to], why: `${piece.to} is sent the share of ${piece.owner}` };
}

function conspiracy(reading: SecretReading, view: View, pieces: readonly Piece[]): Failure | null {
  const holders = [...new Set(pieces.map(({ to }) => to))];
  for (let count = 1; count < reading.threshold(view); count++) {
    for (const nodes of subsetsOf(holders, count)) {
      const known = pieces.filter(({ to }) => nodes.includes(to)).map(({ share }) => share);
      if (!reading.determined(known, view)) continue;
      const who = `${nodes.join(' and ')} ${count === 1 ? 'alone' : 'together'}`;
      return { clause: 'threshold', nodes, why: `${who} can work out the secret` };
    }
  }
  return null;
}

function mistaken(secret: Json | undefined, readers: readonly NodeView[]): Failure | null {
  if (secret === undefined) return null;
  for (const { id, decisions } of readers) {
    const wrong = decisions.find((value) => !sameJson(value, secret));
    if (wrong === undefined) continue;
    const why = `${id} takes ${spoken(wrong)} for the secret, but it is ${spoken(secret)}`;
    return { clause: 'true-secret', nodes: [id], why };
  }
  return null;
}

function slander(reading: SecretReading, view: View, readers: readonly NodeView[]): Failure | null {
  for (const reader of readers) {
    const victim = reading.accused(reader).find((id) => view.node(id).honest);
    if (victim === undefined) continue;
    const why = `${reader.id} says that ${victim} lies, which it does not`;
    return { clause: 'just-accusation', nodes: [reader.id, victim], why };
  }
  return null;
}
