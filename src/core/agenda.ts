/** What is due when: a binary heap over (virtual time, order of entry). Entries that lost their meaning are skipped by the reader. */
import type { Choice } from './world.ts';

export interface Entry {
  readonly atMs: number;
  readonly seq: number;
  readonly choice: Choice;
  /** the timer setting this belongs to, so that a reset timer's old entry is stale */
  readonly token: number;
  /** index of the scripted fault, or -1 */
  readonly script: number;
}

export interface Agenda {
  readonly heap: Entry[];
  nextSeq: number;
}

export const createAgenda = (): Agenda => ({ heap: [], nextSeq: 0 });
export const cloneAgenda = (agenda: Agenda): Agenda => ({ heap: agenda.heap.slice(), nextSeq: agenda.nextSeq });

const before = (a: Entry, b: Entry): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.seq < b.seq);

export function schedule(agenda: Agenda, atMs: number, choice: Choice, token = -1, script = -1): void {
  const { heap } = agenda;
  const entry: Entry = { atMs, seq: agenda.nextSeq++, choice, token, script };
  let i = heap.length;
  heap.push(entry);
  while (i > 0) {
    const parent = (i - 1) >> 1;
    const above = heap[parent] as Entry;
    if (!before(entry, above)) break;
    heap[i] = above;
    i = parent;
  }
  heap[i] = entry;
}

/** Takes this entry out, wherever it stands. */
export function withdraw(agenda: Agenda, entry: Entry): void {
  const { heap } = agenda;
  const rest = heap.filter((each) => each !== entry).sort((a, b) => (before(a, b) ? -1 : 1));
  heap.splice(0, heap.length, ...rest);
}

export const peek = (agenda: Agenda): Entry | undefined => agenda.heap[0];

export function pop(agenda: Agenda): Entry | undefined {
  const { heap } = agenda;
  const top = heap[0];
  const last = heap.pop();
  if (top === undefined || last === undefined || heap.length === 0) return top;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    const right = child + 1;
    if (right < heap.length && before(heap[right] as Entry, heap[child] as Entry)) child = right;
    const below = heap[child] as Entry;
    if (!before(below, last)) break;
    heap[i] = below;
    i = child;
  }
  heap[i] = last;
  return top;
}
