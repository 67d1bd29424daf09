/** What a recorder (or anyone else) is told of a live session, synchronously and in order. */
import type { Claim } from '../core/challenge.ts';
import { digestWorld, passesCheckpoint } from '../core/digest.ts';
import type { Act, Early } from '../core/session.ts';
import type { Choice, TraceEvent, World } from '../core/world.ts';
import type { Turn } from './controller.ts';

/** Whatever the schedule does not lead to by itself: what a person did, what came before its turn, and the accidents of the runtime. */
export type OutsideChoice = Act | Early | Extract<Choice, { type: 'fail' }>;

/**
 * `index` is always the number of events that had happened before, `atMs` the virtual time at which it took place.
 * A replay performs the recorded acts at these places and lets the schedule do the rest.
 */
export interface SessionObserver {
  onAct?(index: number, atMs: number, act: OutsideChoice): void;
  onEvents?(events: readonly TraceEvent[]): void;
  onCheckpoint?(index: number, atMs: number, digest: string): void;
  onPause?(index: number, atMs: number, running: boolean): void;
  onNote?(index: number, atMs: number, text: string): void;
  /** `of`: the moment that is marked, this one or an earlier one */
  onMark?(index: number, atMs: number, text: string, of: number): void;
  onClaim?(index: number, atMs: number, claim: Claim): void;
  /** the run has gone back from event `from` to `index` */
  onBranch?(index: number, atMs: number, from: number): void;
  /** the last call: how the run stands at its end */
  onClose?(end: { readonly events: number; readonly atMs: number; readonly digest: string }): void;
}

/** The one who is told. An observer that fails (the disk is full) is left out from then on, and the person is told. */
export class Audience {
  #observer: SessionObserver | null;
  readonly #onTrouble: (text: string) => void;

  constructor(observer: SessionObserver | null, onTrouble: (text: string) => void) {
    this.#observer = observer;
    this.#onTrouble = onTrouble;
  }

  tell(what: (observer: SessionObserver) => void): void {
    if (this.#observer === null) return;
    try {
      what(this.#observer);
    } catch (error) {
      this.#observer = null;
      this.#onTrouble(`the recording has ended: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** The world has moved on by this turn. */
  happened(world: World, { index, atMs, events, outside }: Turn): void {
    this.tell((observer) => {
      if (outside !== null) observer.onAct?.(index, atMs, outside);
      observer.onEvents?.(events);
      if (observer.onCheckpoint && passesCheckpoint(index, world.events, world.ids.length))
        observer.onCheckpoint(world.events, world.nowMs, digestWorld(world));
    });
  }

  /** The last thing that is told. */
  end(world: World): void {
    this.tell((observer) =>
      observer.onClose?.({ events: world.events, atMs: world.nowMs, digest: digestWorld(world) }),
    );
    this.#observer = null;
  }
}
