/**
 * Multicast, with as much order as one pays for. The parameter `order` chooses:
 *
 *   best-effort   Send to all; deliver what comes as it comes. n-1 messages.
 *   fifo          Number your messages; deliver each sender's in that order. n-1.
 *   causal        An answer must not come before its question. Each message carries a vector: how many messages of each
 *                 member its sender had delivered. Deliver it when you have delivered those, too, and it is the sender's
 *                 next. (Birman, Schiper and Stephenson's CBCAST.) n-1, and n numbers in each.
 *   sequencer     All are to deliver everything in one and the same order. One member, here the first, gives each message
 *                 its place and tells all; deliver place after place. 2(n-1), and nothing goes on without the sequencer.
 *   abcast        The same, agreed among all: each member proposes a time for the message, later than any it has seen; the
 *                 sender takes the greatest and tells all; deliver in the order of the final times, and a message only when
 *                 its own time is final and no earlier one is possible. (Birman and Joseph's ABCAST.) 3(n-1).
 *
 * FIFO follows from causal order. The two total orders here deal with each sender's messages in the order of sending, so
 * what they agree upon is causal, too. None of the five stands a crash: a sender that dies in mid-broadcast leaves some
 * without the message, and the total orders wait for it.
 */
import { multicast } from '../src/core/problems/multicast.ts';
import { totalOrder } from '../src/core/problems/total-order.ts';
import { type Cost, defineProtocol, type Json, type JsonObject, type View } from '../src/core/protocol.ts';
import { member } from './multicast/member.ts';
import { timestampOf } from './multicast/orders.ts';
import { type Context, isTotal, type Letter, nameOf, type Parameters } from './multicast/words.ts';

const birman =
  'Birman, Schiper and Stephenson, "Lightweight Causal and Atomic Group Multicast" (1991); ABCAST: Birman and Joseph, "Reliable Communication in the Presence of Failures" (1987)';
const read = (parameters: JsonObject): Parameters => parameters as unknown as Parameters;
const letterOf = (item: Json): Letter => item as unknown as Letter;
/** Of the shared problem of total order, what concerns the order alone: each delivery has the next place. */
const ofTheOrder = ['total-order/same-order', 'total-order/two-delivered'];

/** Rounds of n-1 messages that each multicast takes. */
const rounds: Readonly<Record<Parameters['order'], number>> = {
  'best-effort': 1,
  fifo: 1,
  causal: 1,
  sequencer: 2,
  abcast: 3,
};
const cost = (
  name: string,
  formula: string,
  kinds: readonly string[] | null,
  of: (parameters: Parameters) => number,
): Cost => ({
  name,
  formula,
  caseOf({ member: n = 0 }, parameters) {
    const times = of(read(parameters));
    if (times === 0) return '0';
    const each = `${times === 1 ? '' : times}(n-1)`;
    return read(parameters).chatter === 0 ? `${each} a multicast` : `${n * read(parameters).chatter} × ${each}`;
  },
  source: `counted from ${birman}`,
  expected({ member: n = 0 }, parameters) {
    const { chatter } = read(parameters);
    return chatter === 0 ? null : of(read(parameters)) * (n - 1) * n * chatter;
  },
  measured: ({ messages, byKind }) =>
    kinds === null ? messages : kinds.reduce((sum, kind) => sum + (byKind[kind] ?? 0), 0),
});

