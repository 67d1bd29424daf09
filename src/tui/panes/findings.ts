/** The answers that the instrument gives, worked out once for each question and moment, however often they are drawn. */
import { type Comparison, compareEvents, type Hop } from '../../core/causality.ts';
import { type CutReport, examineCut } from '../../core/cuts.ts';
import { type PropertyReport, reportProperties } from '../../core/properties.ts';
import { silencedAt, type Wait, whyBlocked } from '../../core/why.ts';
import type { World } from '../../core/world.ts';
import type { TraceIndex } from '../diagram/trace-index.ts';
import type { Question } from '../instrument.ts';
import type { View } from '../view.ts';

interface Known<T> {
  readonly parts: readonly unknown[];
  readonly value: T;
}

/** Remembers the last answer for as long as what it depends on is the same. */
function remembering<T>(find: (view: View, index: TraceIndex) => T, partsOf: (view: View) => readonly unknown[]) {
  const known = new WeakMap<TraceIndex, Known<T>>();
  return (view: View, index: TraceIndex): T => {
    const parts = partsOf(view);
    const last = known.get(index);
    if (last?.parts.every((part, i) => part === parts[i])) return last.value;
    const value = find(view, index);
    known.set(index, { parts, value });
    return value;
  };
}

/** How the marked event stands to the selected one; null: no two are chosen. */
export const comparison = remembering<Comparison | null>(
  ({ ui, trace }, index) => {
    const { mark } = ui.instrument;
    if (mark === null || ui.event === null || mark >= trace.length || ui.event >= trace.length) return null;
    return compareEvents(index.causality, trace, mark, ui.event);
  },
  ({ ui, world }) => [ui.instrument.mark, ui.event, Math.max(ui.instrument.mark ?? 0, ui.event ?? 0) < world.events],
);

export function chainOf(view: View, index: TraceIndex): readonly Hop[] | null {
  const found = comparison(view, index);
  return found !== null && 'chain' in found ? found.chain : null;
}

/** What can be said of the cut; null: none is drawn. */
export const cutReport = remembering<CutReport | null>(
  ({ ui, trace }, index) => (ui.instrument.cut === null ? null : examineCut(index.causality, trace, ui.instrument.cut)),
  ({ ui, world }) => [ui.instrument.cut, Math.min(world.events, Math.max(0, ...(ui.instrument.cut ?? [])))],
);

export interface Explanation {
  readonly question: Question;
  /** the event that broke it */
  readonly event: number;
  /** whose causal past is shown */
  readonly target: number;
  /** faults that belong to the story, though they are nobody's events */
  readonly faults: readonly number[];
  readonly report: PropertyReport | null;
  /** those that are blocked, the one asked about first */
  readonly waits: readonly Wait[];
}

const asked = new WeakMap<World, Known<readonly Question[]>>();

/** What can be asked now: properties that are violated, then nodes that are blocked. */
export function questionsOf(view: View): readonly Question[] {
  const { world, session } = view;
  const parts = [world.events, view.live && session.quiet];
  const known = asked.get(world);
  if (known?.parts.every((part, i) => part === parts[i])) return known.value;
  const value = findQuestions(view);
  asked.set(world, { parts, value });
  return value;
}

function findQuestions(view: View): Question[] {
  const violated = reportProperties(view.world, view.live && view.session.quiet).filter(
    ({ verdict }) => verdict === 'violated',
  );
  return [
    ...violated.map(({ name }): Question => ({ kind: 'property', name })),
    ...whyBlocked(view.world).map(({ node }): Question => ({ kind: 'blocked', node })),
  ];
}

function lastEventOf({ trace }: View, node: string | undefined): number | null {
  for (let i = trace.length - 1; i >= 0; i--) if (trace[i]?.node === node) return i;
  return null;
}

function explain(view: View): Explanation | null {
  const question = view.ui.instrument.why;
  if (question === null) return null;
  const waits = whyBlocked(view.world);
  const faults = waits.flatMap(({ silent }) => silent.map(({ at }) => at)).filter((at) => at !== null);
  if (question.kind === 'blocked') {
    const own = waits.find(({ node }) => node === question.node);
    const target = lastEventOf(view, question.node);
    if (own === undefined || target === null) return null;
    const ordered = [own, ...waits.filter((wait) => wait !== own)];
    return { question, event: silencedAt(own) ?? target, target, faults, report: null, waits: ordered };
  }
  const report = reportProperties(view.world, view.live && view.session.quiet).find(
    ({ name }) => name === question.name,
  );
  if (report === undefined || report.verdict !== 'violated') return null;
  if (report.at !== null) return { question, event: report.at, target: report.at, faults: [], report, waits: [] };
  // nothing happened that broke it: what is missing is what those would have done that it names
  const target = lastEventOf(view, report.nodes[0]);
  const own = waits.filter(({ node }) => report.nodes.includes(node));
  if (target === null) return null;
  const event = (own[0] === undefined ? null : silencedAt(own[0])) ?? target;
  return { question, event, target, faults, report, waits: own };
}

/** The answer to `why`; null: nothing is asked, or it is no longer so. */
export const explanationOf = remembering<Explanation | null>(explain, ({ ui, world, session }) => [
  ui.instrument.why,
  world,
  world.events,
  session.quiet,
]);
