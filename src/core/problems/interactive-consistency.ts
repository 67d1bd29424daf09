/**
 * Interactive consistency: every node has a value of its own, and all must come to hold the same vector, with one entry
 * for every node, that of a loyal node being its true value. Pease, Shostak and Lamport, "Reaching Agreement in the
 * Presence of Faults" (1980). A node that crashed counts with the faulty ones: the conditions speak of the others.
 */
import { isObject, sameJson } from '../json.ts';
import type { Failure, Json, NodeView, Property, View } from '../protocol.ts';
import { disagreement, spoken, undecided } from './decisions.ts';

export interface InteractiveConsistencyReading {
  /** the nodes that compute a vector; a decision is an object with an entry for each of them */
  members(view: View): readonly NodeView[];
  /** a node's own value */
  value(view: View, node: NodeView): Json;
}

export function interactiveConsistency(reading: InteractiveConsistencyReading): Property[] {
  const loyal = (view: View): readonly NodeView[] =>
    reading.members(view).filter((node) => node.honest && !node.everCrashed);
  const decided = (view: View): readonly NodeView[] => loyal(view).filter((node) => node.decisions.length > 0);
  return [
    {
      name: 'interactive-consistency/same-vector',
      kind: 'always',
      clauses: { 'same-vector': 'All loyal nodes compute the same vector.' },
      reads: ['decisions', 'states'],
      test: (view) => disagreement(decided(view), 'same-vector') ?? true,
    },
    {
      name: 'interactive-consistency/two-decided',
      kind: 'sometimes',
      clauses: { reached: 'Two loyal nodes have computed a vector, so that same-vector had something to forbid.' },
      reads: ['decisions', 'states'],
      test: (view) => decided(view).length >= 2,
    },
    {
      name: 'interactive-consistency/true-values',
      kind: 'always',
      clauses: { 'true-values': 'In the vector of a loyal node, the entry of every loyal node is its true value.' },
      reads: ['decisions', 'states'],
      test: (view) => untruth(reading, view, loyal(view), decided(view)),
    },
    {
      name: 'interactive-consistency/decided',
      kind: 'sometimes',
      clauses: { reached: 'A loyal node has computed a vector, so that true-values had something to demand.' },
      reads: ['decisions', 'states'],
      test: (view) => decided(view).length >= 1,
    },
    {
      name: 'interactive-consistency/termination',
      kind: 'eventually',
      clauses: { termination: 'Every loyal node computes a vector.' },
      test: (view) => undecided(loyal(view), 'termination'),
    },
  ];
}

/** The first entry about a loyal node that is not its value, as a failure; `true` when there is none. */
function untruth(
  reading: InteractiveConsistencyReading,
  view: View,
  loyal: readonly NodeView[],
  decided: readonly NodeView[],
): true | Failure {
  for (const node of decided) {
    for (const vector of node.decisions) {
      for (const other of loyal) {
        const entry = isObject(vector) ? (vector[other.id] as Json | undefined) : undefined;
        const value = reading.value(view, other);
        if (sameJson(entry, value)) continue;
        const why = `${node.id} has ${spoken(entry)} for the loyal ${other.id}, whose value is ${spoken(value)}`;
        return { clause: 'true-values', nodes: [node.id, other.id], why };
      }
    }
  }
  return true;
}
