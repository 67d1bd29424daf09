/** How far a long headless run has come. */
import type { PacedSession } from '../live/paced-session.ts';
import { clock, safe } from '../tui/format.ts';
import { statusLine } from './status-line.ts';

/** Shows it now and then while the session runs; gives what ends it. */
export function showProgress(session: PacedSession): () => void {
  const line = statusLine();
  const unsubscribe = session.subscribe(() => line.show((tookMs) => progressText(session, tookMs)));
  return () => {
    unsubscribe();
    line.end();
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
