/** The rules by which a member chooses what it may deliver next: one for each order. */
import { type Context, indexOf, isEarlier, type Letter, nameOf, type Order, type Timestamp } from './words.ts';

const deliveredOf = (context: Context, { from }: Letter): number => context.delivered[indexOf(context, from)] ?? 0;

/** It is the next one of its sender. */
const isNextOfSender = (context: Context, letter: Letter): boolean =>
  letter.number === deliveredOf(context, letter) + 1;
/** Everything that its sender had delivered has been delivered here as well. */
const isCovered = ({ delivered, members }: Context, { vector, from }: Letter): boolean =>
  vector.every((count, i) => members[i] === from || count <= (delivered[i] ?? 0));

const atPlace = ({ queue, places, used, parameters }: Context): Letter | undefined =>
  queue.find((letter) => {
    const place = places[nameOf(letter)];
    return place !== undefined && (parameters.skipGaps || place === used + 1);
  });

export const timestampOf = ({ final, proposed }: Context, letter: Letter): Timestamp =>
  final[nameOf(letter)] ?? proposed[nameOf(letter)] ?? { time: Number.MAX_SAFE_INTEGER, by: 0 };
/** Only the earliest in the queue, and only when its time is final: a final time is never earlier than a proposed one. */
function earliest(context: Context): Letter | undefined {
  const [first, ...rest] = context.queue;
  if (first === undefined) return undefined;
  const least = rest.reduce(
    (best, letter) => (isEarlier(timestampOf(context, letter), timestampOf(context, best)) ? letter : best),
    first,
  );
  return context.final[nameOf(least)] === undefined ? undefined : least;
}

const rules: Readonly<Record<Order, (context: Context) => Letter | undefined>> = {
  'best-effort': ({ arrived }) => arrived[0],
  fifo: (context) => context.arrived.find((letter) => isNextOfSender(context, letter)),
  causal: (context) =>
    context.arrived.find(
      (letter) => isNextOfSender(context, letter) && (context.parameters.senderOnly || isCovered(context, letter)),
    ),
  sequencer: atPlace,
  abcast: earliest,
};

/** What this member may deliver now; undefined: nothing yet. */
export const deliverable = (context: Context): Letter | undefined => rules[context.parameters.order](context);

/** Total orders deal with each sender's messages in the order of sending: what they agree upon is causal, too. */
export const nextToTake = (context: Context): Letter | undefined =>
  context.arrived.find((letter) => letter.number === (context.taken[indexOf(context, letter.from)] ?? 0) + 1);
