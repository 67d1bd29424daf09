/**
 * What differs between the instances of a challenge besides the seed: who must be the victim, what everybody begins with,
 * which link is slow. `challenge.variants` lists alternatives, each a mapping of paths to values, as `--set` takes them;
 * a student's seed picks one of them. Without a student the file counts as it stands.
 */
import { isObject, type Json } from '../core/json.ts';
import { mistakeIn, quote } from './errors.ts';
import { type Override, pathOf } from './overrides.ts';
import type { Place, SourceDocument } from './yaml-document.ts';

const variantsPath = ['challenge', 'variants'];
/** of a challenge only what is to be done, with what, and how one comes upon it */
const ofChallenge = ['goal', 'budget', 'hints'];

/** The changes of each variant; of a challenge without variants none. Throws `ScenarioError` for a path that may not differ. */
export function variantsOf(document: SourceDocument): Override[][] {
  const { value } = document;
  const challenge = isObject(value) ? value.challenge : null;
  const variants = isObject(challenge) ? challenge.variants : null;
  // what is no list of mappings is told when the shape of the whole is checked
  if (!isObject(challenge) || !Array.isArray(variants) || !variants.every(isObject)) return [];
  if (challenge.instance === undefined) {
    const what = 'there are variants but no `instance: per-student`, so that nobody gets one';
    throw mistakeAt(document.locate(variantsPath, 'key'), what);
  }
  return variants.map((variant, i) => changesOf(document, variant, i));
}

function changesOf(document: SourceDocument, variant: Readonly<Record<string, unknown>>, index: number): Override[] {
  return Object.entries(variant).map(([text, value]): Override => {
    const within = [...variantsPath, index, text];
    const path = pathOf(text);
    if (path === null) throw mistakeAt(document.locate(within, 'key'), `${quote(text)} is no path in a scenario`);
    const [first, second] = path;
    const isFixed = first === 'seed' || first === 'protocol';
    if (isFixed || (first === 'challenge' && !ofChallenge.includes(String(second)))) {
      const what = `${quote(text)} must be the same in every variant; of the challenge ${ofChallenge.join(', ')} may differ`;
      throw mistakeAt(document.locate(within, 'key'), what);
    }
    return { path, value: value as Json, place: (rest, key) => document.locate([...within, ...rest], key) };
  });
}

const mistakeAt = ({ file, line, column }: Place, what: string) => mistakeIn(file, what, line, column);

/** The changes of the variant that a student's seed picks: the one with the number of the remainder, counted from 0. */
export function pickedVariant(document: SourceDocument, seed: number): Override[] {
  const variants = variantsOf(document);
  return variants[seed % variants.length] ?? [];
}
