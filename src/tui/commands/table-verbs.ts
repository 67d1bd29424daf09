/** Many nodes by name: `sort lamport`, `nodes role:acceptor !decided`, `show A1,A2`. */
import { safe } from '../format.ts';
import { conditionNames, listed, type SortKey, sortKeys } from '../node-list.ts';
import { listAll, setList, show, sortBy } from '../node-list-acts.ts';
import type { View } from '../view.ts';
import type { Verb } from './commands.ts';
import type { Option } from './fault-verbs.ts';
import { Mistyped, readNodes } from './read.ts';

const isSortKey = (word: string | undefined): word is SortKey => sortKeys.includes(word as SortKey);
const orders: Readonly<Record<SortKey, string>> = {
  id: "in the scenario's order",
  role: 'by role',
  status: 'those in trouble first',
  state: 'by the state of their statecharts',
  lamport: 'the furthest clock first',
  blocked: 'the longest blocked first, then those that wait',
};

const sort: Verb = {
  name: 'sort',
  usage: 'sort KEY [up | down]',
  about: `the order of the nodes: ${sortKeys.join(', ')}`,
  run(app, view, [key, direction]) {
    if (!isSortKey(key)) throw new Mistyped(`say by what: ${sortKeys.join(', ')}`);
    if (direction !== undefined && direction !== 'up' && direction !== 'down')
      throw new Mistyped(`write sort ${key}, or sort ${key} down for the other way round`);
    sortBy(app, view, key, direction === undefined ? null : direction === 'down');
  },
  next: (_, words) => (words.length > 0 ? [] : sortKeys.map((text) => ({ text, about: orders[text] }))),
};

function wordOptions({ world }: View): Option[] {
  const roles = [...new Set(world.nodes.map(({ role }) => role))];
  const states = [...new Set(world.nodes.map(({ path }) => path).filter((path) => path !== ''))];
  return [
    { text: 'all', about: 'every node' },
    ...conditionNames.map((text) => ({ text, about: 'those that are; !: those that are not' })),
    ...roles.map((role) => ({ text: `role:${safe(role)}`, about: 'of this role' })),
    ...states
      .filter((path) => !path.includes(' '))
      .map((path) => ({ text: `state:${safe(path)}`, about: 'in this state' })),
  ];
}

const nodes: Verb = {
  name: 'nodes',
  usage: 'nodes WORDS | nodes all',
  about: 'lists only the nodes that fit every word: role:acceptor, state:voting, blocked, !decided, P1',
  run(app, view, words) {
    if (words.length === 0 || words[0] === 'all') listAll(app, view);
    else setList(app, view, { filter: words.join(' ') });
  },
  next: wordOptions,
};

const showVerb: Verb = {
  name: 'show',
  usage: 'show NODE,NODE | listed | all',
  about: 'which nodes have a column in the diagram; the selected one always has',
  run(app, view, words) {
    const [first] = words;
    if (first === undefined) throw new Mistyped('name nodes, or listed, or all: show P1,P2');
    if (first === 'all') show(app, null);
    else if (first === 'listed')
      show(
        app,
        listed(view.world, view.ui.list).map(({ index }) => index),
      );
    else {
      const ids = readNodes(view.world, words.join(' '));
      show(
        app,
        ids.map((id) => view.world.indexOf.get(id) ?? 0),
      );
    }
  },
  next: ({ world }, words) => [
    ...(words.length === 0
      ? [
          { text: 'all', about: 'every node' },
          { text: 'listed', about: 'those of the list' },
        ]
      : []),
    ...world.nodes.map(({ id, role }) => ({ text: safe(id), about: safe(role) })),
  ],
};

export const tableVerbs: readonly Verb[] = [sort, nodes, showVerb];
