/**
 * Voting with witnesses: the five generals of the lecture.
 *
 * Some generals surround a city. Each has an opinion, attack or wait, and either will succeed if all do the same. They
 * vote, and the majority wins; a tie means attack. f of them may be traitors, to whom it does not matter what is done, if
 * only the others do not do the same.
 *
 * Round 1: everybody sends his signed vote to everybody. A traitor cannot touch the votes of others, but he can vote
 * once, vote twice (attack to some, wait to others), or withhold his vote from some. So nobody can count yet.
 * Round 2: everybody sends a witness message to everybody, showing the signed votes that he saw. Two different votes
 * with one signature convict the one who signed them, and his votes are thrown out; a vote that was withheld from some is
 * now seen by all. The traitor is forced to vote like everybody else, or he is caught. For f traitors it takes f + 1
 * rounds: in round r a vote counts only if r generals have signed it, its voter and r - 1 witnesses, so that one that
 * first shows up in the last round has been in the hands of a loyal general, who has shown it to all.
 *
 * That is (f+1) n (n-1) messages: each general's vote is agreed on by a broadcast of Dolev and Strong, all n of them at
 * the same time and in the same messages.
 *
 * Some know the outcome sooner. With five generals and one traitor, three votes for attack are enough: if one of the
 * three is thrown out, it is a tie. With `decideEarly: certain` a general decides at that moment, and goes on as a witness.
 * The lecture says that four votes are enough too, since the one whose vote is missing must be the traitor. He is; but the
 * vote that he withholds from one may be shown by others in round 2, and then it counts (`decideEarly: hasty`).
 */
import { setup } from 'xstate';
import { consensus } from '../src/core/problems/consensus.ts';
import {
  defineProtocol,
  effects,
  type Json,
  type JsonObject,
  type Message,
  type NodeId,
  type NodeInput,
  type Received,
  type RoleName,
} from '../src/core/protocol.ts';
import {
  certainChoice,
  choices,
  doubleVoters,
  liesAboutVote,
  liesAboutWitness,
  majority,
  type Signed,
  type Vote,
  type Votes,
  votesIn,
  withVote,
} from './witness-voting/votes.ts';

interface Parameters {
  readonly f: number;
  readonly votes: Readonly<Record<NodeId, Json>>;
  readonly tie: Json;
  readonly roundTimeout: number;
  readonly decideEarly: 'never' | 'certain' | 'hasty';
  readonly countSignatures: boolean;
}
type Shown = Received<Message & { type: 'vote' | 'witness'; signed: Signed }>;

interface Context {
  parameters: Parameters;
  self: NodeId;
  generals: NodeId[];
  round: number;
  votes: Votes;
  /** signed messages of this round that showed a new vote: to be shown to the others in the next */
  seen: readonly Signed[];
}

/** The votes in this message that count: new, and signed by as many generals as rounds have passed. */
function newVotes({ votes, self, generals, round, parameters }: Context, { signed, from }: Shown): Vote[] {
  return votesIn(signed).filter(
    ({ voter, value, signers }) =>
      choices.includes(value) &&
      signers.at(-1) === from &&
      signers.every((signer) => generals.includes(signer)) &&
      new Set([...signers, self]).size === signers.length + 1 &&
      (signers.length >= round || !parameters.countSignatures) &&
      !votes[voter]?.includes(value),
  );
}

const rule = ({ votes, generals, parameters }: Context) =>
  certainChoice(votes, generals.length, parameters.f, parameters.tie);
const isCertain = (context: Context): boolean => rule(context) !== null;
/** Somebody's vote is missing, so he is the traitor, so the others' votes are all that counts. It is not so. */
const jumpsToConclusion = ({ votes, generals, parameters: { f } }: Context): boolean => {
  const missing = generals.length - Object.keys(votes).length;
  return missing > 0 && missing <= f;
};

const forGeneral = setup({
  types: {} as { context: Context; events: Shown; input: NodeInput<Parameters> },
  actions: effects,
  delays: { round: ({ context }) => context.parameters.roundTimeout },
  guards: {
    isNews: ({ context, event }) => newVotes(context, event).length > 0,
    isLastRound: ({ context }) => context.round > context.parameters.f,
    knowsOutcome: ({ context }) => context.parameters.decideEarly !== 'never' && isCertain(context),
    thinksItKnows: ({ context }) => context.parameters.decideEarly === 'hasty' && jumpsToConclusion(context),
  },
});

const vote = {
  type: 'broadcast',
  params: ({ context: { parameters, self } }: { context: Context }) => ({
    message: { type: 'vote', value: parameters.votes[self] ?? 'attack' },
    signed: true,
  }),
} as const;
const bearWitness = {
  type: 'broadcast',
  params: ({ context }: { context: Context }) => ({ message: { type: 'witness', seen: context.seen }, signed: true }),
} as const;
const nextRound = forGeneral.assign({ round: ({ context }) => context.round + 1, seen: [] });
const learn = forGeneral.assign(({ context, event }) => ({
  votes: newVotes(context, event).reduce(
    (votes, each) => (votes[each.voter]?.includes(each.value) ? votes : withVote(votes, each)),
    context.votes,
  ),
  seen: [...context.seen, event.signed],
}));
const decide = forGeneral.enqueueActions(({ context, enqueue }) => {
  const liars = doubleVoters(context.votes);
  if (liars.length > 0) {
    enqueue({
      type: 'note',
      params: { text: `${context.self} throws out the votes of ${liars.join(', ')}: not just one` },
    });
  }
  enqueue({ type: 'decide', params: { value: majority(context.votes, context.parameters.tie) } });
});
const decideForSure = {
  type: 'decide',
  params: ({ context }: { context: Context }) => ({ value: rule(context) }),
} as const;

