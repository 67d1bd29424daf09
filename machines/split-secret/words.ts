/** What the roles of secret sharing share: parameters, shares, and the arithmetic modulo a prime. */
import { subsetsOf } from '../../src/core/problems/secret-sharing.ts';
import { type Message, type NodeId, type NodeInput, nodesWithRole, type Received } from '../../src/core/protocol.ts';

export interface Parameters {
  /** so many shares give the secret */
  readonly k: number;
  /** the prime: secrets, coefficients and shares are whole numbers from 0 to p - 1 */
  readonly p: number;
  /** with so many liars among the servers the reader reckons */
  readonly liars: number;
  /** the k - 1 coefficients beside the secret; null: drawn */
  readonly coefficients: readonly number[] | null;
  readonly mistake: 'none' | 'share-at-zero' | 'too-short' | 'constant' | 'server-collects';
}

/** A point of the polynomial: its place x belongs to a server and is known to all, its value y to that server only. */
export type Share = { readonly x: number; readonly y: number };
export type SharedBy<Type extends string> = Received<Message & Share & { readonly type: Type }>;

/** The servers' places: 1, 2, 3, ... in scenario order. Nobody has place 0, where the polynomial is the secret. */
export function placesOf(input: NodeInput<Parameters>): Record<NodeId, number> {
  const first = input.parameters.mistake === 'share-at-zero' ? 0 : 1;
  return Object.fromEntries(nodesWithRole(input, 'server').map((id, i) => [id, first + i]));
}

/** How many coefficients are secret: all, unless there is a mistake in it. */
export function drawnCount({ k, mistake }: Pick<Parameters, 'k' | 'mistake'>): number {
  if (mistake === 'constant') return 0;
  return mistake === 'too-short' ? Math.max(0, k - 2) : k - 1;
}

const modulo = (value: number, p: number): number => ((value % p) + p) % p;

/** Fermat: a^(p-2) is the inverse of a modulo a prime p. Exact while p is below 2^26. */
export function inverse(value: number, p: number): number {
  let [result, square] = [1, modulo(value, p)];
  for (let exponent = p - 2; exponent > 0; exponent = Math.floor(exponent / 2)) {
    if (exponent % 2 === 1) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}

/** Horner: the polynomial's value at x, its coefficients from that of x^0, the secret, upwards. */
export const valueAt = (coefficients: readonly number[], x: number, p: number): number =>
  coefficients.reduceRight((value, coefficient) => (value * x + coefficient) % p, 0);

/** Lagrange: the value at `at` of the one polynomial of degree below k through these k points, at different places. */
export function interpolated(points: readonly Share[], at: number, p: number): number {
  let sum = 0;
  for (const { x, y } of points) {
    let [above, below] = [1, 1];
    for (const other of points) {
      if (other.x === x) continue;
      above = (above * modulo(at - other.x, p)) % p;
      below = (below * modulo(x - other.x, p)) % p;
    }
    sum = (sum + ((y * above) % p) * inverse(below, p)) % p;
  }
  return sum;
}

/**
 * The secret of a polynomial of degree below k on which at least `need` of these shares lie, and the shares that do not;
 * null: there is no such polynomial. It tries k shares after the other; Berlekamp and Welch (1986) do it by linear
 * equations, and so for many shares.
 */
export function opened(
  shares: readonly Share[],
  { k, p }: Pick<Parameters, 'k' | 'p'>,
  need: number,
): { secret: number; off: Share[] } | null {
  if (shares.length < need) return null;
  for (const chosen of subsetsOf(shares, k)) {
    const off = shares.filter(({ x, y }) => interpolated(chosen, x, p) !== y);
    if (shares.length - off.length >= need) return { secret: interpolated(chosen, 0, p), off };
  }
  return null;
}

/**
 * Do these shares leave only one secret possible? Each is a linear equation in the secret and the drawn coefficients. As
 * many equations at different places as there are unknowns have one solution (Vandermonde); with fewer, every secret fits
 * equally many polynomials. But at x = 0 there is only one unknown: the secret.
 */
export const determine = (shares: readonly Share[], drawn: number): boolean =>
  shares.some(({ x }) => x === 0) || new Set(shares.map(({ x }) => x)).size > drawn;
