/** Which nodes the pane of the nodes lists, and in what order; and which of them the diagram has a column for. Pure. */
import { waitsForNow } from '../core/blocked.ts';
import type { NodeRecord, World } from '../core/world.ts';
import { statusPiece } from './panes/node-chips.ts';

export const sortKeys = ['id', 'role', 'status', 'state', 'lamport', 'blocked'] as const;
export type SortKey = (typeof sortKeys)[number];

export interface NodeList {
  readonly sort: SortKey;
  readonly reversed: boolean;
  /** words that all have to fit; empty: every node is listed */
  readonly filter: string;
}
export const wholeList: NodeList = { sort: 'id', reversed: false, filter: '' };
export const isWhole = ({ sort, reversed, filter }: NodeList): boolean => sort === 'id' && !reversed && filter === '';

/** Words of a filter that say something of a node that is no text of its own. */
const conditions: Readonly<Record<string, (node: NodeRecord, world: World) => boolean>> = {
  up: ({ status }) => status === 'up',
  down: ({ status }) => status === 'crashed' || status === 'failed',
  paused: ({ status }) => status === 'paused',
  blocked: ({ blockedSinceMs }) => blockedSinceMs !== null,
  waiting: (node, world) => (waitsForNow(world, node)?.nodes.length ?? 0) > 0,
  decided: ({ decisions }) => decisions.length > 0,
  undecided: ({ decisions }) => decisions.length === 0,
  traitor: ({ treachery }) => treachery !== null,
  honest: ({ honest }) => honest,
};
export const conditionNames = Object.keys(conditions);

const textsOf = (node: NodeRecord): Readonly<Record<string, string>> => ({
  id: node.id,
  role: node.role,
  status: statusPiece(node).text,
  state: node.path === '' ? (node.crash?.path ?? '') : node.path,
});

/** `P1`, `role:acceptor`, `blocked`, `!decided`: capitals do not matter, and a part of a name is enough. */
function fits(world: World, node: NodeRecord, word: string): boolean {
  if (word.startsWith('!')) return word.length === 1 || !fits(world, node, word.slice(1));
  if (Object.hasOwn(conditions, word)) return conditions[word]?.(node, world) ?? false;
  const texts = textsOf(node);
  const [field, wanted = ''] = word.split(/:(.*)/s);
  const named = texts[field as string];
  if (word.includes(':') && named !== undefined) return named.toLowerCase().includes(wanted);
  return Object.values(texts).some((text) => text.toLowerCase().includes(word));
}

/** What the troubled come first by. */
const gravity = ({ status, treachery, honest }: NodeRecord): number =>
  status === 'failed'
    ? 0
    : status === 'crashed'
      ? 1
      : treachery !== null
        ? 2
        : !honest
          ? 3
          : status === 'paused'
            ? 4
            : 5;

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
/** Those that are blocked, the longest first; then those that wait for somebody; then the rest. */
const patience = (world: World, node: NodeRecord): number =>
  node.blockedSinceMs ?? ((waitsForNow(world, node)?.nodes.length ?? 0) > 0 ? 1e15 : 1e16);

const comparers: Readonly<Record<SortKey, (world: World) => (a: NodeRecord, b: NodeRecord) => number>> = {
  id: () => (a, b) => a.index - b.index,
  role: () => (a, b) => compareTexts(a.role, b.role),
  status: () => (a, b) => gravity(a) - gravity(b),
  state: () => (a, b) => compareTexts(textsOf(a).state ?? '', textsOf(b).state ?? ''),
  // the furthest first
  lamport: () => (a, b) => b.lamport - a.lamport,
  blocked: (world) => {
    const of = new Map(world.nodes.map((node) => [node, patience(world, node)]));
    return (a, b) => (of.get(a) ?? 0) - (of.get(b) ?? 0);
  },
};

/** The nodes listed; equal ones in the scenario's order. */
export function listed(world: World, { sort, reversed, filter }: NodeList): readonly NodeRecord[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found =
    words.length === 0
      ? [...world.nodes]
      : world.nodes.filter((node) => words.every((word) => fits(world, node, word)));
  const compare = comparers[sort](world);
  return found.sort((a, b) => (reversed ? -1 : 1) * compare(a, b) || a.index - b.index);
}

/** The nodes that have a column in the diagram, ascending: those shown, and the selected one; null: all. */
export const columnsShown = (shown: readonly number[] | null, selected: number): readonly number[] | null =>
  shown === null ? null : [...new Set([...shown, selected])].sort((a, b) => a - b);
