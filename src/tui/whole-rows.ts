/**
 * What Ink does to put texts together to a frame, faster for what our screens are made of: each row one text that begins
 * at the left edge. Ink takes every row of every frame apart into styled cells and joins them again; a row that nothing
 * else is drawn over can be taken as it is. The bundle puts this in the place of Ink's own (scripts/build.mjs); whatever
 * is not a whole row still goes Ink's way. A test compares the two.
 */

/** Puts the colours of a `<Text>` around one line of it. */
type Transformer = (line: string, index: number) => string;

/** Ink's own, as far as it is used from outside. */
export interface Frame {
  write(x: number, y: number, text: string, options: { transformers: readonly Transformer[] }): void;
  clip(clip: object): void;
  unclip(): void;
  get(): { output: string; height: number };
}
export type FrameClass = new (size: { width: number; height: number }) => Frame;

/** Nothing but signs of one column that no neighbour can change, and colours. */
export const plainRow =
  /^(?:[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2100-\u27bf]|\u001b\[[\d;]*m)*$/;
const mostRows = 2048;

/** Ink's guard against control sequences, which looks at every row of every frame, and has nothing to do on ours. */
export const withPlainRows =
  (sanitize: (text: string) => string) =>
  (text: string): string =>
    plainRow.test(text) ? text : sanitize(text);

export function withWholeRows(Original: FrameClass): FrameClass {
  /** rows as Ink would write them */
  const known = new Map<string, string>();

  function rowOf(text: string, width: number): string {
    if (plainRow.test(text)) return text.trimEnd();
    const key = `${width} ${text}`;
    let row = known.get(key);
    if (row === undefined) {
      const alone = new Original({ width, height: 1 });
      alone.write(0, 0, text, { transformers: [] });
      row = alone.get().output;
      if (known.size >= mostRows) known.clear();
      known.set(key, row);
    }
    return row;
  }

  return class WholeRows extends Original {
    readonly #width: number;
    readonly #rows: (string | null)[];
    #isWhole = true;

    constructor(size: { width: number; height: number }) {
      super(size);
      this.#width = size.width;
      this.#rows = new Array<string | null>(size.height).fill(null);
    }

    override write(x: number, y: number, text: string, options: { transformers: readonly Transformer[] }): void {
      super.write(x, y, text, options);
      // colours that a <Text> adds are for Ink to weave in
      const isPlain = options.transformers.every((transform) => transform(text, 0) === text);
      if (x !== 0 || this.#rows[y] !== null || !isPlain || text.includes('\n')) this.#isWhole = false;
      else this.#rows[y] = text;
    }

    override clip(clip: object): void {
      super.clip(clip);
      this.#isWhole = false;
    }

    override get(): { output: string; height: number } {
      if (!this.#isWhole) return super.get();
      const output = this.#rows.map((text) => (text === null ? '' : rowOf(text, this.#width))).join('\n');
      return { output, height: this.#rows.length };
    }
  };
}
