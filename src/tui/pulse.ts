/**
 * When to draw. Keys are drawn at once; a running session at most twenty times a second, and down to ten times where a
 * frame is costly; while it runs slowly, the timers and progress bars still move. Nothing is drawn when nothing changed.
 */
import type { Session } from '../core/session.ts';
import type { Pulse } from './screen.tsx';
import type { Store } from './store.ts';

const intervalMs = 50;
/** a slow machine or a far too large window gets fewer frames rather than slower keys */
const intervalMsMax = 100;
/** of the time, frames of a running session take at most this part */
const share = 1 / 4;

/** From one frame of a running session to the next, when a frame takes so long. */
export const intervalFor = (frameMs: number): number => Math.max(intervalMs, Math.min(intervalMsMax, frameMs / share));

export interface LivePulse extends Pulse {
  watch(session: Session): void;
  stop(): void;
}

export function createPulse(store: Store): LivePulse {
  let beats = 0;
  let timer: NodeJS.Timeout | null = null;
  let drawnAtMs = 0;
  let waitMs = intervalMs;
  let unwatch = (): void => {};
  const listeners = new Set<() => void>();
  const draw = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    drawnAtMs = performance.now();
    beats += 1;
    for (const listener of listeners) listener();
    // the frame is made and written before anything else has its turn
    setImmediate(() => {
      waitMs = intervalFor(performance.now() - drawnAtMs);
    });
  };
  const soon = (): void => {
    if (timer !== null) return;
    timer = setTimeout(draw, Math.max(0, drawnAtMs + waitMs - performance.now()));
  };
  const leaveStore = store.subscribe(draw);
  return {
    beat: () => beats,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watch(session) {
      unwatch();
      unwatch = session.subscribe(soon);
      draw();
    },
    stop() {
      unwatch();
      leaveStore();
      if (timer !== null) clearTimeout(timer);
    },
  };
}
