/**
 * The Byzantine generals problem: a commander sends an order to his lieutenants, and traitors, the commander perhaps
 * among them, lie. Lamport, Shostak and Pease, "The Byzantine Generals Problem" (1982), whose conditions IC1 and IC2
 * these are. A general who crashed has failed his duty like a traitor: the conditions speak of the others.
 */
import { sameJson } from '../json.ts';
import type { Json, NodeView, Property, View } from '../protocol.ts';
import { disagreement, spoken, undecided } from './decisions.ts';

export interface ByzantineGeneralsReading {
  /** undefined: the scenario has none, and IC2 demands nothing */
  commander(view: View): NodeView | undefined;
  lieutenants(view: View): readonly NodeView[];
  /** the order that a loyal commander gives */
  order(view: View): Json;
}

const isLoyal = (general: NodeView | undefined): boolean => general?.honest === true && !general.everCrashed;

export function byzantineGenerals(reading: ByzantineGeneralsReading): Property[] {
  const loyal = (view: View): readonly NodeView[] => reading.lieutenants(view).filter(isLoyal);
  const decided = (view: View): readonly NodeView[] => loyal(view).filter((node) => node.decisions.length > 0);
  return [
    {
      name: 'byzantine-generals/IC1',
      kind: 'always',
      clauses: { IC1: 'All loyal lieutenants obey the same order.' },
      reads: ['decisions', 'states'],
      test: (view) => disagreement(decided(view), 'IC1') ?? true,
    },
    {
      name: 'byzantine-generals/two-decided',
      kind: 'sometimes',
      clauses: { reached: 'Two loyal lieutenants have decided, so that IC1 had something to forbid.' },
      reads: ['decisions', 'states'],
      test: (view) => decided(view).length >= 2,
    },
    {
      name: 'byzantine-generals/IC2',
      kind: 'always',
      clauses: { IC2: 'If the commander is loyal, every loyal lieutenant obeys the order that he sends.' },
      reads: ['decisions', 'states'],
      test: (view) => !isLoyal(reading.commander(view)) || disobedience(reading.order(view), decided(view)),
    },
    {
      name: 'byzantine-generals/loyal-order',
      kind: 'sometimes',
      clauses: { reached: 'The commander is loyal and a loyal lieutenant has decided: IC2 had something to demand.' },
      reads: ['decisions', 'states'],
      test: (view) => isLoyal(reading.commander(view)) && decided(view).length >= 1,
    },
    {
      name: 'byzantine-generals/termination',
      kind: 'eventually',
      clauses: { termination: 'Every loyal lieutenant decides.' },
      test: (view) => undecided(loyal(view), 'termination'),
    },
  ];
}

function disobedience(order: Json, lieutenants: readonly NodeView[]) {
  for (const lieutenant of lieutenants) {
    const wrong = lieutenant.decisions.find((value) => !sameJson(value, order));
    if (wrong === undefined) continue;
    const why = `the loyal commander ordered ${spoken(order)}, but the loyal ${lieutenant.id} decided ${spoken(wrong)}`;
    return { clause: 'IC2', nodes: [lieutenant.id], why };
  }
  return true;
}
