/**
 * Consensus: every node may propose a value, and all that decide must decide one and the same proposed value.
 * The clauses are those of the textbooks (Chandra and Toueg, 1996; Cachin, Guerraoui and Rodrigues, 2011). Some lectures
 * call integrity what is validity here, and validity what follows from it: a value that all propose is decided.
 */
import { sameJson } from '../json.ts';
import type { Json, NodeView, Property, View } from '../protocol.ts';
import { changeOfMind, disagreement, isLive, spoken, undecided } from './decisions.ts';

export interface ConsensusReading {
  /** the values proposed so far */
  proposals(view: View): readonly Json[];
  /** the nodes that decide */
  deciders(view: View): readonly NodeView[];
  /** the nodes that must decide in the end; left out: all that decide */
  mustDecide?(view: View): readonly NodeView[];
}

export function consensus(reading: ConsensusReading): Property[] {
  const deciders = (view: View): readonly NodeView[] => reading.deciders(view).filter((node) => node.honest);
  const decided = (view: View): readonly NodeView[] => deciders(view).filter((node) => node.decisions.length > 0);
  const mustDecide = (view: View): readonly NodeView[] =>
    (reading.mustDecide ?? reading.deciders)(view).filter((node) => node.honest);
  return [
    {
      name: 'consensus/agreement',
      kind: 'always',
      clauses: { agreement: 'No two running nodes decide differently.' },
      reads: ['decisions', 'states'],
      test: (view) => disagreement(deciders(view).filter(isLive), 'agreement') ?? true,
    },
    {
      name: 'consensus/uniform-agreement',
      kind: 'always',
      clauses: {
        'uniform-agreement': 'No two nodes decide differently, not even when one of them crashed afterwards.',
      },
      reads: ['decisions'],
      test: (view) => disagreement(deciders(view), 'uniform-agreement') ?? true,
    },
    {
      name: 'consensus/two-decided',
      kind: 'sometimes',
      clauses: { reached: 'Two nodes have decided, so that agreement had something to forbid.' },
      reads: ['decisions'],
      test: (view) => decided(view).length >= 2,
    },
    {
      name: 'consensus/validity',
      kind: 'always',
      clauses: { validity: 'Only a value that some node proposed is decided.' },
      reads: ['decisions'],
      test: (view) => invented(reading.proposals(view), decided(view)),
    },
    {
      name: 'consensus/integrity',
      kind: 'always',
      clauses: { integrity: 'A node decides at most once.' },
      reads: ['decisions'],
      test: (view) => changeOfMind(deciders(view), 'integrity') ?? true,
    },
    {
      name: 'consensus/decided',
      kind: 'sometimes',
      clauses: { reached: 'A node has decided, so that validity and integrity had something to judge.' },
      reads: ['decisions'],
      test: (view) => decided(view).length >= 1,
    },
    {
      name: 'consensus/termination',
      kind: 'eventually',
      clauses: { termination: 'Once something is proposed, every node that runs decides.' },
      test: (view) => reading.proposals(view).length === 0 || undecided(mustDecide(view), 'termination'),
    },
  ];
}

/** The first decision that nobody proposed, as a failure; `true` when there is none. */
function invented(proposals: readonly Json[], nodes: readonly NodeView[]) {
  for (const node of nodes) {
    const value = node.decisions.find((decision) => !proposals.some((proposal) => sameJson(proposal, decision)));
    if (value === undefined) continue;
    return { clause: 'validity', nodes: [node.id], why: `${node.id} decided ${spoken(value)}, which nobody proposed` };
  }
  return true;
}
