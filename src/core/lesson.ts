/**
 * A lesson: steps that a person takes, each done when its condition has come about in the run. The judge is pure and
 * looks at every event once; what is done stays done, whatever part of the past is on the screen. A moment counts from
 * the event after which its step became the next one, so that whoever runs ahead finds the steps ticked all the same.
 */
import { nodeIn } from './draft.ts';
import type { FaultType } from './faults.ts';
import { isObject, type Json, type JsonObject, sameJson } from './json.ts';
import { reportProperties } from './properties.ts';
import type { NodeId } from './protocol.ts';
import { isInState } from './state-path.ts';
import { toleranceOf } from './tolerance.ts';
import type { NodeRecord, TraceEvent, World } from './world.ts';

export interface LessonStep {
  /** what to do; its first sentence stands on the stage */
  readonly do: string;
  /** left out: the step is done when its reader goes on */
  readonly when?: Condition;
  readonly ask?: string;
  readonly answer?: string;
}

export const standings = [
  'up',
  'crashed',
  'paused',
  'failed',
  'traitor',
  'honest',
  'blocked',
  'decided',
  'undecided',
] as const;
export const momentNames = ['sends', 'receives', 'enters', 'decides', 'delivers'] as const;
type MomentName = (typeof momentNames)[number];

/** The `nth` time (from 1) that the node does it; null: whatever it is. */
type Moment = { readonly node: NodeId; readonly nth?: number } & {
  readonly [name in MomentName]?: Json;
};
/** What can be said of one event of the trace. */
export type Happening =
  | Moment
  | {
      readonly fault: FaultType | 'any';
      readonly node?: NodeId;
      readonly behaviour?: string;
      /** left out: by anyone */
      readonly by?: 'person' | 'script';
    }
  | { readonly input: string; readonly node?: NodeId };
/** What can be said of the run at a moment, or of the screen that shows it. */
type Standing =
  /** the run has gone back and on another way */
  | { readonly branched: true }
  | { readonly node: NodeId; readonly is: (typeof standings)[number] }
  | { readonly node: NodeId; readonly in: string }
  | { readonly blocked: readonly NodeId[] }
  /** null: undecided */
  | { readonly decided: Readonly<Record<NodeId, Json>> }
  | { readonly violated: string }
  /** a `sometimes` that was reached, or an `eventually` that has come about */
  | { readonly achieved: string }
  | { readonly quiet: true }
  | { readonly timeMs: number }
  | { readonly bound: 'exceeded' }
  /** the run is played with these values */
  | { readonly parameters: JsonObject }
  | Looking;
type Looking = { readonly viewing: 'past' | 'present' } | { readonly inspecting: NodeId };
export type SimpleCondition = Happening | Standing;
/** Parts of `all` may come about one after the other. */
export type Condition =
  | SimpleCondition
  | { readonly all: readonly SimpleCondition[] }
  | { readonly any: readonly SimpleCondition[] };

export interface DoneStep {
  readonly how: 'seen' | 'read' | 'skipped';
  /** how many events there were */
  readonly events: number;
}
export interface Progress {
  /** the first steps, in order */
  readonly done: readonly DoneStep[];
  /** events from here on count for the next step */
  readonly from: number;
  /** events before this have been looked at for it */
  readonly seen: number;
  /** by part of its condition: how often that has come about */
  readonly met: readonly number[];
}
export interface Witness {
  readonly trace: readonly TraceEvent[];
  readonly world: World;
  /** nothing is left to happen */
  readonly quiet: boolean;
  readonly viewing: 'past' | 'present';
  readonly inspecting: NodeId | null;
}

export const nothingDone: Progress = { done: [], from: 0, seen: 0, met: [] };

