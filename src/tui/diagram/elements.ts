/**
 * What a row of the sequence diagram consists of: lifelines, an arrow, a mark, a bar, and facts in the margin. Places are
 * cells from the left edge; nothing here knows glyphs or colours, so that a screen and a picture can be drawn from the
 * same rows.
 */
import type { Lifeline } from './trace-index.ts';

/** What a thing means, for whoever draws it to choose a colour or none. */
export type Tone = 'plain' | 'dim' | 'bold' | 'good' | 'bad' | 'warn' | 'accent' | 'traitor' | 'alert';

export interface Label {
  readonly x: number;
  readonly text: string;
}

export type MarkKind =
  | 'start'
  | 'timer'
  | 'input'
  | 'failed'
  | 'decided'
  | 'crash'
  | 'restart'
  | 'pause'
  | 'resume'
  | 'traitor'
  | 'honest'
  | 'skew'
  | 'other';

export type Element =
  | { readonly kind: 'lifeline'; readonly x: number; readonly standing: Lifeline }
  | {
      readonly kind: 'arrow';
      /** the sender's lifeline, or the edge when the sender is out of sight */
      readonly from: number;
      /** where the tip stands: the receiver's lifeline, short of it when it does not arrive, or the edge */
      readonly to: number;
      readonly end: 'arrives' | 'lost' | 'held';
      readonly lie: boolean;
      readonly fromShown: boolean;
      readonly toShown: boolean;
      readonly label: Label | null;
    }
  /** a message of a node to itself */
  | { readonly kind: 'loop'; readonly x: number; readonly lie: boolean; readonly label: Label }
  | { readonly kind: 'mark'; readonly x: number; readonly mark: MarkKind; readonly label: Label }
  | {
      readonly kind: 'bar';
      readonly from: number;
      readonly to: number;
      readonly of: 'fault' | 'heal' | 'violation' | 'cut';
      readonly label: Label | null;
    };

export interface Fact {
  readonly text: string;
  /** where there is no room for that */
  readonly short?: string;
  readonly tone: Tone;
}

export interface Row {
  /** the event that it belongs to; of a cut: the event before which it lies */
  readonly event: number;
  /** the number and the time stand on the first row of an event only */
  readonly number: string;
  readonly time: string;
  readonly elements: readonly Element[];
  readonly facts: readonly Fact[];
}
