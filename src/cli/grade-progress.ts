/** How far a grading of many files has come, on stderr, and how long it will take still. */
import { performance } from 'node:perf_hooks';
import { complain } from './output.ts';

const onTerminalMs = 100;
const elsewhereMs = 5000;

/** `show` after every file, `end` once. */
export function showGrading(total: number): { readonly show: (done: number) => void; readonly end: () => void } {
  const isTerminal = process.stderr.isTTY === true;
  const startedMs = performance.now();
  let shownMs = startedMs;
  const show = (done: number): void => {
    const nowMs = performance.now();
    if (nowMs - shownMs < (isTerminal ? onTerminalMs : elsewhereMs)) return;
    shownMs = nowMs;
    const leftS = Math.ceil((((nowMs - startedMs) / done) * (total - done)) / 1000);
    const text = `${done} of ${total} graded, about ${leftS} s left`;
    if (isTerminal) process.stderr.write(`\r\x1b[K${text}`);
    else complain(text);
  };
  const end = (): void => {
    if (isTerminal && shownMs > startedMs) process.stderr.write('\r\x1b[K');
  };
  return { show, end };
}
