/**
 * Gossip: rumours that spread like a disease.
 *
 * Each node calls, once a round, one other, drawn at random. With *push* whoever knows the rumour tells it; with *pull*
 * whoever does not know it asks; with *push-pull* both exchange what they have. Nobody is in charge, nobody knows who has
 * heard it, and any message may be lost: there will be other calls. That is why it scales and survives so much.
 *
 * Push is fast at first: the number of those who know doubles each round. At the end it is slow: the last ones must be
 * found by chance. Altogether about log2 n + ln n rounds (Pittel 1987). Pull is slow at first, and then much faster: of
 * those who are left, each asks, and nearly everybody can answer. Push-pull has the better of both.
 *
 * Who goes on for ever makes sure that all hear it: that is *anti-entropy* (Demers et al. 1987, for a database that is
 * copied to many sites). But the calls go on as well, when there is nothing new. With *rumour mongering* a node that has
 * called k others in vain loses interest. Then the calls end by themselves; and with some luck a few never hear it. One does
 * both: rumours for speed, and anti-entropy, rarely, for the few.
 */
import { setup } from 'xstate';
import { gossip } from '../src/core/problems/gossip.ts';
import {
  type CostFigures,
  defineProtocol,
  draw,
  effects,
  type JsonObject,
  type Message,
  type NodeInput,
  nodeCount,
  placeOf,
  type Received,
  type RoleName,
} from '../src/core/protocol.ts';

interface Parameters {
  readonly strategy: 'push' | 'pull' | 'push-pull';
  readonly interest: number;
  readonly rounds: number;
  readonly roundTime: number;
  readonly sameFriend: boolean;
}
type Event =
  | { type: 'tell'; rumour: string }
  | Received<Message & { type: 'rumour'; rumours: string[]; isAnswer: boolean }>
  | Received<Message & { type: 'ask'; known: string[] }>
  | Received<Message & { type: 'stale' }>;

interface Context {
  parameters: Parameters;
  /** its place among the nodes, and how many there are: enough to draw one of the others */
  place: number;
  nodes: number;
  seed: number;
  round: number;
  known: string[];
  /** calls in vain, since it last heard something new */
  futile: number;
}

const forNode = setup({
  types: {} as { context: Context; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: { round: ({ context }) => context.parameters.roundTime },
  guards: {
    isOver: ({ context }) => context.round >= context.parameters.rounds,
    knows: ({ context }) => context.known.length > 0,
    hasLostInterest: ({ context }) => context.parameters.interest > 0 && context.futile >= context.parameters.interest,
    isExchange: ({ context }) => context.parameters.strategy === 'push-pull',
    isOutOfDate: ({ context }) => context.parameters.interest === 0 || context.futile < context.parameters.interest,
  },
});

/** One of the others, all equally likely. Wrong: the same one each time, drawn once. */
function anyOther({ nodes, parameters, place, round, seed }: Context): number {
  const other = Math.floor(draw(seed, parameters.sameFriend ? 0 : round) * (nodes - 1));
  return other < place ? other : other + 1;
}
/** The round's call, if this node has one to make. */
const call = forNode.enqueueActions(({ context, enqueue }) => {
  const { interest, strategy } = context.parameters;
  const round = context.round + 1;
  enqueue.assign({ round });
  const isTired = interest > 0 && context.futile >= interest;
  if (context.nodes < 2 || isTired || (strategy === 'push' && context.known.length === 0)) return;
  const to = anyOther({ ...context, round });
  const message =
    strategy === 'push'
      ? { type: 'rumour', rumours: context.known, isAnswer: false }
      : { type: 'ask', known: context.known };
  enqueue({ type: 'send', params: { to, message } });
});
function toldBy(event: Event): string[] {
  if (event.type === 'tell') return [event.rumour];
  if (event.type === 'rumour') return event.rumours;
  return event.type === 'ask' ? event.known : [];
}
/** Takes in what is new to it. */
const learn = forNode.enqueueActions(({ context, event, enqueue }) => {
  const fresh = toldBy(event).filter((rumour) => !context.known.includes(rumour));
  if (fresh.length === 0) return;
  fresh.forEach((rumour, i) => {
    enqueue({ type: 'deliver', params: { item: { rumour, first: i === 0 && context.known.length === 0 } } });
  });
  enqueue.assign({ known: [...context.known, ...fresh], futile: 0 });
});
/** To one who told nothing new, where calls in vain are counted: they were. */
const admit = forNode.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'rumour' || event.isAnswer || context.parameters.interest === 0) return;
  if (event.rumours.some((rumour) => !context.known.includes(rumour))) return;
  enqueue({ type: 'send', params: { to: event.from, message: { type: 'stale' } } });
});
/** To one who asks: what it does not know. Who learns nothing and has nothing to learn has called in vain. */
const answer = forNode.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'ask') return;
  const rumours = context.known.filter((rumour) => !event.known.includes(rumour));
  const isNews = event.known.some((rumour) => !context.known.includes(rumour));
  if (rumours.length > 0)
    enqueue({ type: 'send', params: { to: event.from, message: { type: 'rumour', rumours, isAnswer: true } } });
  else if (context.parameters.interest > 0 && !isNews && context.known.length > 0)
    enqueue({ type: 'send', params: { to: event.from, message: { type: 'stale' } } });
});
const countFutile = forNode.assign({ futile: ({ context }) => context.futile + 1 });

