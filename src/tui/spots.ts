/** What a place on the screen is about: a piece of a line may say so, for what follows it in its pane as well. */
import type { Pane } from './store.ts';
import { type Line, width } from './text.ts';

export type Spot =
  | { readonly kind: 'pane'; readonly pane: Pane }
  | { readonly kind: 'node'; readonly index: number }
  | { readonly kind: 'message'; readonly id: number }
  | { readonly kind: 'event'; readonly index: number }
  /** of the list that is chosen from: the picker's, or a question's */
  | { readonly kind: 'choice'; readonly index: number };

/** The line with its first piece about this. */
export const spotted = (of: Line, spot: Spot): Line => of.map((part, i) => (i === 0 ? { ...part, spot } : part));

export interface Found {
  readonly pane: Pane | null;
  readonly item: Exclude<Spot, { kind: 'pane' }> | null;
}

/** What is at this column of a line: the nearest to the left that says so, within the pane. */
export function spotAt(of: Line, column: number): Found {
  let pane: Pane | null = null;
  let item: Found['item'] = null;
  let x = 0;
  for (const { text, spot } of of) {
    if (x > column) break;
    if (spot?.kind === 'pane') {
      pane = spot.pane;
      item = null;
    } else if (spot !== undefined) item = spot;
    x += width(text);
  }
  return { pane, item };
}
