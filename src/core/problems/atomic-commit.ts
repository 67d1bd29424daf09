/**
 * Atomic commit: several nodes did parts of one transaction, and all of them must keep their part or all must undo it.
 * Every node has a veto: unlike in consensus, one `no` settles the outcome. After Bernstein, Hadzilacos and Goodman,
 * "Concurrency Control and Recovery in Database Systems" (1987), chapter 7, whose conditions AC1 to AC5 these are.
 */
import type { Effect, Happened, Json, JsonObject, NodeId, NodeView, Property, View } from '../protocol.ts';
import { changeOfMind, disagreement, undecided } from './decisions.ts';

export type Vote = 'yes' | 'no';

export interface AtomicCommitReading {
  /** the vote that this effect casts, or null when it is no vote */
  vote(effect: Effect): Vote | null;
  /** the nodes that vote */
  voters(view: View): readonly NodeView[];
  /** the nodes that must come to know the outcome; left out: every node */
  deciders?(view: View): readonly NodeView[];
  /** whether a transaction was begun at all */
  begun(view: View): boolean;
  /** whether somebody was suspected wrongly: a timeout that struck although nothing was lost counts as a failure */
  suspected?(view: View): boolean;
}

/** Decisions are `commit` and `abort`. */
export function atomicCommit(reading: AtomicCommitReading): Property[] {
  const deciders = (view: View): readonly NodeView[] =>
    (reading.deciders?.(view) ?? view.nodes).filter((node) => node.honest);
  return [
    {
      name: 'atomic-commit/agreement',
      kind: 'always',
      clauses: { agreement: 'No node commits while another aborts, whether or not one of them crashed later (AC1).' },
      reads: ['decisions'],
      test: (view) => disagreement(deciders(view), 'agreement') ?? true,
    },
    {
      name: 'atomic-commit/two-decided',
      kind: 'sometimes',
      clauses: { reached: 'Two nodes have decided, so that agreement had something to forbid.' },
      reads: ['decisions'],
      test: (view) => deciders(view).filter(hasDecided).length >= 2,
    },
    {
      name: 'atomic-commit/stability',
      kind: 'always',
      clauses: { stability: 'A node never takes its decision back (AC2).' },
      reads: ['decisions'],
      test: (view) => changeOfMind(deciders(view), 'stability') ?? true,
    },
    {
      name: 'atomic-commit/decided',
      kind: 'sometimes',
      clauses: { reached: 'A node has decided, so that stability had something to keep.' },
      reads: ['decisions'],
      test: (view) => deciders(view).some(hasDecided),
    },
    ...validity(reading, deciders),
    {
      name: 'atomic-commit/termination',
      kind: 'eventually',
      clauses: { termination: 'Once begun, and once failures are repaired, every node that runs decides (AC5).' },
      test: (view) => !reading.begun(view) || undecided(deciders(view), 'termination'),
    },
  ];
}

/** AC3 and AC4: when a decision may be commit, and when it must be. */
function validity(reading: AtomicCommitReading, deciders: (view: View) => readonly NodeView[]): Property[] {
  const memory = { initial: {}, next: (votes: Json, happened: Happened) => recordVote(reading, votes, happened) };
  const decidedFor = (view: View, value: string): NodeView | undefined =>
    deciders(view).find((node) => node.decisions.includes(value));
  const faultless = (view: View): boolean => !view.anyFault && !(reading.suspected?.(view) ?? false);
  const unanimous = (view: View, votes: Json): boolean =>
    reading.voters(view).every((node) => votesOf(votes, node.id) === 'yes');
  const vetoer = (view: View, votes: Json): NodeView | undefined =>
    reading.voters(view).find((node) => node.honest && votesOf(votes, node.id).includes('no'));
  return [
    {
      name: 'atomic-commit/commit-validity',
      kind: 'always',
      clauses: { 'commit-validity': 'If all vote yes and nothing fails, the decision is commit (AC4).' },
      reads: ['decisions', 'memory'],
      memory,
      test: (view, votes) => {
        const aborted = decidedFor(view, 'abort');
        if (aborted === undefined || !unanimous(view, votes) || !faultless(view)) return true;
        const why = `${aborted.id} aborted, although all voted yes and nothing failed`;
        return { clause: 'commit-validity', nodes: [aborted.id], why };
      },
    },
    {
      name: 'atomic-commit/unanimous',
      kind: 'sometimes',
      clauses: {
        reached: 'All voted yes, nothing failed, and a node decided: commit-validity had something to demand.',
      },
      reads: ['decisions', 'memory'],
      memory,
      test: (view, votes) => unanimous(view, votes) && faultless(view) && deciders(view).some(hasDecided),
    },
    {
      name: 'atomic-commit/abort-validity',
      kind: 'always',
      clauses: { 'abort-validity': 'If any node votes no, no node commits (AC3).' },
      reads: ['decisions', 'memory'],
      memory,
      test: (view, votes) => {
        const committed = decidedFor(view, 'commit');
        const vetoed = vetoer(view, votes);
        if (committed === undefined || vetoed === undefined) return true;
        const why = `${committed.id} committed, although ${vetoed.id} voted no`;
        return { clause: 'abort-validity', nodes: [committed.id, vetoed.id], why };
      },
    },
    {
      name: 'atomic-commit/vetoed',
      kind: 'sometimes',
      clauses: { reached: 'A node voted no and a node decided: abort-validity had something to forbid.' },
      reads: ['decisions', 'memory'],
      memory,
      test: (view, votes) => vetoer(view, votes) !== undefined && deciders(view).some(hasDecided),
    },
  ];
}

const hasDecided = (node: NodeView): boolean => node.decisions.length > 0;

/** A node's votes so far, as one text: `yes`, `no`, `yes,no` or nothing. */
const votesOf = (votes: Json, node: NodeId): string => String((votes as JsonObject)[node] ?? '');

function recordVote(reading: AtomicCommitReading, votes: Json, { node, honest, effect }: Happened): Json {
  const vote = honest ? reading.vote(effect) : null;
  if (vote === null) return votes;
  const before = votesOf(votes, node);
  if (before.split(',').includes(vote)) return votes;
  return { ...(votes as JsonObject), [node]: before === '' ? vote : `${before},${vote}` };
}
