/** What moves the eye, by name: panes, selection, zoom. */
import type { App } from '../app.ts';
import { moveSelection, toggleZoom } from '../moves.ts';
import type { Pane } from '../store.ts';
import type { View } from '../view.ts';
import type { Verb } from './commands.ts';
import { Mistyped } from './read.ts';

const panes: Readonly<Record<Pane, string>> = {
  nodes: 'the cards of the nodes',
  queue: 'the messages on their way',
  diagram: 'what happened',
  properties: 'what is judged',
};

const focus: Verb = {
  name: 'focus',
  usage: 'focus nodes | queue | diagram | properties',
  about: 'gives the keys to a pane',
  run(app, _, [word = '']) {
    if (!Object.hasOwn(panes, word)) throw new Mistyped(`write focus with one of ${Object.keys(panes).join(', ')}`);
    app.store.set({ focus: word as Pane });
  },
  next: (_, words) => (words.length > 0 ? [] : Object.entries(panes).map(([text, about]) => ({ text, about }))),
};

function move(app: App, view: View, word: string, direction: 1 | -1): void {
  if (!/^[1-9]\d{0,5}$/.test(word)) throw new Mistyped('write by how many: down 10');
  moveSelection(app, view, direction * Number(word));
}

export const lookingVerbs: readonly Verb[] = [
  focus,
  {
    name: 'up',
    usage: 'up [COUNT]',
    about: 'selects the one above',
    run: (app, view, [word = '1']) => move(app, view, word, -1),
    next: () => [],
  },
  {
    name: 'down',
    usage: 'down [COUNT]',
    about: 'selects the one below',
    run: (app, view, [word = '1']) => move(app, view, word, 1),
    next: () => [],
  },
  { name: 'zoom', usage: 'zoom', about: 'the pane alone, or all of them', run: toggleZoom, next: () => [] },
];
