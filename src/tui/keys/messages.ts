/** Keys that strike the selected message, or a link. */
import * as ask from '../prompts.ts';
import type { View } from '../view.ts';
import { type Binding, charged, refused, unchangeable } from './binding.ts';

const noMessage = (view: View): string | null =>
  unchangeable(view) ?? (view.message === null ? 'no message is on its way' : null);
const onQueue = (view: View): boolean => view.ui.focus === 'queue' && view.message !== null;
const message = (view: View): number => view.message?.id ?? 0;

export const messageKeys: readonly Binding[] = [
  {
    keys: ['d'],
    shown: 'd',
    command: 'delay MESSAGE 200ms',
    about: 'delays the selected message, or what the selected node sends',
    topic: 'messages',
    footer: 'delay',
    rank: 3,
    panes: ['queue'],
    whyNot: charged('delay'),
    run: (app, view) => (onQueue(view) ? ask.delayMessage(app, view) : ask.rule(app, view, 'delay')),
  },
  {
    keys: ['x'],
    shown: 'x',
    command: 'drop MESSAGE',
    about: 'loses the selected message, or what the selected node sends',
    topic: 'messages',
    footer: 'drop',
    rank: 3,
    panes: ['queue'],
    whyNot: charged('drop'),
    run: (app, view) => (onQueue(view) ? app.run(`drop ${message(view)}`) : ask.rule(app, view, 'drop')),
  },
  {
    keys: ['u'],
    shown: 'u',
    command: 'duplicate MESSAGE',
    about: 'makes the message, or what the node sends, arrive twice',
    topic: 'messages',
    footer: 'duplicate',
    rank: 3,
    panes: ['queue'],
    whyNot: charged('duplicate'),
    run: (app, view) => (onQueue(view) ? app.run(`duplicate ${message(view)}`) : ask.rule(app, view, 'duplicate')),
  },
  {
    keys: ['o'],
    shown: 'o',
    command: 'reorder MESSAGE',
    about: 'it arrives after the next one on its link',
    topic: 'messages',
    footer: 'reorder',
    rank: 3,
    panes: ['queue'],
    whyNot: (view) => noMessage(view) ?? refused((v) => ({ type: 'reorder', message: message(v) }))(view),
    run: (app, view) => app.run(`reorder ${message(view)}`),
  },
  {
    keys: ['E'],
    shown: 'E',
    command: 'corrupt MESSAGE field=value',
    about: 'changes what the message says, on its way: its sender has not lied',
    topic: 'messages',
    footer: 'corrupt',
    rank: 3,
    panes: ['queue'],
    whyNot: (view) => noMessage(view) ?? charged('corrupt')(view) ?? ask.noFields(view),
    run: ask.corrupt,
  },
  {
    keys: ['g'],
    shown: 'g',
    command: 'deliver MESSAGE',
    about: 'it arrives now',
    topic: 'messages',
    footer: 'deliver now',
    rank: 3,
    panes: ['queue'],
    whyNot: (view) => noMessage(view) ?? refused((v) => ({ type: 'deliver-now', message: message(v) }))(view),
    run: (app, view) => app.run(`deliver ${message(view)}`),
  },
];
