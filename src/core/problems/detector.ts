/**
 * Detecting failures. Chandra and Toueg (1996) name what one may want of a detector: *completeness*, whoever is down is
 * suspected in the end by everybody who runs; *accuracy*, nobody is suspected before it goes down; and, where that is too
 * much to ask, accuracy *in the end*: mistakes are made, and taken back. Without a bound on delays one can have the
 * first or the second, not both.
 */
import type { Failure, Happened, NodeId, NodeView, Property, View } from '../protocol.ts';
import { isLive } from './decisions.ts';

export interface DetectorReading {
  /** the nodes that watch and are watched */
  members(view: View): readonly NodeView[];
  /** whom a running member suspects now */
  suspects(node: NodeView): readonly NodeId[];
  /** whom a node trusts again by this effect; null: nobody */
  trustsAgain(happened: Happened): NodeId | null;
}

export function detector(reading: DetectorReading): Property[] {
  const watchers = (view: View): NodeView[] =>
    reading.members(view).filter((node) => node.honest && isLive(node) && node.path !== '');
  const isDown = (node: NodeView): boolean => !isLive(node);
  /** The first pair of a watcher and one whom it suspects, of whom this holds. */
  const suspicion = (view: View, of: (suspect: NodeView) => boolean): [NodeView, NodeView] | null => {
    for (const watcher of watchers(view)) {
      const suspect = reading.suspects(watcher).find((id) => of(view.node(id)));
      if (suspect !== undefined) return [watcher, view.node(suspect)];
    }
    return null;
  };
  return [
    {
      name: 'detector/completeness',
      kind: 'eventually',
      clauses: { completeness: 'Everybody who is down is suspected by everybody who runs.' },
      test: (view) => overlooked(reading, watchers(view), reading.members(view).filter(isDown)),
    },
    {
      name: 'detector/accuracy',
      kind: 'always',
      clauses: { accuracy: 'Nobody is suspected before it goes down.' },
      reads: ['states'],
      test(view) {
        const wrong = suspicion(view, (node) => node.honest && isLive(node) && !node.everCrashed);
        return wrong === null || { ...wronged('accuracy', wrong), why: `${told(wrong)}, who has never been down` };
      },
    },
    {
      name: 'detector/eventual-accuracy',
      kind: 'eventually',
      clauses: { 'eventual-accuracy': 'In the end nobody is suspected who runs.' },
      test(view) {
        const wrong = suspicion(view, (node) => node.honest && isLive(node));
        return wrong === null || { ...wronged('eventual-accuracy', wrong), why: `${told(wrong)}, who runs` };
      },
    },
    {
      name: 'detector/suspected',
      kind: 'sometimes',
      clauses: { reached: 'Somebody is suspected.' },
      reads: ['states'],
      test: (view) => suspicion(view, () => true) !== null,
    },
    {
      name: 'detector/detected',
      kind: 'sometimes',
      clauses: { reached: 'Somebody who is down is suspected.' },
      reads: ['states'],
      test: (view) => suspicion(view, isDown) !== null,
    },
    {
      name: 'detector/trusted-again',
      kind: 'sometimes',
      clauses: { reached: 'Somebody who was suspected is trusted again.' },
      reads: ['memory'],
      memory: {
        initial: false,
        next: (before, happened) => before === true || (happened.honest && reading.trustsAgain(happened) !== null),
      },
      test: (_, again) => again === true,
    },
  ];
}

const told = ([watcher, suspect]: readonly [NodeView, NodeView]): string => `${watcher.id} suspects ${suspect.id}`;
const wronged = (clause: string, pair: readonly [NodeView, NodeView]): Pick<Failure, 'clause' | 'nodes'> => ({
  clause,
  nodes: pair.map(({ id }) => id),
});

function overlooked(
  reading: DetectorReading,
  watchers: readonly NodeView[],
  down: readonly NodeView[],
): true | Failure {
  for (const watcher of watchers) {
    const unseen = down.find(({ id }) => id !== watcher.id && !reading.suspects(watcher).includes(id));
    if (unseen === undefined) continue;
    const why = `${unseen.id} is down, and ${watcher.id} does not suspect it`;
    return { clause: 'completeness', nodes: [watcher.id, unseen.id], why };
  }
  return true;
}
