/**
 * When to draw. Keys are drawn at once; a running session at most twenty times a second; and while it runs slowly, the
 * timers and progress bars still move. Nothing is drawn when nothing changed.
 */
import type { Session } from '../core/session.ts';
import type { Pulse } from './screen.tsx';
import type { Store } from './store.ts';

const intervalMs = 50;

export interface LivePulse extends Pulse {
  watch(session: Session): void;
  stop(): void;
}

export function createPulse(store: Store): LivePulse {
  let beats = 0;
  let timer: NodeJS.Timeout | null = null;
  let drawnAtMs = 0;
  let unwatch = (): void => {};
  const listeners = new Set<() => void>();
  const draw = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    drawnAtMs = performance.now();
    beats += 1;
    for (const listener of listeners) listener();
  };
  const soon = (): void => {
    if (timer !== null) return;
    const waitMs = Math.max(0, drawnAtMs + intervalMs - performance.now());
    timer = setTimeout(draw, waitMs);
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
