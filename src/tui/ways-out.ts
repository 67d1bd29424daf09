/**
 * The ways out of the screen that nobody pressed a key for: signals end the session as `q` does; a mistake of ours gives
 * the terminal back before it is reported. Whoever asks twice does not want to wait for anything.
 */
import { constants } from 'node:os';

export interface Outcome {
  readonly code: number;
  readonly error?: unknown;
}

/** One wish may come twice at once: from the terminal, and from a process around this one. */
const sameWishMs = 1000;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** @param again a second signal: nothing is waited for any more */
export function listen(leave: (outcome: Outcome) => void, again: (code: number) => void): () => void {
  let askedAtMs: number | null = null;
  const ask = (outcome: Outcome): void => {
    const nowMs = performance.now();
    askedAtMs ??= nowMs;
    if (nowMs - askedAtMs > sameWishMs) again(outcome.code);
    else leave(outcome);
  };
  const handlers = signals.map((signal) => [signal, () => ask({ code: 128 + constants.signals[signal] })] as const);
  // more than one thing may go wrong while the first is dealt with: it is the first that is told
  const failed = (error: unknown): void => leave({ code: 1, error });
  for (const [signal, handler] of handlers) process.on(signal, handler);
  // whoever else listens ends the program at once: as long as there is a screen, the terminal and the recording come first
  const others = process.listeners('uncaughtException');
  for (const other of others) process.off('uncaughtException', other);
  process.on('uncaughtException', failed);
  process.on('unhandledRejection', failed);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
    process.off('uncaughtException', failed);
    process.off('unhandledRejection', failed);
    for (const other of others) process.on('uncaughtException', other);
  };
}
