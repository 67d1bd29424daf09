/** The learner in a replica: knows what is chosen, executes it in the order of the slots, and asks for what it misses. */
import type { NodeId } from '../../src/core/protocol.ts';
import { type About, forReplica, type ReplicaContext, senderOf } from './about.ts';
import { type Command, type Executed, execute, type Request, type Service, type Slots } from './words.ts';

/** What becomes known when these slots are chosen, and what is executed because of it. */
export function learnt(
  context: ReplicaContext,
  news: Slots<Command>,
): { service: Service; items: readonly Executed[] } {
  const { chosen, known, register, executed } = context;
  const service = execute({ chosen: { ...news, ...chosen }, known, register, executed });
  return { service, items: service.executed.slice(executed.length) };
}
export const replyTo = ({ client, number, place, result }: Executed) => ({
  to: client,
  message: { type: 'reply', number, place, result },
});

export const learn = forReplica.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'chosen') return;
  const { service, items } = learnt(context, { [event.slot]: event.command });
  enqueue.assign({ ...service });
  for (const item of items) enqueue({ type: 'deliver', params: { item } });
});
/** A sign of life says up to where everything is chosen: does this replica know it all? */
export const askForMissing = forReplica.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'alive' || event.known <= context.known) return;
  enqueue({ type: 'send', params: { to: event.from, message: { type: 'missing', slot: context.known + 1 } } });
});
export const tellChosen = forReplica.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'missing') return;
  for (const [slot, command] of Object.entries(context.chosen)) {
    if (Number(slot) < event.slot) continue;
    enqueue({ type: 'send', params: chosenMessage(event.from, Number(slot), command) });
  }
});
export const chosenMessage = (to: NodeId | readonly NodeId[], slot: number, command: Command) => ({
  to,
  message: { type: 'chosen', slot, command },
});
export const answerAgain = forReplica.enqueueActions(({ context, event, enqueue }) => {
  const { from: client, number } = event as Request;
  const executed = context.executed.find((each) => each.client === client && each.number === number);
  if (executed !== undefined) enqueue({ type: 'send', params: replyTo(executed) });
});
export const redirect = {
  type: 'send' as const,
  params: ({ context, event }: About) => ({
    to: senderOf(event),
    message: { type: 'not-leader', number: (event as Request).number, leader: context.leader },
  }),
};
