/** Keys for many nodes: their order, which are listed, and which the diagram shows. */
import { sortByNext, toggleListed, toggleShown } from '../node-list-acts.ts';
import * as ask from '../prompts.ts';
import type { Binding } from './binding.ts';

/** With fewer nodes all is in sight, and the footer has better use for its room. */
const many = ({ world }: Parameters<Binding['run']>[1]): boolean => world.nodes.length > 8;

export const tableKeys: readonly Binding[] = [
  {
    name: 'sort',
    keys: ['S'],
    shown: 'S',
    command: 'sort KEY',
    about: 'sorts the nodes: by id, role, status, state, Lamport clock, blocked first',
    topic: 'nodes',
    footer: (view) => (many(view) ? 'sort' : ''),
    rank: 2,
    panes: ['nodes'],
    run: sortByNext,
  },
  {
    name: 'nodes',
    keys: ['/'],
    shown: '/',
    command: 'nodes WORDS',
    about: 'lists only some nodes: role:acceptor, state:voting, blocked, !decided, P1',
    topic: 'nodes',
    footer: (view) => (many(view) ? 'list' : ''),
    rank: 2,
    panes: ['nodes'],
    run: (app, { ui }) => ask.typed(app, `nodes ${ui.list.filter}`),
  },
  {
    name: 'show',
    keys: ['a'],
    shown: 'a',
    command: 'show NODE,NODE',
    about: 'keeps the selected node in the diagram, which shows only those kept; again: lets it go',
    topic: 'nodes',
    footer: (view) => (many(view) ? 'keep in diagram' : ''),
    rank: 3,
    panes: ['nodes'],
    run: toggleShown,
  },
  {
    name: 'show-listed',
    keys: ['A'],
    shown: 'A',
    command: 'show all / show listed',
    about: 'the diagram shows the nodes that are listed, or every node again',
    topic: 'nodes',
    footer: (view) => (many(view) ? (view.ui.shown === null ? 'listed in diagram' : 'all in diagram') : ''),
    rank: 3,
    panes: ['nodes'],
    whyNot: ({ ui }) =>
      ui.shown === null && ui.list.filter === '' ? 'every node is listed, and the diagram shows them all' : null,
    run: toggleListed,
  },
];
