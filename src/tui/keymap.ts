/**
 * The one table of keys. The footer, the help, the README's list and what a key does all come from here: a key, the
 * command that it stands for, what it does in words, its topic, and why it may not be possible now.
 */
import type { App } from './app.ts';
import { type Binding, keyOf } from './keys/binding.ts';
import { challengeKeys } from './keys/challenge.ts';
import { diagramKeys } from './keys/diagram.ts';
import { shownKey } from './keys/key-names.ts';
import { lookingKeys } from './keys/looking.ts';
import { messageKeys } from './keys/messages.ts';
import { networkKeys, programKeys } from './keys/network.ts';
import { nodeKeys } from './keys/nodes.ts';
import { tableKeys } from './keys/table.ts';
import { timeKeys } from './keys/time.ts';
import { travelKeys } from './keys/travel.ts';
import { valenceKeys } from './keys/valence.ts';
import { selectNode } from './moves.ts';
import { keyWords } from './theme.ts';
import type { View } from './view.ts';

export const bindings: readonly Binding[] = [
  ...timeKeys,
  ...travelKeys,
  ...lookingKeys,
  ...valenceKeys,
  ...challengeKeys,
  ...diagramKeys,
  ...nodeKeys,
  ...tableKeys,
  ...messageKeys,
  ...networkKeys,
  ...programKeys,
];

/** The table as the person at the screen has it: settings can give other keys. */
export interface Keymap {
  readonly bindings: readonly Binding[];
  readonly byKey: ReadonlyMap<string, Binding>;
}

export const keymapOf = (table: readonly Binding[]): Keymap => ({
  bindings: table,
  byKey: new Map(table.flatMap((binding) => binding.keys.map((key) => [key, binding] as const))),
});
export const usualKeymap = keymapOf(bindings);

/** What a key does on the stage: its command, or why that is not possible now. */
export function pressOnStage(app: App, view: View, key: string): void {
  if (/^[1-9]$/.test(key)) {
    selectNode(app, view, Number(key) - 1);
    return;
  }
  const binding = app.store.get().keymap.byKey.get(key);
  if (binding === undefined) {
    app.say(`${keyWords(shownKey(key))} does nothing here: ${keyOf(view, 'help')} shows all keys`);
    return;
  }
  const why = binding.whyNot?.(view) ?? null;
  if (why !== null) app.say(keyWords(`${binding.shown}: ${why}`), 'bad');
  else binding.run(app, view);
}