const node = forNode.createMachine({
  id: 'node',
  description: 'Calls one other each round, drawn at random, and passes on what it knows.',
  context: ({ input }) => ({
    parameters: input.parameters,
    place: placeOf(input),
    nodes: nodeCount(input),
    seed: input.seed,
    round: 0,
    known: [],
    futile: 0,
  }),
  type: 'parallel',
  states: {
    clock: {
      initial: 'running',
      states: {
        running: {
          description: 'A call each round.',
          after: {
            round: [
              { guard: 'isOver', target: 'over' },
              { target: 'running', reenter: true, actions: call },
            ],
          },
        },
        over: { description: 'Makes no more calls, and still answers.' },
      },
    },
    rumour: {
      initial: 'susceptible',
      on: {
        rumour: { actions: [admit, learn] },
        ask: [{ guard: 'isExchange', actions: [answer, learn] }, { actions: answer }],
        tell: { actions: learn },
      },
      states: {
        susceptible: {
          description: 'Has heard nothing.',
          always: { guard: 'knows', target: 'infected' },
        },
        infected: {
          description: 'Knows the rumour, and passes it on.',
          always: { guard: 'hasLostInterest', target: 'removed' },
          on: { stale: { actions: countFutile } },
        },
        removed: {
          description: 'Knows the rumour, and has lost interest.',
          always: { guard: 'isOutOfDate', target: 'infected' },
        },
      },
    },
  },
});

type Roles = Readonly<Record<RoleName, number>>;
const read = (parameters: JsonObject): Parameters => parameters as unknown as Parameters;
const demers = 'Demers et al., "Epidemic Algorithms for Replicated Database Maintenance" (1987)';
const pittel = 'Pittel, "On Spreading a Rumor" (1987)';
const karp = 'Karp, Schindelhauer, Shenker and Vöcking, "Randomized Rumor Spreading" (2000)';

/** Rounds until all have heard, as published, leaving out what does not grow. Base 2 and base 3: how fast it grows. */
function roundsFor(n: number, { interest, rounds, sameFriend, strategy }: Parameters): number | null {
  if (interest > 0 || sameFriend || n < 3) return null;
  const published = {
    push: Math.log2(n) + Math.log(n),
    pull: Math.log2(n) + Math.log2(Math.log(n)),
    'push-pull': Math.log(n) / Math.log(3) + Math.log(Math.log(n)),
  }[strategy];
  return published > rounds ? null : Math.round(published);
}

export default defineProtocol({
  id: 'gossip',
  title: 'Gossip: rumours and anti-entropy',
  source: `${demers}; ${pittel}; ${karp}`,
  problem: 'gossip',
  about:
    'Each node calls one other each round, drawn at random: it tells what it knows (push), asks for what it does not (pull), or both. All have heard after a logarithmic number of rounds, and lost messages cost little.',
  roles: { node },
  messages: {
    rumour: {
      fields: { rumours: 'list', isAnswer: 'flag' },
      about: 'Have you heard this? (With isAnswer: you asked, and here is what you do not know.)',
    },
    ask: { fields: { known: 'list' }, about: 'This is what I know: what do I not? With push-pull it is told with it.' },
    stale: { about: 'You have told me nothing new: you have called in vain.' },
  },
  inputs: {
    tell: { fields: { rumour: 'text' }, defaults: { rumour: 'a rumour' }, about: 'Somebody outside tells this node.' },
  },
  parameters: {
    strategy: {
      kind: 'choice',
      default: 'push',
      choices: ['push', 'pull', 'push-pull'],
      about: 'Who calls tells, asks, or both.',
    },
    interest: {
      kind: 'integer',
      default: 0,
      min: 0,
      max: 100,
      about: 'Calls in vain after which a node loses interest; 0: never, which is anti-entropy.',
    },
    rounds: {
      kind: 'integer',
      default: 30,
      min: 1,
      max: 100_000,
      about: 'After so many rounds nobody calls any more.',
    },
    roundTime: { kind: 'duration', default: 100, min: 1, about: 'A round; longer than a message travels.' },
    sameFriend: { kind: 'flag', default: false, about: 'Wrong when true: each node draws whom it calls once for all.' },
  },
  properties: gossip({
    told: (view) => [...new Set(view.inputs.map(({ data }) => data.rumour ?? null))],
    heard: (item) => (item as JsonObject).rumour ?? null,
  }),
  costs: [
    {
      name: 'rounds until the last has heard',
      formula:
        'push: about log2 n + ln n; pull: about log2 n + log2 ln n; push-pull: about log3 n + ln ln n; without losses',
      caseOf: (_, parameters) =>
        ({ push: 'log2 n + ln n', pull: 'log2 n + log2 ln n', 'push-pull': 'log3 n + ln ln n' })[
          read(parameters).strategy
        ],
      source: `${pittel}; ${karp}`,
      expected: ({ node: n = 0 }: Roles, parameters) => roundsFor(n, read(parameters)),
      measured: ({ curve }: CostFigures) => Math.max(0, curve.length - 1),
    },
  ],
  curve: {
    title: 'infected nodes',
    interval: 'round',
    intervalMs: (parameters) => read(parameters).roundTime,
    adds: ({ effect }) => (effect.type === 'deliver' && (effect.item as JsonObject).first === true ? 1 : 0),
  },
  summary({ context }) {
    const { futile, known, parameters, round } = context as unknown as Context;
    return [
      { label: 'round', value: round },
      { label: 'knows', value: known.join(', ') },
      ...(parameters.interest > 0 ? [{ label: 'called in vain', value: futile }] : []),
    ];
  },
  wrongVariants: [
    {
      parameters: { sameFriend: true },
      breaks: 'gossip/all',
      about: 'Each calls the same friend every time: whom nobody has for a friend never hears anything.',
    },
  ],
});
