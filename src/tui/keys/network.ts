/** Keys that divide the network and mend it; and those of the program itself. */
import * as ask from '../prompts.ts';
import { type Binding, charged, refused } from './binding.ts';

export const networkKeys: readonly Binding[] = [
  {
    keys: ['p'],
    shown: 'p',
    command: 'partition A,B | C,D',
    about: 'cuts the network into sides: choose them',
    topic: 'network',
    footer: 'partition',
    rank: 5,
    whyNot: (view) => charged('partition')(view) ?? (view.world.nodes.length < 2 ? 'one node cannot be divided' : null),
    run: ask.sides,
  },
  {
    keys: ['P'],
    shown: 'P',
    command: 'cut FROM->TO',
    about: 'cuts one direction of one link',
    topic: 'network',
    footer: 'one-way cut',
    rank: 12,
    panes: ['nodes'],
    whyNot: (view) => charged('cut')(view) ?? (view.world.nodes.length < 2 ? 'there is no other node' : null),
    run: ask.cutLink,
  },
  {
    keys: ['h'],
    shown: 'h',
    command: 'heal',
    about: 'ends the partition, every cut and every rule',
    topic: 'network',
    footer: 'heal',
    rank: 5,
    whyNot: refused(() => ({ type: 'heal' })),
    run: (app) => app.run('heal'),
  },
];

export const programKeys: readonly Binding[] = [
  {
    keys: ['e'],
    shown: 'e',
    command: 'dump [FILE]',
    about: 'the screen as plain text in a file',
    topic: 'this program',
    run: (app) => app.run('dump'),
  },
  {
    name: 'command',
    keys: [':'],
    shown: ':',
    command: '',
    about: 'the command line: everything by name, with completion',
    topic: 'this program',
    footer: 'command',
    run: (app) => ask.typed(app, ''),
  },
  {
    keys: ['?'],
    shown: '?',
    command: 'help',
    about: 'this help',
    topic: 'this program',
    footer: 'help',
    run: (app) => app.run('help'),
  },
  {
    keys: ['q', 'ctrl-c'],
    shown: 'q',
    command: 'quit',
    about: 'ends the recording, says where it is, and leaves',
    topic: 'this program',
    footer: 'quit',
    run: (app) => app.quit(),
  },
];
