/** How far long work has come, on stderr: one line that changes on a terminal, a line now and then elsewhere. */
import { performance } from 'node:perf_hooks';
import { complain } from './output.ts';

const onTerminalMs = 100;
const elsewhereMs = 5000;

interface StatusLine {
  /** Shown only when the last one is old enough. */
  readonly show: (text: (tookMs: number) => string) => void;
  /** Takes the line away. Idempotent. */
  readonly end: () => void;
}

export function statusLine(): StatusLine {
  const isTerminal = process.stderr.isTTY === true;
  const startedMs = performance.now();
  let shownMs = startedMs;
  return {
    show(text) {
      const nowMs = performance.now();
      if (nowMs - shownMs < (isTerminal ? onTerminalMs : elsewhereMs)) return;
      shownMs = nowMs;
      if (isTerminal) process.stderr.write(`\r\x1b[K${text(nowMs - startedMs)}`);
      else complain(text(nowMs - startedMs));
    },
    end() {
      if (isTerminal && shownMs > startedMs) process.stderr.write('\r\x1b[K');
      shownMs = startedMs;
    },
  };
}
