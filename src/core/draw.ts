/**
 * Randomness for machines, as a pure function: a coin, a randomised timeout. A machine counts its draws in its context
 * and asks for the next one; the same seed and count always give the same number, in any process.
 */

/** FNV-1a over the node's name, mixed with all bits of the run's seed: an integer, 32 bits. */
export function nodeSeed(seed: number, node: string): number {
  let hash = 0x811c9dc5 ^ (seed | 0) ^ Math.imul(Math.floor(seed / 0x100000000) | 0, 0x9e3779b1);
  for (let i = 0; i < node.length; i++) hash = Math.imul(hash ^ node.charCodeAt(i), 0x01000193);
  return hash | 0;
}

/** The `count`-th draw of `seed`: a number in [0, 1). Murmur3's finaliser over both. */
export function draw(seed: number, count: number): number {
  let bits = Math.imul(seed ^ Math.imul(count + 1, 0x9e3779b1), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 0x100000000;
}
