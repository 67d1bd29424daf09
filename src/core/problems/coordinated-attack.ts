/**
 * Coordinated attack: two generals win if both attack, and lose if one attacks alone. They can only send messengers, and
 * messengers get caught. Gray, "Notes on Data Base Operating Systems" (1978); the conditions are those of Lynch,
 * "Distributed Algorithms" (1996), chapter 5. No protocol meets them all when any message may be lost.
 */
import type { NodeView, Property, View } from '../protocol.ts';
import { disagreement, undecided } from './decisions.ts';

export interface CoordinatedAttackReading {
  generals(view: View): readonly NodeView[];
  /** an order to attack was taken in time */
  ordered(view: View): boolean;
  /** every message that a general has sent has been heard by the other, in time */
  allHeard(view: View): boolean;
}

/** Decisions are `attack` and `stay`. */
export function coordinatedAttack(reading: CoordinatedAttackReading): Property[] {
  const generals = (view: View): readonly NodeView[] => reading.generals(view).filter((node) => node.honest);
  const decidedFor = (view: View, value: string): NodeView | undefined =>
    generals(view).find((node) => node.decisions.includes(value));
  const someDecided = (view: View): boolean => generals(view).some(({ decisions }) => decisions.length > 0);
  return [
    {
      name: 'coordinated-attack/agreement',
      kind: 'always',
      clauses: { agreement: 'No general attacks while another stays.' },
      reads: ['decisions'],
      test: (view) => disagreement(generals(view), 'agreement') ?? true,
    },
    {
      name: 'coordinated-attack/two-decided',
      kind: 'sometimes',
      clauses: { reached: 'Two generals have decided, so that agreement had something to forbid.' },
      reads: ['decisions'],
      test: (view) => generals(view).filter(({ decisions }) => decisions.length > 0).length >= 2,
    },
    {
      name: 'coordinated-attack/obedience',
      kind: 'always',
      clauses: { obedience: 'Without an order, nobody attacks.' },
      reads: ['decisions', 'states'],
      test: (view) => {
        const attacker = decidedFor(view, 'attack');
        if (attacker === undefined || reading.ordered(view)) return true;
        return { clause: 'obedience', nodes: [attacker.id], why: `${attacker.id} attacks, and nobody ordered it` };
      },
    },
    {
      name: 'coordinated-attack/decided',
      kind: 'sometimes',
      clauses: { reached: 'A general has decided, so that obedience had something to judge.' },
      reads: ['decisions'],
      test: someDecided,
    },
    {
      name: 'coordinated-attack/courage',
      kind: 'always',
      clauses: { courage: 'With an order, and all messages heard, nobody stays: to do nothing is no solution.' },
      reads: ['decisions', 'states'],
      test: (view) => {
        const coward = decidedFor(view, 'stay');
        if (coward === undefined || !reading.ordered(view) || !reading.allHeard(view)) return true;
        const why = `${coward.id} stays, although the attack was ordered and no message was missed`;
        return { clause: 'courage', nodes: [coward.id], why };
      },
    },
    {
      name: 'coordinated-attack/all-heard',
      kind: 'sometimes',
      clauses: {
        reached: 'An attack was ordered, all messages were heard, and a general decided: courage was asked for.',
      },
      reads: ['decisions', 'states'],
      test: (view) => reading.ordered(view) && reading.allHeard(view) && someDecided(view),
    },
    {
      name: 'coordinated-attack/termination',
      kind: 'eventually',
      clauses: { termination: 'Every general decides.' },
      test: (view) => undecided(generals(view), 'termination'),
    },
  ];
}
