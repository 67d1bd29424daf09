/** The nearest right name for a misspelt one, by edit distance: what every "did you mean" of the program asks. */

/** Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`; gives up above `limit`. */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let older: number[] = [];
  let old = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((old[j] as number) + 1, (row[j - 1] as number) + 1, (old[j - 1] as number) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (older[j - 2] as number) + 1);
      }
      row.push(best);
    }
    if (Math.min(...row) > limit) return limit + 1;
    older = old;
    old = row;
  }
  return old[b.length] as number;
}

const LONGEST_NAME = 80;

/** The candidate that `name` was probably meant to be, or null when none is near. Letter case counts for little. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  if (name.length > LONGEST_NAME) return null;
  const wanted = name.toLowerCase();
  let best: string | null = null;
  // a name of which nothing remains is no misspelling
  let bestDistance = Math.min(Math.max(1, Math.floor(name.length / 3)) + 1, name.length);
  for (const candidate of candidates) {
    const known = candidate.toLowerCase();
    const distance = editDistance(wanted, known, bestDistance - 1);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? unfinished(wanted, candidates);
}

/** `agree` for `agreement`: the only candidate that begins with, or ends in, what was written. */
function unfinished(wanted: string, candidates: Iterable<string>): string | null {
  if (wanted.length < 2) return null;
  const matches: string[] = [];
  for (const candidate of candidates) {
    const known = candidate.toLowerCase();
    if (known.startsWith(wanted) || known.endsWith(wanted) || wanted.startsWith(known)) matches.push(candidate);
  }
  return matches.length === 1 ? (matches[0] as string) : null;
}

const MOST_LISTED = 12;

/** What would be right, as the end of a sentence: `did you mean commit?`, or the list of what there is. */
export function rightName(name: string, candidates: Iterable<string>): string {
  const known = [...candidates];
  const near = nearest(name, known);
  if (near !== null) return `did you mean ${near}?`;
  if (known.length === 0) return 'there is none';
  const more = known.length > MOST_LISTED ? `, and ${known.length - MOST_LISTED} more` : '';
  return `there ${known.length === 1 ? 'is' : 'are'} ${known.slice(0, MOST_LISTED).join(', ')}${more}`;
}
