/**
 * The width of a text in terminal columns, as the package `string-width` measures it, only faster for what our screens
 * are made of. The bundle puts this in the place of that package for Ink too: measuring every line of every frame
 * anew was the greater part of what a frame cost. A test compares the two.
 */
import measure from 'string-width';

/** Printable ASCII, Latin, and the signs of U+2010 to U+27BF: each is a character of its own and joins with no neighbour. */
export const simple = /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2100-\u27bf]*$/;
const colour = /\u001b\[[\d;]*m/g;
const ofCharacter = new Map<string, number>();
const ofText = new Map<string, number>();
const mostTexts = 4096;

function characterWidth(character: string): number {
  let width = ofCharacter.get(character);
  if (width === undefined) {
    width = measure(character);
    ofCharacter.set(character, width);
  }
  return width;
}

export default function stringWidth(text: string): number {
  const bare = text.includes('\u001b') ? text.replace(colour, '') : text;
  if (simple.test(bare)) {
    let width = 0;
    for (let i = 0; i < bare.length; i++) {
      const code = bare.charCodeAt(i);
      width += code < 0x7f ? 1 : characterWidth(bare[i] as string);
    }
    return width;
  }
  const known = ofText.get(text);
  if (known !== undefined) return known;
  if (ofText.size >= mostTexts) ofText.clear();
  const width = measure(text);
  ofText.set(text, width);
  return width;
}
