/**
 * What an honest node would have sent, beside what a traitor did send: each send that a step asked for, with the messages
 * that left in its place. Pure: read off the record of the event.
 */
import { sameJson } from '../../core/json.ts';
import type { Message, NodeId } from '../../core/protocol.ts';
import type { Envelope, TraceEvent } from '../../core/world.ts';

export interface Comparison {
  readonly to: NodeId;
  readonly honest: Message;
  /** what was sent instead, in order; empty: nothing */
  readonly sent: readonly Envelope[];
  /** is there a lie in it: another message, none, late, or more than one? */
  readonly lie: boolean;
}

/** In the order in which the step asked for them. A step that a crash cut off asked for no more than stands in its record. */
export function compareSends({ effects, sends }: TraceEvent): Comparison[] {
  const left = sends.filter(({ copyOf }) => copyOf === undefined);
  return effects.flatMap((effect): Comparison[] => {
    if (effect.type !== 'send') return [];
    const { to, message: honest } = effect;
    const at = left.findIndex((message) => message.to === to && standsFor(message, honest));
    if (at < 0) return [{ to, honest, sent: [], lie: true }];
    const [first] = left.splice(at, 1) as [Envelope];
    const sent = [first, ...sends.filter(({ copyOf }) => copyOf === first.id)];
    return [{ to, honest, sent, lie: first.lie !== undefined }];
  });
}

const standsFor = ({ body, lie }: Envelope, honest: Message): boolean =>
  sameJson(lie === undefined ? withoutSignature(body, honest) : lie.honest, honest);

/** A signature is added on the way out: the honest message has none. */
function withoutSignature(body: Message, honest: Message): Message {
  if ('signed' in honest || !('signed' in body)) return body;
  const { signed: _, ...rest } = body;
  return rest as Message;
}
