/** Runs that were recorded, as the picker shows them, and what can be done with one. */
export interface RunInfo {
  readonly file: string;
  readonly name: string;
  readonly title: string;
  readonly protocol: string;
  readonly seed: number | null;
  readonly modifiedMs: number;
  readonly events: number | null;
  readonly atMs: number | null;
  readonly complete: boolean;
}
export interface Runs {
  readonly runs: readonly RunInfo[];
  /** older ones that are not listed */
  readonly older: number;
}
export const noRuns: Runs = { runs: [], older: 0 };

/** `resume`: live, from where it ended; `replay`: as it was; `again`: its scenario, live and from its start */
export type Reopening = 'resume' | 'replay' | 'again';

const minuteMs = 60_000;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `just now`, `12 min ago`, `3 h ago`, `5 days ago`, `14 Mar 2025` */
export function ago(ms: number, nowMs: number): string {
  const minutes = Math.floor((nowMs - ms) / minuteMs);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.floor(hours / 24);
  if (days < 14) return days === 1 ? 'yesterday' : `${days} days ago`;
  const date = new Date(ms);
  return `${date.getDate()} ${months[date.getMonth()]} ${date.getFullYear()}`;
}
