/** Judges a goal in a run: has it come about, at which event, and what is missing. */
import { blockedNodes } from './blocked.ts';
import { createCausality, extendCausality, happenedBefore } from './causality.ts';
import type { FinishedRun } from './challenge.ts';
import {
  type Bounds,
  boundsWords,
  type Counted,
  type Goal,
  goalWords,
  happeningWords,
  isWithin,
  type Occasion,
  occasionWords,
} from './challenge-goal.ts';
import { examineCut } from './cuts.ts';
import { nodeIn } from './draft.ts';
import { canonicalJson, type Json, sameJson } from './json.ts';
import { type Happening, isHappening, timesIn } from './lesson.ts';
import { reportProperties } from './properties.ts';
import { isInState } from './state-path.ts';
import type { TraceEvent, World } from './world.ts';

export interface Tools {
  /** which decisions can still come about from a configuration; left out: such goals cannot be judged */
  readonly valenceOf?: (world: World) => string;
}

/** A run to be judged: at its end, or as it stands. */
export interface JudgedRun extends FinishedRun {
  /** it will go on no further, so that what had to come about has come about or not */
  readonly ended: boolean;
  /** how many of its events the recording has; those after it happened by themselves */
  readonly recorded: number;
}

export interface Judged {
  /** null: it could not be judged */
  readonly met: boolean | null;
  /** index of the event that brought it about */
  readonly at: number | null;
  readonly why: string;
  /** goals, in words, that are missing */
  readonly missing: readonly string[];
}

export function judgeGoal(goal: Goal, run: JudgedRun, tools: Tools): Judged {
  if ('all' in goal) return judgeAll(goal.all, run, tools);
  if ('any' in goal) return judgeAny(goal, run, tools);
  if ('not' in goal) return judgeNot(goal, run, tools);
  const { met, at, why } = judgeOne(goal, run, tools);
  return { met, at, why, missing: met === true ? [] : [goalWords(goal)] };
}

function judgeAll(goals: readonly Goal[], run: JudgedRun, tools: Tools): Judged {
  const parts = goals.map((goal) => judgeGoal(goal, run, tools));
  const failed = parts.find(({ met }) => met === false) ?? parts.find(({ met }) => met === null);
  const missing = parts.flatMap((part) => part.missing);
  if (failed !== undefined) return { met: failed.met, at: null, why: failed.why, missing };
  const events = parts.map(({ at }) => at).filter((at) => at !== null);
  return { met: true, at: latest(events), why: parts.map(({ why }) => why).join('; '), missing };
}

function judgeAny(goal: { readonly any: readonly Goal[] }, run: JudgedRun, tools: Tools): Judged {
  const parts = goal.any.map((each) => judgeGoal(each, run, tools));
  const met = parts.find((part) => part.met === true);
  if (met !== undefined) return met;
  const why = parts.map((part) => part.why).join('; ');
  return { met: parts.some((part) => part.met === null) ? null : false, at: null, why, missing: [goalWords(goal)] };
}

function judgeNot(goal: { readonly not: Goal }, run: JudgedRun, tools: Tools): Judged {
  const { met, at, why } = judgeGoal(goal.not, run, tools);
  if (met === null) return { met, at, why, missing: [goalWords(goal)] };
  const since = met && at !== null ? ` (event ${at})` : '';
  return { met: !met, at: null, why: `${why}${since}`, missing: met ? [goalWords(goal)] : [] };
}

type Simple = Exclude<Goal, { all: unknown } | { any: unknown } | { not: unknown }>;
type Finding = Pick<Judged, 'met' | 'at' | 'why'>;
const found = (at: number | null, why: string): Finding => ({ met: true, at, why });
const lacking = (why: string): Finding => ({ met: false, at: null, why });
const unjudged = (why: string): Finding => ({ met: null, at: null, why });
const latest = (events: readonly number[]): number | null => (events.length === 0 ? null : Math.max(...events));

function judgeOne(goal: Simple, run: JudgedRun, tools: Tools): Finding {
  if ('violated' in goal) return judgeProperty(goal.violated, 'violated', run);
  if ('holds' in goal) return judgeProperty(goal.holds, 'holds', run);
  if ('reached' in goal) return judgeReached(goal.reached, run);
  if ('decided' in goal) return judgeDecided(goal.decided, run);
  if ('blocked' in goal) return judgeBlocked(goal.blocked, run);
  if ('count' in goal) return judgeCount(goal.count, run);
  if ('concurrent' in goal) return judgeConcurrent(goal.concurrent, run);
  if ('cut' in goal) return judgeCut(goal, run);
  if ('bivalent-for' in goal) return judgeBivalent(goal['bivalent-for'], run, tools);
  const isBefore = 'before' in goal;
  return judgeOrder(isBefore ? 'before' : 'after', isBefore ? goal.before : goal.after, run, tools);
}