export default defineProtocol({
  id: 'multicast',
  title: 'Ordered multicast',
  source: birman,
  problem: 'multicast',
  about:
    'Members send to all members. As one parameter: no order, each sender’s order, causal order by vector clocks, and the same order for all, by a sequencer or by agreed timestamps.',
  roles: { member },
  messages: {
    message: { fields: { number: 'number', vector: 'list', text: 'text' }, about: 'What is multicast.' },
    order: { fields: { name: 'text', place: 'number' }, about: 'Sequencer: this message has this place.' },
    propose: { fields: { name: 'text', time: 'number', by: 'number' }, about: 'ABCAST: not before this time.' },
    final: { fields: { name: 'text', time: 'number', by: 'number' }, about: 'ABCAST: at this time, for all.' },
  },
  inputs: {
    multicast: { fields: { text: 'text' }, defaults: { text: 'hello' }, about: 'Send this to all members.' },
  },
  parameters: {
    order: {
      kind: 'choice',
      choices: Object.keys(rounds),
      default: 'causal',
      about: 'best-effort, fifo, causal, sequencer or abcast: what the members promise about the order.',
    },
    chatter: { kind: 'integer', default: 0, min: 0, max: 1000, about: 'How many messages each member sends by lot.' },
    pause: { kind: 'duration', default: 40, min: 1, about: 'About how long between two messages by lot.' },
    answers: {
      kind: 'per-node',
      of: { kind: 'value', default: null },
      about: 'What a member multicasts, once, when it has delivered a text of another that ends with a question mark.',
    },
    senderOnly: {
      kind: 'flag',
      default: false,
      about: "causal: looks at the sender's entry of the vector only. Wrong.",
    },
    skipGaps: { kind: 'flag', default: false, about: 'sequencer: does not wait for the places before. Wrong.' },
    finalTimestamp: {
      kind: 'choice',
      choices: ['greatest', 'least'],
      default: 'greatest',
      about: 'abcast: which of the proposed times is final. least is wrong.',
    },
  },
  properties: [
    ...multicast({
      sending: ({ type, number }, from) => (type === 'message' ? nameOf({ from, number: Number(number) }) : null),
      delivered: (item) => ({ name: nameOf(letterOf(item)), from: letterOf(item).from }),
    }),
    ...totalOrder({
      members: (view: View) => view.nodes,
      requests: () => [],
      requested: (item) => letterOf(item).text,
      identity: (item) => nameOf(letterOf(item)),
      place: (_, rank) => rank,
    }).filter(({ name }) => ofTheOrder.includes(name)),
  ],
  lies: {
    message: { text: (text: Json | undefined) => [text === 'no' ? 'yes' : 'no'] },
    order: { place: (place: Json | undefined) => [Number(place) + 1, Math.max(1, Number(place) - 1)] },
    propose: { time: (time: Json | undefined) => [Number(time) + 5] },
    final: { time: (time: Json | undefined) => [Number(time) + 5] },
  },
  bound: { formula: 'f = 0: no crash in mid-broadcast, no lost message', of: 'crashes', greatest: () => 0 },
  costs: [
    cost(
      'messages',
      'n-1 a multicast; 2(n-1) with a sequencer, 3(n-1) with ABCAST',
      null,
      ({ order }) => rounds[order],
    ),
    cost(
      'messages for the order',
      '0; n-1 with a sequencer, 2(n-1) with ABCAST',
      ['order', 'propose', 'final'],
      ({ order }) => rounds[order] - 1,
    ),
  ],
  summary({ context }) {
    const state = context as unknown as Context;
    const { delivered, arrived, queue, parameters, places } = state;
    const waiting = [...queue, ...arrived].map((letter) => {
      const { time, by } = timestampOf(state, letter);
      if (parameters.order === 'abcast' && queue.includes(letter))
        return `${nameOf(letter)} at ${time}.${by}${state.final[nameOf(letter)] ? '' : '?'}`;
      return places[nameOf(letter)] === undefined ? nameOf(letter) : `${nameOf(letter)} at ${places[nameOf(letter)]}`;
    });
    return [
      { label: 'delivered of each', value: `[${delivered.join(' ')}]` },
      { label: 'has, and may not deliver yet', value: waiting.join(', ') },
      ...(isTotal(parameters) ? [{ label: 'places used', value: state.used }] : []),
    ];
  },
  wrongVariants: [
    {
      parameters: { order: 'causal', senderOnly: true },
      breaks: 'multicast/causal-order',
      about: 'Looks at the sender’s own entry only, which is FIFO order: an answer can come before its question.',
    },
    {
      parameters: { order: 'sequencer', skipGaps: true },
      breaks: 'total-order/same-order',
      about: 'Delivers what has a place, and not place after place.',
    },
    {
      parameters: { order: 'abcast', finalTimestamp: 'least' },
      breaks: 'total-order/same-order',
      about: 'The least proposal may be earlier than what somebody has already delivered.',
    },
  ],
});
