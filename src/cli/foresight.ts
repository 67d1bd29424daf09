/** Works out valences for the screen, in slices between which keys have their turn. Loaded only when it is asked for. */
import { setImmediate as macrotask, setTimeout as sleep } from 'node:timers/promises';
import type { Inquiry, Valences } from '../check/valence/valences.ts';
import type { Session } from '../core/session.ts';
import type { Outlook } from '../core/valence.ts';
import type { World } from '../core/world.ts';
import type { Foresight, Kept } from '../tui/foresight.ts';

/** a slice of work; a key waits no longer than for one */
const sliceMs = 4;
/** of the time, slices take at most this part */
const share = 1 / 2;
/** more is not spent on one configuration and those that follow it */
const budgetMs = 3000;
const statesMax = 6000;
/** the screen is told of what is known so far, so often */
const tellEveryMs = 250;
/** from one event of the adversary to the next, so that one can watch */
const watchableMs = 150;

export class SlicedForesight implements Foresight {
  trouble: string | null = null;
  keeping: number | null = null;
  readonly #session: Session;
  readonly #changed: () => void;
  #valences: Promise<Valences> | null = null;
  /** the world that was asked about last, as it was after so many events */
  #world: World | null = null;
  #events = -1;
  #inquiry: Inquiry | null = null;
  /** the search has taken as long as it may */
  #isGivenUp = false;
  #isStopped = false;

  constructor(session: Session, changed: () => void) {
    this.#session = session;
    this.#changed = changed;
  }

  outlook(world: World): Outlook | null {
    if (this.trouble !== null) return null;
    if (world !== this.#world || world.events !== this.#events) {
      this.#world = world;
      this.#events = world.events;
      this.#inquiry = null;
      this.#isGivenUp = false;
      void this.#look(world, world.events);
    }
    const inquiry = this.#inquiry;
    return inquiry !== null && (inquiry.presentIsKnown || this.#isGivenUp) ? inquiry.outlook() : null;
  }

  async keep(events: number): Promise<Kept> {
    const session = this.#session;
    session.setRunning(false);
    this.#isStopped = false;
    this.keeping = 0;
    const { keepBivalent } = await import('./autopilot.ts');
    const valences = await this.#load();
    try {
      return await keepBivalent(session, valences, {
        events,
        isStopped: () => this.#isStopped,
        rest: async (isBetweenEvents) => {
          if (isBetweenEvents) this.keeping = (this.keeping ?? 0) + 1;
          const isHurried = session.speed === Number.POSITIVE_INFINITY;
          await (isBetweenEvents && !isHurried ? sleep(watchableMs) : macrotask());
        },
      });
    } finally {
      this.keeping = null;
      this.#changed();
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  #load(): Promise<Valences> {
    const { scenario, world } = this.#session;
    this.#valences ??= import('../check/valence/valences.ts').then(
      ({ Valences: Kind }) => new Kind(scenario, world.protocol),
    );
    return this.#valences;
  }

  async #look(world: World, events: number): Promise<void> {
    const isWanted = (): boolean => this.#world === world && this.#events === events && world.events === events;
    try {
      const valences = await this.#load();
      if (!isWanted()) return;
      const inquiry = valences.inquire(world, statesMax);
      this.#inquiry = inquiry;
      let spentMs = 0;
      let toldMs = 0;
      while (!inquiry.isDone && spentMs < budgetMs && isWanted()) {
        const knewPresent = inquiry.presentIsKnown;
        const beganMs = performance.now();
        while (performance.now() - beganMs < sliceMs && !inquiry.advance(1));
        const tookMs = performance.now() - beganMs;
        spentMs += tookMs;
        toldMs += tookMs;
        if (toldMs > tellEveryMs * share || inquiry.presentIsKnown !== knewPresent) {
          toldMs = 0;
          this.#changed();
        }
        // work that nobody waits for any more holds nobody up
        await sleep(tookMs * (1 / share - 1), undefined, { ref: false });
      }
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
    }
    if (!isWanted()) return;
    this.#isGivenUp = true;
    this.#changed();
  }
}