function judgeProperty(name: string, wanted: 'violated' | 'holds', { world, ended }: JudgedRun): Finding {
  const property = reportProperties(world, ended).find((each) => each.name === name);
  if (property === undefined) return unjudged(`the protocol has no property ${name}`);
  const why = `${name} ${property.verdict === 'not reached' ? 'was not reached' : property.verdict}: ${property.why}`;
  return property.verdict === wanted ? found(property.at, why) : lacking(why);
}

function judgeReached({ node, state }: { readonly node: string; readonly state: string }, run: JudgedRun): Finding {
  for (const event of run.trace)
    if (event.node === node && event.after !== null && isInState(event.after, state))
      return found(event.index, `${node} was in ${state}`);
  const now = nodeIn(run.world, node)?.path ?? '';
  return lacking(`${node} was never in ${state}; it is in ${now}`);
}

function judgeDecided(wanted: Readonly<Record<string, Json>>, { world, trace }: JudgedRun): Finding {
  const words: string[] = [];
  for (const [id, value] of Object.entries(wanted)) {
    const last = nodeIn(world, id)?.decisions.at(-1);
    const fits = last === undefined ? value === null : value === 'any' || (value !== null && sameJson(last, value));
    const word = last === undefined ? `${id} is undecided` : `${id} has decided ${canonicalJson(last)}`;
    if (!fits) return lacking(word);
    words.push(word);
  }
  const decides = ({ node, effects }: TraceEvent): boolean =>
    node !== null && Object.hasOwn(wanted, node) && effects.some(({ type }) => type === 'decide');
  return found(trace.findLast(decides)?.index ?? null, words.join(', '));
}

function judgeBlocked(wanted: readonly string[], { world, trace }: JudgedRun): Finding {
  const blocked = blockedNodes(world);
  const missing = wanted.filter((id) => !blocked.some(({ node }) => node === id));
  if (missing.length > 0) return lacking(`${missing.map((id) => unblockedWords(world, id)).join(', ')}`);
  const waits = blocked.filter(({ node }) => wanted.includes(node));
  const since = Math.max(...waits.map(({ sinceMs }) => sinceMs));
  const at = trace.findLast(({ atMs }) => atMs <= since)?.index ?? null;
  return found(at, waits.map(({ node, waitsFor }) => `${node} waits for ${waitsFor.join(', ') || 'ever'}`).join(', '));
}

function unblockedWords(world: World, id: string): string {
  const node = nodeIn(world, id);
  const last = node?.decisions.at(-1);
  if (last !== undefined) return `${id} is not blocked: it has decided ${canonicalJson(last)}`;
  return node?.status === 'up' ? `${id} is not blocked` : `${id} is not blocked: it is ${node?.status}`;
}

function judgeCount(goal: Counted & Bounds, { trace }: JudgedRun): Finding {
  const seen = new Set<string>();
  let at: number | null = null;
  let count = 0;
  for (const event of trace) {
    const before = count;
    if ('enters' in goal) count += timesEntered(goal, event);
    else if (goal.field === undefined) count += sentIn(goal, event).length;
    else {
      for (const { body } of sentIn(goal, event)) seen.add(canonicalJson(body[goal.field] ?? null));
      count = seen.size;
    }
    if (count > before && count <= (goal.exactly ?? goal['at-least'] ?? Number.POSITIVE_INFINITY)) at = event.index;
  }
  const why = `there were ${count}`;
  return isWithin(goal, count) ? found(at, why) : lacking(`${why}, not ${boundsWords(goal)}`);
}

const sentIn = (goal: Extract<Counted, { messages: string }>, { sends }: TraceEvent) =>
  sends.filter(
    ({ from, to, body }) =>
      from !== to &&
      (goal.messages === 'any' || goal.messages === body.type) &&
      (goal.node === undefined || goal.node === from),
  );

function timesEntered(goal: Extract<Counted, { enters: string }>, event: TraceEvent): number {
  if (event.node === null || (goal.node !== undefined && goal.node !== event.node)) return 0;
  return timesIn({ node: event.node, enters: goal.enters }, event);
}