/** Takes in what has happened since, and ticks what is done. */
export function judgeLesson(steps: readonly LessonStep[], progress: Progress, witness: Witness): Progress {
  let now = progress;
  for (;;) {
    const condition = steps[now.done.length]?.when;
    if (condition === undefined) return now;
    const next = judgeStep(condition, now, witness);
    if (next.done.length === now.done.length) return next;
    now = next;
  }
}

/** The reader goes on: from a step without a condition, or past one that was not done. */
export function passStep(steps: readonly LessonStep[], progress: Progress, events: number): Progress {
  const step = steps[progress.done.length];
  if (step === undefined) return progress;
  const how = step.when === undefined ? 'read' : 'skipped';
  return { done: [...progress.done, { how, events }], from: progress.from, seen: progress.from, met: [] };
}

/** The run has gone back and on another way: only its first `kept` events are the ones that were looked at. */
export function afterBranch(steps: readonly LessonStep[], progress: Progress, kept: number): Progress {
  const from = Math.min(progress.from, kept);
  const condition = steps[progress.done.length]?.when;
  const met = condition === undefined ? [] : partsOf(condition).map((part) => Number('branched' in part));
  return { done: progress.done, from, seen: from, met };
}

/** The lesson goes on in another run. */
export const inAnotherRun = ({ done }: Progress): Progress => ({ done, from: 0, seen: 0, met: [] });

function judgeStep(condition: Condition, progress: Progress, witness: Witness): Progress {
  const parts = partsOf(condition);
  const met = parts.map((_, i) => progress.met[i] ?? 0);
  const isDone = (): boolean => {
    const each = parts.map((part, i) => (met[i] as number) >= timesOf(part));
    return 'any' in condition ? each.some(Boolean) : each.every(Boolean);
  };
  const { trace } = witness;
  for (let i = progress.seen; i < trace.length; i++) {
    let changed = false;
    for (const [k, part] of parts.entries()) {
      if (!isHappening(part)) continue;
      const times = timesIn(part, trace[i] as TraceEvent);
      met[k] = (met[k] as number) + times;
      changed ||= times > 0;
    }
    if (changed && isDone()) return ticked(progress, i + 1, i + 1);
  }
  for (const [k, part] of parts.entries()) if (!isHappening(part) && stands(part, witness)) met[k] = 1;
  if (!isDone()) return { done: progress.done, from: progress.from, seen: trace.length, met };
  // looking takes nothing from the run: what happens meanwhile counts for the next step too
  return ticked(progress, trace.length, parts.every(isLooking) ? progress.from : trace.length);
}

const ticked = ({ done }: Progress, events: number, from: number): Progress => ({
  done: [...done, { how: 'seen', events }],
  from,
  seen: from,
  met: [],
});

export function partsOf(condition: Condition): readonly SimpleCondition[] {
  if ('all' in condition) return condition.all;
  return 'any' in condition ? condition.any : [condition];
}

export const isHappening = (part: SimpleCondition): part is Happening =>
  'fault' in part || 'input' in part || momentNames.some((name) => Object.hasOwn(part, name));
const isLooking = (part: SimpleCondition): part is Looking => 'viewing' in part || 'inspecting' in part;
const timesOf = (part: SimpleCondition): number => ('nth' in part ? (part.nth ?? 1) : 1);

export function timesIn(part: Happening, event: TraceEvent): number {
  const { choice } = event;
  if ('fault' in part) {
    const struck = event.fault !== null && (part.fault === 'any' || part.fault === choice.type);
    const whom = part.node === undefined || ('node' in choice && choice.node === part.node);
    const how = part.behaviour === undefined || ('behaviour' in choice && choice.behaviour === part.behaviour);
    return Number(struck && whom && how && (part.by === undefined || part.by === event.origin));
  }
  if ('input' in part) {
    return Number(choice.type === 'input' && choice.input === part.input && (part.node ?? choice.node) === choice.node);
  }
  const name = momentNames.find((each) => Object.hasOwn(part, each)) as MomentName;
  return timesOfMoment(name, part.node, part[name] ?? null, event);
}

