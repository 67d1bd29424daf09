/** What went wrong with the run itself: nodes that failed, each with the event, and what the session has to say. */
import type { View } from '../view.ts';

interface Mishap {
  readonly what: string;
  /** null: it is no event's */
  readonly event: number | null;
}

export function mishapsOf({ world, session }: Pick<View, 'world' | 'session'>): Mishap[] {
  const failed = world.nodes.flatMap(({ id, status, failure, crash }): Mishap[] =>
    status === 'failed'
      ? [{ what: `${id} failed: ${failure ?? 'for no known reason'}`, event: crash?.index ?? null }]
      : [],
  );
  // of a node that runs no more the session speaks too
  const told = new Set(failed.map(({ what }) => what));
  const others = session.troubles.filter((what) => !told.has(what));
  return [...failed, ...others.map((what) => ({ what, event: null }))];
}
