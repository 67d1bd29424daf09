/**
 * Other keys for what keys do. A name that is unknown, a key that is none and a key that is taken are said, and left out;
 * Ctrl-C always quits, and the digits always select nodes.
 */
import { quote } from '../scenario/errors.ts';
import { rightName } from '../scenario/nearest.ts';
import { bindings, type Keymap, keymapOf } from './keymap.ts';
import { type Binding, nameOf } from './keys/binding.ts';
import { shownAs, shownKey } from './keys/key-names.ts';
import type { SettingsMistake } from './settings.ts';
import { characters } from './text.ts';

/** nobody can take these away */
const fixed: readonly string[] = ['ctrl-c', 'escape'];
const keyNames = Object.keys(shownAs);
const isDigit = (key: string): boolean => /^[1-9]$/.test(key);

/** Why this is no key that can be given away; null: it is one. */
function whyNoKey(key: string): string | null {
  if (fixed.includes(key)) return `${quote(key)} stays what it is on every screen`;
  if (isDigit(key)) return `${quote(key)} selects a node`;
  if (Object.hasOwn(shownAs, key) || /^ctrl-[a-z]$/.test(key)) return null;
  if (characters(key).length === 1 && key !== ' ') return null;
  if (key === ' ') return `the name of that key is "space"`;
  const plain = key.toLowerCase().replaceAll(/[\s_+]/g, '-');
  return `there is no key ${quote(key)}; ${rightName(plain, keyNames)} (or one character, or ctrl- and a letter)`;
}

/** The bindings by name that may be moved. */
const movable = new Map(
  bindings.filter(({ keys }) => !keys.some(isDigit)).map((binding) => [nameOf(binding), binding] as const),
);
export const rebindable: readonly string[] = [...movable.keys()];

export function rebind(wishes: Readonly<Record<string, readonly string[]>>): {
  readonly keymap: Keymap;
  readonly mistakes: SettingsMistake[];
} {
  const mistakes: SettingsMistake[] = [];
  const complain = (name: string, what: string): void => void mistakes.push({ path: ['keys', name], what });
  const wanted = new Map<Binding, readonly string[]>();
  for (const [name, keys] of Object.entries(wishes)) {
    const binding = movable.get(name);
    if (binding === undefined) complain(name, `keys: nothing is called ${quote(name)}; ${rightName(name, rebindable)}`);
    else
      wanted.set(
        binding,
        [...new Set(keys)].filter((key) => isKey(key, name)),
      );
  }
  function isKey(key: string, name: string): boolean {
    const why = whyNoKey(key);
    if (why !== null) complain(name, `keys.${name}: ${why}`);
    return why === null;
  }

  // what nobody moves keeps its keys; then first come, first served
  const owners = new Map<string, string>();
  for (const binding of bindings)
    if (!wanted.has(binding)) for (const key of binding.keys) owners.set(key, nameOf(binding));
  const moved = new Map<Binding, Binding>();
  for (const [binding, keys] of wanted) {
    const name = nameOf(binding);
    const free = keys.filter((key) => {
      const owner = owners.get(key);
      if (owner !== undefined)
        complain(name, `keys.${name}: ${quote(key)} is the key of ${owner}; give that another one too`);
      return owner === undefined;
    });
    const asked = (wishes[name] ?? []).length;
    // nothing of the wish can be had: it stays as it was, as far as that is still free
    const own = free.length === 0 && asked > 0 ? binding.keys.filter((key) => !owners.has(key)) : [...free];
    for (const key of own) owners.set(key, name);
    const kept = [...new Set([...own, ...binding.keys.filter((key) => fixed.includes(key))])];
    const shown = kept.filter((key) => !fixed.includes(key) || kept.length === 1).map(shownKey);
    moved.set(binding, { ...binding, keys: kept, shown: shown.length === 0 ? 'no key' : shown.join(' ') });
  }
  return { keymap: keymapOf(bindings.map((binding) => moved.get(binding) ?? binding)), mistakes };
}