const hearing = { guard: 'isNews', actions: learn } as const;
const nextWitness = [bearWitness, nextRound] as const;

const general = forGeneral.createMachine({
  id: 'general',
  description: 'Votes, shows the others what votes it has seen, and does what the majority wants.',
  context: ({ input }) => ({
    parameters: input.parameters,
    self: input.self,
    generals: Object.keys(input.nodes),
    round: 0,
    votes: { [input.self]: [input.parameters.votes[input.self] ?? 'attack'] },
    seen: [],
  }),
  initial: 'mustering',
  states: {
    mustering: {
      description: 'The generals take their places.',
      after: { round: { target: 'counting', actions: [vote, nextRound] } },
    },
    counting: {
      description: 'A round: the votes that are new in this round, it shows to all at its end.',
      on: { vote: hearing, witness: hearing },
      after: {
        round: [
          { guard: 'isLastRound', target: 'decided', actions: decide },
          { guard: 'knowsOutcome', target: 'witnessing', actions: [decideForSure, ...nextWitness] },
          { guard: 'thinksItKnows', target: 'witnessing', actions: [decide, ...nextWitness] },
          { target: 'counting', reenter: true, actions: [...nextWitness] },
        ],
      },
    },
    witnessing: {
      description: 'Has decided before the last round, and still shows the others what it sees.',
      on: { vote: hearing, witness: hearing },
      after: {
        round: [
          { guard: 'isLastRound', target: 'decided' },
          { target: 'witnessing', reenter: true, actions: [...nextWitness] },
        ],
      },
    },
    decided: { description: 'The rounds are over.' },
  },
});

const generalsIn = (roles: Readonly<Record<RoleName, number>>): number => roles.general ?? 0;
const roundsOf = (parameters: JsonObject): number => Number(parameters.f) + 1;

export default defineProtocol({
  id: 'witness-voting',
  title: 'Voting generals with signed witnesses',
  source: 'K. P. Birman, lecture on consensus and Byzantine agreement (2012), after Dolev and Strong (1983)',
  problem: 'consensus',
  about:
    'Generals vote in round 1 and show each other the signed votes they saw in f more rounds. Who is caught with two votes is out; a vote shown to one is shown to all. Then all count the same votes.',
  roles: { general },
  messages: {
    vote: { fields: { value: 'value' }, about: 'The sender votes so.' },
    witness: {
      fields: { seen: 'list' },
      about: 'The signed messages, with new votes, that the sender saw last round.',
    },
  },
  inputs: {},
  parameters: {
    f: { kind: 'integer', default: 1, min: 0, max: 4, about: 'How many traitors to mask; there are f + 1 rounds.' },
    votes: {
      kind: 'per-node',
      of: { kind: 'choice', choices, default: 'attack' },
      about: 'What each general is for.',
    },
    tie: { kind: 'choice', choices, default: 'attack', about: 'What a tie means.' },
    roundTimeout: { kind: 'duration', default: 100, min: 1, about: 'A round; longer than any message travels.' },
    decideEarly: {
      kind: 'choice',
      choices: ['never', 'certain', 'hasty'],
      default: 'never',
      about:
        'certain: decide as soon as nothing can change the outcome. hasty: also when somebody has not voted; that is wrong.',
    },
    countSignatures: {
      kind: 'flag',
      default: true,
      about: 'false: count a vote in whatever round it comes, with however few signatures. Wrong.',
    },
  },
  properties: consensus({
    proposals: (view) => view.honest.map(({ id }) => (view.parameters.votes as Parameters['votes'])[id] ?? 'attack'),
    deciders: (view) => view.nodes.filter(({ everCrashed }) => !everCrashed),
  }),
  lies: { vote: liesAboutVote, witness: liesAboutWitness },
  costs: [
    {
      name: 'messages',
      formula: '(f+1) n (n-1), about (f+1)n²',
      source: 'the lecture',
      expected: (roles, parameters) => roundsOf(parameters) * generalsIn(roles) * (generalsIn(roles) - 1),
      measured: (figures) => figures.messages,
    },
    {
      name: 'message delays',
      formula: 'f + 1 rounds',
      source: 'the lecture',
      expected: (_, parameters) => (parameters.decideEarly === 'never' ? roundsOf(parameters) : null),
      measured: (figures) => figures.messageDelays,
    },
  ],
  bound: {
    formula: 'n > 2f',
    of: 'traitors',
    crashesCount: true,
    greatest: (n, _, parameters) => Math.max(0, Math.min(Number(parameters.f), Math.ceil(n / 2) - 1)),
  },
  summary({ context, value }) {
    const { round, votes, parameters } = context as unknown as Context;
    const cast = Object.keys(votes)
      .sort()
      .map((node) => `${node}: ${votes[node]?.join(' and ')}`);
    return [
      { label: 'round', value: value === 'decided' ? 'over' : round },
      { label: 'votes', value: cast.join(', ') },
      { label: 'votes thrown out', value: doubleVoters(votes).join(', ') },
      { label: 'counts as', value: majority(votes, parameters.tie) },
    ];
  },
  wrongVariants: [
    {
      parameters: { f: 0 },
      breaks: 'consensus/agreement',
      about: 'No witnesses: everybody counts what he was told, and a traitor who votes twice splits them.',
    },
    {
      parameters: { decideEarly: 'hasty' },
      breaks: 'consensus/agreement',
      about: 'Whose vote is missing must be a traitor, so his vote is ignored; but others have it, and it counts.',
    },
    {
      parameters: { countSignatures: false },
      breaks: 'consensus/agreement',
      about: 'A vote counts however late it comes: it reaches some when no round is left to show it to the rest.',
    },
  ],
});
