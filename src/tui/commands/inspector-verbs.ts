/** The inspector by name: `inspect P2 memory`. */

import { safe } from '../format.ts';
import { inspect } from '../inspector/acts.ts';
import { type Part, partNames, partsOf } from '../inspector/parts.ts';
import type { Verb } from './commands.ts';
import { Mistyped, readNode } from './read.ts';

const abouts: Readonly<Record<Part, string>> = {
  states: 'its statechart, with what can happen next',
  memory: 'what a crash would take, with what the last step changed',
  storage: 'what survives a crash; after one, what was lost and what was kept',
  coming: 'its timers and its inbox',
  events: 'its own history',
  lies: 'for a traitor: what an honest node would have sent',
};

const isPart = (word: string | undefined): word is Part => partNames.includes(word as Part);

export const inspectorVerbs: readonly Verb[] = [
  {
    name: 'inspect',
    usage: 'inspect [NODE] [PART]',
    about: `everything about a node; the parts: ${partNames.join(', ')}`,
    run(app, view, words) {
      const part = words.find(isPart);
      const [name] = words.filter((word) => word !== part);
      if (words.length > (part === undefined ? 1 : 2))
        throw new Mistyped(`write a node and a part of the inspector: ${partNames.join(', ')}`);
      const node = name === undefined ? view.node.index : (view.world.indexOf.get(readNode(view.world, name)) ?? 0);
      app.store.set({ node, focus: 'nodes' });
      inspect(app, part ?? view.ui.inspector.part);
    },
    next(view, words) {
      const parts = partsOf(view).map((text) => ({ text, about: abouts[text] }));
      if (words.length > 1 || words.some(isPart)) return [];
      return words.length === 1
        ? parts
        : [...view.world.ids.map((id) => ({ text: safe(id), about: 'node' })), ...parts];
    },
  },
];
