/** What the screen knows of the future: what can still be decided, and who keeps it open. It is worked out elsewhere. */
import type { Outlook } from '../core/valence.ts';
import type { World } from '../core/world.ts';

/** What came of an attempt to keep a run bivalent. */
export interface Kept {
  /** how many events it chose: after each of them the run was bivalent */
  readonly events: number;
  /** why it ended before it was to; null: it did not */
  readonly why: string | null;
  /** how often, at most, one message had to let a younger one pass */
  readonly longestWait: number;
}

/** As the view shows it. */
export interface Foreseen extends Pick<Foresight, 'trouble' | 'keeping'> {
  /** null: not known yet */
  readonly outlook: Outlook | null;
}

export interface Foresight {
  /** why no valence can be told in this run; null: it can */
  readonly trouble: string | null;
  /** how many events the adversary has chosen since it was let loose; null: it is not at work */
  readonly keeping: number | null;
  /** As far as it is known by now; null: nothing yet. The rest is looked for meanwhile, and the screen told. */
  outlook(world: World): Outlook | null;
  /** Lets the adversary choose so many events, or stops it. */
  keep(events: number): Promise<Kept>;
  stop(): void;
}
