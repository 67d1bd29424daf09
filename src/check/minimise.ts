/**
 * Makes a run that settles a property smaller: leaves out one choice after another, with all that becomes impossible by
 * it, and keeps what still settles the property, until nothing more can go. Then every choice that is left is needed:
 * without it the property is not settled. First whole stretches are tried, so that long runs become short soon.
 */
import type { Word } from '../core/faults.ts';
import type { Path } from './explore.ts';
import { Follower } from './follow.ts';
import { Judge } from './judge.ts';
import type { Tracked } from './layout.ts';
import type { Model } from './model.ts';
import type { Move } from './moves.ts';
import { Transitions } from './transitions.ts';

export interface Minimised {
  readonly path: Path;
  /** false: there was no time to try everything */
  readonly minimal: boolean;
}

export interface Patience {
  /** so many states are expanded at most */
  readonly effort?: number;
  /** asked now and then, so that others get a turn; true: that is enough */
  readonly isEnough?: () => Promise<boolean>;
}

/** Seconds for small protocols, half a minute for the largest. */
const expandedMax = 200_000;
const expandedBetween = 2048;

/** @param property index among the protocol's; the path settles it */
export async function minimise(
  model: Model,
  tracked: Tracked,
  path: Path,
  property: number,
  { effort = expandedMax, isEnough = async () => false }: Patience = {},
): Promise<Minimised> {
  const transitions = new Transitions(model, tracked);
  const follower = new Follower(transitions);
  const settles = settlerOf(transitions, tracked, property);
  const walk = (moves: readonly Move[]): readonly Move[] | null =>
    follower.follow(path.traitors, moves, settles)?.moves ?? null;
  const fixed = model.ids.length + model.atStart.length;
  const first = walk(follower.adopt(path));
  // what is carried out otherwise than it was found is left as it is
  if (first === null) return { path, minimal: false };
  let moves = first;
  let isOver = false;
  let pausedAt = 0;
  const take = async (candidate: readonly Move[]): Promise<boolean> => {
    if (follower.expanded - pausedAt > expandedBetween) {
      pausedAt = follower.expanded;
      isOver ||= await isEnough();
    }
    isOver ||= follower.expanded >= effort;
    if (isOver) return false;
    const found = walk(candidate);
    if (found !== null) moves = found;
    return found !== null;
  };
  for (let size = Math.floor((moves.length - fixed) / 2); size > 1; size = Math.floor(size / 2)) {
    for (let at = moves.length - size; at >= fixed; at -= size) await take(without(moves, at, size));
  }
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (let at = moves.length - 1; at >= 0; at--) {
      for (const smaller of at < moves.length ? simpler(moves, at, fixed) : []) {
        if (!(await take(smaller))) continue;
        isSmaller = true;
        break;
      }
    }
  }
  const { traitors } = path;
  return { path: { moves, traitors, letters: transitions.steps.letters.all }, minimal: !isOver };
}

const without = (moves: readonly Move[], at: number, size: number): Move[] => moves.toSpliced(at, size);

/** The same moves without this one, or with less of it: no crash in it, no second copy, one lie less, less late. */
export function simpler(moves: readonly Move[], at: number, fixed: number): (readonly Move[])[] {
  const move = moves[at] as Move;
  const found: (readonly Move[])[] = at < fixed ? [] : [without(moves, at, 1)];
  if (move.kind === 'deliver' && move.keep) found.push(moves.with(at, { ...move, keep: false }));
  if (move.timeGoesOn) found.push(moves.with(at, { ...move, timeGoesOn: false }));
  else if (move.kind === 'deliver') found.push(...inTime(moves, at));
  if (!('manner' in move)) return found;
  const { crashAfter, says } = move.manner;
  if (crashAfter > 0) found.push(moves.with(at, { ...move, manner: { crashAfter: 0, says } }));
  const isLate = moves.some(({ timeGoesOn }, i) => i >= at && timeGoesOn);
  for (const [i, word] of (says ?? []).entries()) {
    for (const other of simplerWords(word, isLate)) {
      const manner = { crashAfter, says: (says ?? []).with(i, other) };
      found.push(moves.with(at, { ...move, manner }));
    }
  }
  return found;
}

/** The truth is simpler than a lie or silence. But what is so late that it never comes had better not been said. */
function simplerWords(word: Word, mayBeLate: boolean): Word[] {
  if (!mayBeLate) return word === 'truth' ? [] : ['truth'];
  return word === 'nothing' ? [] : word === 'truth' ? ['nothing'] : ['nothing', 'truth'];
}

/** The message arrives before time goes on without it. */
function inTime(moves: readonly Move[], at: number): Move[][] {
  const last = moves.findLastIndex(({ timeGoesOn }, i) => i < at && timeGoesOn);
  if (last < 0) return [];
  const awaited = { ...(moves[last] as Move), timeGoesOn: false };
  const arrival = { ...(moves[at] as Move), timeGoesOn: true };
  return [without(moves, at, 1).toSpliced(last, 1, awaited, arrival)];
}

/** Does this state settle the property, as it does in an exploration? */
function settlerOf(transitions: Transitions, tracked: Tracked, p: number): (vector: Int32Array) => boolean {
  const judge = new Judge(transitions, tracked);
  const kind = transitions.model.protocol.properties[p]?.kind;
  return (vector) => {
    judge.look(vector);
    if (kind !== 'eventually') return judge.succeeds(p) !== (kind === 'always');
    return !judge.succeeds(p) && judge.disturbance() === null && isEnd(transitions, vector);
  };
}

/** Nothing more can happen that would change it. */
function isEnd(transitions: Transitions, vector: Int32Array): boolean {
  let leadsOn = false;
  transitions.expand(vector, vector.length, (next, length) => {
    if (length !== vector.length || vector.some((word, i) => word !== next[i])) leadsOn = true;
  });
  return !leadsOn;
}
