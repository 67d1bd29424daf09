/** Keys for what can still be decided. */
import { type Binding, unchangeable } from './binding.ts';

export const valenceKeys: readonly Binding[] = [
  {
    name: 'valence',
    keys: ['V'],
    shown: 'V',
    command: 'valence [on | off]',
    about: 'shows what can still be decided: now, and after the arrival of each message',
    topic: 'looking',
    footer: ({ foreseen }) => (foreseen === null ? '' : 'valence'),
    rank: 9,
    run: (app) => app.run('valence'),
  },
  {
    name: 'bivalent',
    keys: ['B'],
    shown: 'B',
    command: 'bivalent [EVENTS]',
    about: 'an adversary orders the messages so that two decisions stay possible; again: no longer',
    topic: 'messages',
    footer: ({ foreseen }) => (foreseen === null ? '' : foreseen.keeping === null ? 'keep bivalent' : 'let go'),
    rank: 5,
    whyNot: unchangeable,
    run: (app) => app.run('bivalent'),
  },
];
