/** Watches over an exploration: shows how far it has come, and ends it at the time limit or when it is interrupted. */
import type { Progress } from '../check/explore.ts';
import { statusLine } from './status-line.ts';

export interface Watch {
  /** ended before its time by the person or the clock: nothing more should be begun */
  readonly isOver: boolean;
  /** lets the event loop turn, and says whether the person has had enough */
  readonly isInterrupted: () => Promise<boolean>;
  readonly between: (progress: Progress) => Promise<string | null>;
  /** Takes the line away. Idempotent. */
  end(): void;
}

/** @param startedMs by the wall clock */
export function watchOver(maxSeconds: number | undefined, startedMs: number): Watch {
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
  };
  // a second Ctrl-C ends the program at once
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const isLate = (): boolean => maxSeconds !== undefined && performance.now() - startedMs >= maxSeconds * 1000;
  const status = statusLine();
  return {
    get isOver() {
      return interrupted || isLate();
    },
    async isInterrupted() {
      await turn();
      return interrupted;
    },
    async between(progress) {
      await turn();
      status.show((tookMs) => progressText(progress, tookMs));
      if (interrupted) return 'it was interrupted';
      return isLate() ? `the limit of ${maxSeconds} s was reached` : null;
    },
    end() {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
      status.end();
    },
  };
}

/** Signals arrive only when the event loop turns. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function progressText({ states, depth, waiting }: Progress, elapsedMs: number): string {
  const rate = Math.round((states / elapsedMs) * 1000);
  const megabytes = Math.round(process.memoryUsage().rss / 1e6);
  return `${states} states, ${rate}/s, depth ${depth}, ${waiting} waiting, ${megabytes} MB`;
}