function timesOfMoment(name: MomentName, node: NodeId, what: Json, event: TraceEvent): number {
  const fits = (value: Json): boolean => what === null || sameJson(what, value);
  if (name === 'sends')
    return event.sends.filter(({ from, body, copyOf }) => from === node && copyOf === undefined && fits(body.type))
      .length;
  if (event.node !== node) return 0;
  switch (name) {
    case 'receives':
      return Number(event.choice.type === 'deliver' && event.after !== null && fits(event.message?.body.type ?? null));
    case 'enters':
      return Number(entered(event.before ?? '', event.after ?? '', what));
    case 'decides':
      return event.effects.filter((effect) => effect.type === 'decide' && fits(effect.value)).length;
    case 'delivers':
      return event.effects.filter((effect) => effect.type === 'deliver' && fits(effect.item)).length;
  }
}

function entered(before: string, after: string, state: Json): boolean {
  if (state === null) return after !== '' && after !== before;
  return isInState(after, String(state)) && !isInState(before, String(state));
}

function stands(part: Standing, witness: Witness): boolean {
  const { world } = witness;
  if ('viewing' in part) return witness.viewing === part.viewing;
  if ('inspecting' in part) return witness.inspecting === part.inspecting;
  if ('branched' in part) return false;
  if ('quiet' in part) return witness.quiet;
  if ('timeMs' in part) return world.nowMs >= part.timeMs;
  if ('violated' in part) return isViolated(witness, part.violated);
  if ('achieved' in part) return isAchieved(world, part.achieved);
  if ('bound' in part) return isBeyond(world);
  if ('parameters' in part) return agrees(part.parameters, world.scenario.parameters);
  if ('blocked' in part) return part.blocked.every((id) => nodeIn(world, id)?.blockedSinceMs != null);
  if ('decided' in part) return Object.entries(part.decided).every(([id, value]) => hasDecided(world, id, value));
  const node = nodeIn(world, part.node);
  if (node === undefined) return false;
  return 'in' in part ? node.state !== null && isInState(node.path, part.in) : isSo(node, part.is);
}

const propertyOf = (world: World, name: string) => world.properties.find(({ property }) => property.name === name);

/** Liveness is judged at the end, and only when the faults have stopped. */
function isViolated({ world, quiet }: Witness, name: string): boolean {
  const state = propertyOf(world, name);
  if (state?.property.kind !== 'eventually') return state !== undefined && state.failure !== null;
  return quiet && reportProperties(world, quiet).some((each) => each.name === name && each.verdict === 'violated');
}

function isAchieved(world: World, name: string): boolean {
  const state = propertyOf(world, name);
  if (state === undefined) return false;
  if (state.property.kind === 'sometimes') return state.settledAt !== null;
  return state.property.test(world.view, state.memory) === true;
}

function isBeyond(world: World): boolean {
  return toleranceOf(world)?.isExceeded === true;
}

function hasDecided(world: World, id: NodeId, value: Json): boolean {
  const last = nodeIn(world, id)?.decisions.at(-1);
  return last === undefined ? value === null : value !== null && sameJson(last, value);
}

function isSo(node: NodeRecord, standing: (typeof standings)[number]): boolean {
  switch (standing) {
    case 'traitor':
      return node.treachery !== null;
    case 'honest':
      return node.treachery === null;
    case 'blocked':
      return node.blockedSinceMs !== null;
    case 'decided':
      return node.decisions.length > 0;
    case 'undecided':
      return node.decisions.length === 0;
    default:
      return node.status === standing;
  }
}

/** Every value that is given is so; of a value for each node, those that are given. */
const agrees = (given: JsonObject, actual: JsonObject): boolean =>
  Object.entries(given).every(([name, value]) => {
    const other = actual[name];
    return isObject(value) && isObject(other)
      ? agrees(value as JsonObject, other as JsonObject)
      : sameJson(value, other ?? null);
  });
