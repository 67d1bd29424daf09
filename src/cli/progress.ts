/** How far a long headless run has come, on stderr: one line that changes on a terminal, a line now and then elsewhere. */
import { performance } from 'node:perf_hooks';
import type { PacedSession } from '../live/paced-session.ts';
import { clock, safe } from '../tui/format.ts';
import { complain } from './output.ts';

const onTerminalMs = 100;
const elsewhereMs = 5000;

/** Shows it at most so often while the session runs; gives what ends it. */
export function showProgress(session: PacedSession): () => void {
  const isTerminal = process.stderr.isTTY === true;
  const startedMs = performance.now();
  let shownMs = startedMs;
  const show = (): void => {
    const nowMs = performance.now();
    if (nowMs - shownMs < (isTerminal ? onTerminalMs : elsewhereMs)) return;
    shownMs = nowMs;
    const text = progressText(session, nowMs - startedMs);
    if (isTerminal) process.stderr.write(`\r\x1b[K${text}`);
    else complain(text);
  };
  const unsubscribe = session.subscribe(show);
  return () => {
    unsubscribe();
    if (isTerminal && shownMs > startedMs) process.stderr.write('\r\x1b[K');
  };
}

function progressText({ world }: PacedSession, tookMs: number): string {
  const { costs, events, nowMs, protocol } = world;
  const parts = [`${clock(nowMs)} of virtual time`, `${events} events`, `${perSecond(events, tookMs)} a second`];
  if (protocol.curve !== undefined) {
    const value = costs.curve.reduce((sum, added) => sum + added, 0);
    parts.push(`${safe(protocol.curve.interval)} ${costs.curve.length}: ${value} ${safe(protocol.curve.title)}`);
  }
  return parts.join(', ');
}

const perSecond = (events: number, tookMs: number): number => Math.round((events / Math.max(1, tookMs)) * 1000);
