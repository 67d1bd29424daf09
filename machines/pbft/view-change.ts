/** Getting rid of a primary: who suspects it says what is prepared, and the next one must go on from there. */
import { forReplica, type ReplicaContext } from './about.ts';
import { toAll } from './agreement.ts';
import { cutLog, fetchFrom } from './execution.ts';
import { inheritedFrom, latestStable } from './proofs.ts';
import { withWord } from './words.ts';

const viewChangeOf = ({ view, stable, proof, prepared, replicas }: ReplicaContext) =>
  toAll(replicas, {
    type: 'view-change',
    view,
    stable,
    checkpoint: proof,
    prepared: Object.values(prepared),
  });
const leaveFor = (view: number, { attempts }: ReplicaContext): Partial<ReplicaContext> => ({
  view,
  said: {},
  inherited: {},
  assigned: [],
  attempts: attempts + 1,
});

/** The primary has had its time. */
export const suspect = forReplica.assign(({ context }) => leaveFor(context.view + 1, context));
/** Goes along with those who want another view, to the nearest of the views that they want. */
export const join = forReplica.assign(({ context }) => {
  const wanted = Object.entries(context.viewChanges).flatMap(([view, words]) =>
    words.length > 0 ? [Number(view)] : [],
  );
  return leaveFor(Math.min(...wanted.filter((view) => view > context.view)), context);
});
export const sayViewChange = {
  type: 'send' as const,
  params: ({ context }: { context: ReplicaContext }) => viewChangeOf(context),
};
export const keepViewChange = forReplica.assign(({ context, event }) => {
  if (event.type !== 'view-change') return {};
  const words = withWord(context.viewChanges[event.view], event.signed);
  return { viewChanges: { ...context.viewChanges, [event.view]: words } };
});

/** The new primary shows that a quorum wants it, and proposes again what they have prepared. */
export const openView = forReplica.enqueueActions(({ context, enqueue }) => {
  const { view, replicas } = context;
  const viewChanges = context.viewChanges[view] ?? [];
  const inherited = inheritedFrom(viewChanges);
  enqueue.assign({ opened: view });
  enqueue({ type: 'send', params: { to: replicas, message: { type: 'new-view', view, viewChanges, inherited } } });
  for (const { sequence, digest, request } of inherited) {
    enqueue({ type: 'send', params: toAll(replicas, { type: 'pre-prepare', view, sequence, digest, request }) });
  }
});
export const enterView = forReplica.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'new-view') return;
  const { view, viewChanges, inherited } = event;
  const latest = latestStable(viewChanges);
  const stable = latest?.stable ?? 0;
  enqueue.assign({
    view,
    entered: view,
    said: {},
    inherited: Object.fromEntries(inherited.map(({ sequence, digest }) => [sequence, digest])),
    assigned: inherited.map(({ digest }) => digest),
    sequence: stable + inherited.length,
    viewChanges: Object.fromEntries(Object.entries(context.viewChanges).filter(([later]) => Number(later) > view)),
  });
  if (stable <= context.stable) return;
  enqueue.assign(({ context: now }) => ({ ...cutLog(now, stable), proof: latest?.checkpoint ?? [] }));
  if (context.history.length < stable) enqueue(fetchFrom(context, context.history.length));
});
