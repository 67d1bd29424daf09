/** The goals of challenges: a small closed vocabulary, as data, and each goal in words. */
import { canonicalJson, type Json } from './json.ts';
import { type Happening, isHappening, momentNames } from './lesson.ts';
import type { NodeId } from './protocol.ts';

/** How many it must be: one of these, or the first two together. */
export interface Bounds {
  readonly 'at-least'?: number;
  readonly 'at-most'?: number;
  readonly exactly?: number;
}

export const isWithin = ({ exactly, 'at-least': least = 0, 'at-most': most }: Bounds, count: number): boolean =>
  exactly === undefined ? count >= least && (most === undefined || count <= most) : count === exactly;

/** What is counted. */
export type Counted =
  /** messages sent, of a kind or of `any`; with `field`: how many different values it had in them (views, ballots, terms) */
  | { readonly messages: string; readonly field?: string; readonly node?: NodeId }
  /** how often a state was entered, by this node or by all */
  | { readonly enters: string; readonly node?: NodeId };

/** One part of `before` and `after`: a goal, or something that happens. */
export type Occasion = Goal | Happening;

export type Goal =
  /** a property has failed; one that must come about in the end: it has not, and nothing stands in its way */
  | { readonly violated: string }
  /** never violated; reached; come about in the end: as the property's kind has it */
  | { readonly holds: string }
  /** this node was in this state at some moment */
  | { readonly reached: { readonly node: NodeId; readonly state: string } }
  /** these nodes end with these decisions; null: undecided; `any`: whatever it is */
  | { readonly decided: Readonly<Record<NodeId, Json>> }
  /** these nodes are blocked when nothing is left to happen */
  | { readonly blocked: readonly NodeId[] }
  | { readonly count: Counted & Bounds }
  /** two events, neither of which is in the other's past */
  | { readonly concurrent: readonly [Happening, Happening] }
  /** the cut that was handed in is so, with so many messages in its channels */
  | { readonly cut: 'consistent' | 'inconsistent'; readonly crossing?: Bounds }
  /** so many configurations from the start on were bivalent */
  | { readonly 'bivalent-for': number }
  | { readonly all: readonly Goal[] }
  | { readonly any: readonly Goal[] }
  | { readonly not: Goal }
  /** the first comes about, for the first time, before the second does */
  | { readonly before: readonly [Occasion, Occasion] }
  /** the first comes about at some moment after the second has */
  | { readonly after: readonly [Occasion, Occasion] };

/** What a person is told of one by one. */
export const partsOfGoal = (goal: Goal): readonly Goal[] => ('all' in goal ? goal.all : [goal]);

/** The goal as a sentence's part: `P1 and P2 blocked at the end`. */
export function goalWords(goal: Goal): string {
  if ('violated' in goal) return `${goal.violated} violated`;
  if ('holds' in goal) return `${goal.holds} holds`;
  if ('reached' in goal) return `${goal.reached.node} reaches ${goal.reached.state}`;
  if ('decided' in goal) return Object.entries(goal.decided).map(decisionWords).join(', ');
  if ('blocked' in goal) return `${listWords(goal.blocked)} blocked at the end`;
  if ('count' in goal) return `${boundsWords(goal.count)} ${countedWords(goal.count)}`;
  if ('concurrent' in goal) return `${goal.concurrent.map(happeningWords).join(', and concurrent with it, ')}`;
  if ('cut' in goal) {
    const crossing = goal.crossing === undefined ? '' : ` with ${boundsWords(goal.crossing)} messages in its channels`;
    return `a cut handed in that is ${goal.cut}${crossing}`;
  }
  if ('bivalent-for' in goal) return `bivalent for ${goal['bivalent-for']} events from the start`;
  if ('all' in goal) return goal.all.map(grouped).join(', and ');
  if ('any' in goal) return goal.any.map(grouped).join(', or ');
  if ('not' in goal) return `not: ${grouped(goal.not)}`;
  const [word, [first, second]] = 'before' in goal ? ['before', goal.before] : ['after', goal.after];
  return `${occasionWords(first)}, ${word} ${occasionWords(second)}`;
}

const grouped = (goal: Goal): string =>
  'all' in goal || 'any' in goal || 'before' in goal || 'after' in goal ? `(${goalWords(goal)})` : goalWords(goal);

const isEvent = (part: Occasion): part is Happening => isHappening(part as Happening);
export const occasionWords = (part: Occasion): string => (isEvent(part) ? happeningWords(part) : grouped(part));

/** The properties that a goal speaks of, each once. */
export function propertiesIn(goal: Occasion): string[] {
  if (isEvent(goal)) return [];
  if ('violated' in goal) return [goal.violated];
  if ('holds' in goal) return [goal.holds];
  if ('not' in goal) return propertiesIn(goal.not);
  if ('all' in goal) return eachOnce(goal.all);
  if ('any' in goal) return eachOnce(goal.any);
  if ('before' in goal) return eachOnce(goal.before);
  return 'after' in goal ? eachOnce(goal.after) : [];
}

const eachOnce = (parts: readonly Occasion[]): string[] => [...new Set(parts.flatMap(propertiesIn))];

const listWords = (ids: readonly string[]): string =>
  ids.length < 2 ? ids.join('') : `${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}`;

const valueWords = (value: Json): string => (typeof value === 'string' ? value : canonicalJson(value));

function decisionWords([id, value]: [NodeId, Json]): string {
  if (value === null) return `${id} undecided at the end`;
  return value === 'any' ? `${id} decided` : `${id} decided ${valueWords(value)}`;
}

export function boundsWords({ 'at-least': least, 'at-most': most, exactly }: Bounds): string {
  if (exactly !== undefined) return `exactly ${exactly}`;
  const parts = [least === undefined ? null : `at least ${least}`, most === undefined ? null : `at most ${most}`];
  return parts.filter((part) => part !== null).join(' and ');
}

function countedWords(counted: Counted): string {
  const who = counted.node === undefined ? '' : ` by ${counted.node}`;
  if ('enters' in counted) return `times ${counted.enters} entered${who}`;
  const kind = counted.messages === 'any' ? '' : `${counted.messages} `;
  if (counted.field !== undefined) return `values of ${counted.field} in ${kind}messages sent${who}`;
  return `${kind}messages sent${who}`;
}

/** `C sends its 2. commit`, `a crash strikes P1` */
export function happeningWords(part: Happening): string {
  if ('fault' in part) {
    const fault = part.fault === 'any' ? 'a fault' : `a ${part.fault}`;
    return `${fault} strikes${part.node === undefined ? '' : ` ${part.node}`}`;
  }
  if ('input' in part) return `the input ${part.input}${part.node === undefined ? '' : ` at ${part.node}`}`;
  const name = momentNames.find((each) => Object.hasOwn(part, each));
  const what = name === undefined ? null : (part[name] ?? null);
  const words = what === null ? 'something' : valueWords(what);
  return `${part.node} ${name} ${words}${part.nth === undefined ? '' : ` for the ${ordinal(part.nth)} time`}`;
}

function ordinal(nth: number): string {
  const ending = nth % 100 >= 11 && nth % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][nth % 10] ?? 'th');
  return `${nth}${ending}`;
}