/** The events in which it happens; of an `nth` time that one alone. */
function eventsOf(part: Happening, trace: readonly TraceEvent[]): TraceEvent[] {
  const events: TraceEvent[] = [];
  const nth = 'nth' in part ? part.nth : undefined;
  let count = 0;
  for (const event of trace) {
    const times = timesIn(part, event);
    if (times === 0) continue;
    count += times;
    if (nth === undefined || (count >= nth && count - times < nth)) events.push(event);
  }
  return events;
}

function judgeConcurrent([a, b]: readonly [Happening, Happening], { world, trace }: JudgedRun): Finding {
  const [firsts, seconds] = [eventsOf(a, trace), eventsOf(b, trace)];
  const absent = firsts.length === 0 ? a : seconds.length === 0 ? b : null;
  if (absent !== null) return lacking(`there was no event in which ${happeningWords(absent)}`);
  const causality = extendCausality(createCausality(world.indexOf), trace);
  for (const first of firsts)
    for (const second of seconds) {
      if (first === second || first.node === null || second.node === null) continue;
      if (happenedBefore(causality, first, second) || happenedBefore(causality, second, first)) continue;
      return found(Math.max(first.index, second.index), `events ${first.index} and ${second.index} are concurrent`);
    }
  return lacking('of any two such events one is in the past of the other');
}

function judgeCut(goal: Extract<Goal, { cut: unknown }>, { world, trace, claims }: JudgedRun): Finding {
  const cut = claims.findLast((claim) => 'cut' in claim)?.cut;
  if (cut === undefined) return lacking('no cut was handed in');
  if (cut.length !== world.ids.length) return lacking('the cut handed in is not through this run');
  const causality = extendCausality(createCausality(world.indexOf), trace);
  const { offences, crossing } = examineCut(causality, trace, cut);
  const [first] = offences;
  const is = first === undefined ? 'consistent' : 'inconsistent';
  const proof =
    first === undefined
      ? 'what is received inside was sent inside'
      : `message ${first.message.id} is received inside (event ${first.received}) and sent outside (event ${first.sent})`;
  const channels = `${crossing.length} message${crossing.length === 1 ? '' : 's'} in its channels`;
  const why = `the cut is ${is}: ${proof}, with ${channels}`;
  if (is !== goal.cut) return lacking(why);
  const bounds = goal.crossing ?? {};
  return isWithin(bounds, crossing.length) ? found(null, why) : lacking(`${why}, not ${boundsWords(bounds)}`);
}

function judgeBivalent(wanted: number, { recorded, worldAt }: JudgedRun, { valenceOf }: Tools): Finding {
  if (valenceOf === undefined || worldAt === undefined)
    return unjudged('what can still be decided is computed when it is graded');
  if (recorded < wanted) return lacking(`the recording has only ${recorded} events`);
  for (let events = 0; events <= wanted; events++) {
    const valence = valenceOf(worldAt(events));
    if (valence === 'bivalent') continue;
    const why = `after ${events} events the configuration is ${valence}`;
    return valence === 'unknown' ? unjudged(why) : lacking(why);
  }
  return found(wanted - 1, `each of the first ${wanted + 1} configurations is bivalent`);
}

function judgeOrder(
  order: 'before' | 'after',
  [first, second]: readonly [Occasion, Occasion],
  run: JudgedRun,
  tools: Tools,
): Finding {
  const [firsts, seconds] = [first, second].map((part) => momentsOf(part, run, tools)) as [Moments, Moments];
  if (firsts === null || seconds === null) return unjudged('a part of it could not be judged');
  const absent = firsts.length === 0 ? first : seconds.length === 0 ? second : null;
  if (absent !== null) return lacking(`it did not come about: ${occasionWords(absent)}`);
  const start = seconds[0] as number;
  const at = order === 'before' ? (firsts[0] as number) : (firsts.at(-1) as number);
  const met = order === 'before' ? at < start : at > start;
  const why = `${occasionWords(first)} at event ${at}, ${occasionWords(second)} at event ${start}`;
  return met ? found(Math.max(at, start), why) : lacking(why);
}

/** When it came about; null: it could not be judged. */
type Moments = readonly number[] | null;

function momentsOf(part: Occasion, run: JudgedRun, tools: Tools): Moments {
  if (isHappening(part as Happening)) return eventsOf(part as Happening, run.trace).map(({ index }) => index);
  const { met, at } = judgeGoal(part as Goal, run, tools);
  if (met === null) return null;
  // what is a matter of the whole run comes about at its end
  return met ? [at ?? run.trace.length] : [];
}
