/** The diagram by name: selecting and comparing events, cuts, why, filters, columns. */
import type { App } from '../app.ts';
import { type EventKind, eventKinds, type Filter } from '../diagram/filter.ts';
import { safe, shortName } from '../format.ts';
import type { Question } from '../instrument.ts';
import * as acts from '../instrument-acts.ts';
import { columnsShown } from '../node-list.ts';
import { questionsOf } from '../panes/findings.ts';
import type { View } from '../view.ts';
import type { Verb } from './commands.ts';
import type { Option } from './fault-verbs.ts';
import { Mistyped, readNode } from './read.ts';

function readEvent(view: View, word: string | undefined, example: string): number {
  const number = (word ?? '').replace(/^#/, '');
  if (!/^\d+$/.test(number)) throw new Mistyped(`name an event by its number: ${example}`);
  if (Number(number) >= view.trace.length)
    throw new Mistyped(`there is no event ${number}; the last is ${view.trace.length - 1}`);
  return Number(number);
}

const nodeOptions = ({ world }: View): Option[] =>
  world.nodes.map(({ id, role }) => ({ text: safe(id), about: safe(role) }));
const none = (): readonly Option[] => [];

const event: Verb = {
  name: 'event',
  usage: 'event 12',
  about: 'selects an event in the diagram',
  run: (app, view, [word]) => acts.selectEvent(app, view, readEvent(view, word, 'event 12')),
  next: none,
};

const compare: Verb = {
  name: 'compare',
  usage: 'compare 6 [10] | compare off',
  about: 'before, after or concurrent: the first event with the second, or with the selected one',
  run(app, view, [word, other]) {
    if (word === 'off') {
      acts.setInstrument(app, { mark: null });
      return;
    }
    if (word === undefined) {
      acts.toggleMark(app, view);
      return;
    }
    const mark = readEvent(view, word, 'compare 6 10');
    const selected = other === undefined ? acts.eventMeant(view) : readEvent(view, other, 'compare 6 10');
    acts.setInstrument(app, { mark });
    acts.selectEvent(app, view, selected);
  },
  next: (_, words) => (words.length === 0 ? [{ text: 'off', about: 'no comparison' }] : []),
};

function runCutLine(app: App, view: View, words: readonly string[]): void {
  const [first, second] = words;
  const { cut } = view.ui.instrument;
  if (first === undefined) acts.drawCut(app, view, acts.eventMeant(view) + 1);
  else if (first === 'off') acts.setInstrument(app, { cut: null });
  else if (first === 'nearest') {
    if (cut === null) throw new Mistyped('no cut is drawn: cutline 12 draws one after event 12');
    acts.mendCut(app, view);
  } else if (/^#?\d+$/.test(first)) acts.drawCut(app, view, readEvent(view, first, 'cutline 12') + 1);
  else {
    const node = view.world.indexOf.get(readNode(view.world, first)) as number;
    if (second === '+' || second === '-') {
      if (cut === null) acts.drawCut(app, view, acts.eventMeant(view) + 1);
      acts.shiftCut(app, app.view() ?? view, node, second === '+' ? 1 : -1);
    } else acts.placeCut(app, view, node, readEvent(view, second, 'cutline P2 9, cutline P2 + or cutline P2 -'));
  }
}

const cutline: Verb = {
  name: 'cutline',
  usage: 'cutline [12 | NODE 12 | NODE +/- | nearest | off]',
  about: 'a cut through the diagram after an event, for all nodes or one: consistent or not, and why',
  run: runCutLine,
  next(view, words) {
    if (words.length === 0)
      return [
        ...nodeOptions(view),
        { text: 'nearest', about: 'the nearest consistent cut' },
        { text: 'off', about: 'no cut' },
      ];
    return words.length === 1 && view.world.indexOf.has(words[0] ?? '')
      ? [
          { text: '+', about: 'over its next event' },
          { text: '-', about: 'back over its last one' },
        ]
      : [];
  },
};

const questionOption = (question: Question): Option => ({
  text: acts.questionWord(question),
  about: question.kind === 'blocked' ? 'is blocked' : 'is violated',
});

const why: Verb = {
  name: 'why',
  usage: 'why [PROPERTY | NODE] | why off',
  about: 'why a property is violated or a node blocked: clause, values, event, causal past, who waits for whom',
  run(app, view, [word]) {
    if (word === 'off') {
      acts.setInstrument(app, { why: null });
      return;
    }
    const questions = questionsOf(view);
    if (questions.length === 0) throw new Mistyped('nothing is violated here, and nobody is blocked');
    if (word === undefined) {
      acts.askNext(app, view);
      return;
    }
    const wanted = questions.find(
      (question) =>
        acts.questionWord(question).toLowerCase() === word.toLowerCase() ||
        (question.kind === 'property' && question.name === word),
    );
    if (wanted === undefined)
      throw new Mistyped(
        `${safe(word)} is neither violated nor blocked; ask about ${questions.map(acts.questionWord).join(', ')}`,
      );
    acts.ask(app, wanted);
  },
  next: (view, words) => (words.length === 0 ? questionsOf(view).map(questionOption) : []),
};

/** Sorts words into what they name: nodes, kinds of events and messages, properties. */
export function readFilter({ world }: View, words: readonly string[]): Filter {
  const filter = {
    nodes: [] as string[],
    kinds: [] as EventKind[],
    messages: [] as string[],
    properties: [] as string[],
  };
  for (const word of words.flatMap((part) => part.split(',')).filter((part) => part !== '')) {
    const property = world.properties.find((each) =>
      [each.property.name, shortName(each.property.name)].includes(word),
    );
    const kind = eventKinds.find((each) => each === word.replace(/s$/, '') || each === word);
    if (world.indexOf.has(word)) filter.nodes.push(word);
    else if (Object.hasOwn(world.protocol.messages, word)) filter.messages.push(word);
    else if (kind !== undefined) filter.kinds.push(kind);
    else if (property !== undefined) filter.properties.push(property.property.name);
    else throw new Mistyped(`${safe(word)} is no node, message, property or kind of event (${eventKinds.join(', ')})`);
  }
  return filter;
}

export function filterOptions({ world }: View): Option[] {
  return [
    ...world.nodes.map(({ id, role }) => ({ text: id, about: `node, ${role}` })),
    ...eventKinds.map((text) => ({ text, about: 'kind of event' })),
    ...Object.keys(world.protocol.messages).map((text) => ({ text, about: 'message, sent or received' })),
    ...world.properties.map(({ property }) => ({
      text: shortName(property.name),
      about: 'what this property looks at',
    })),
  ];
}

/** The filter in force, in the words of its options. */
export function filterWords({ ui }: View): readonly string[] {
  const { filter } = ui.instrument;
  if (filter === null) return [];
  return [...filter.nodes, ...filter.kinds, ...filter.messages, ...filter.properties.map(shortName)];
}

const filter: Verb = {
  name: 'filter',
  usage: 'filter NODE KIND MESSAGE PROPERTY ... | filter off',
  about: 'shows only events of these nodes, kinds or messages, or those that a property looks at',
  run(app, view, words) {
    if (words.length === 0) throw new Mistyped('say what to show: filter P2, filter decision fault, filter off');
    acts.setFilter(app, readFilter(view, words[0] === 'off' ? [] : words));
  },
  next: (view) => [...filterOptions(view), { text: 'off', about: 'show everything' }],
};

const columns: Verb = {
  name: 'columns',
  usage: 'columns NODE | columns auto',
  about: 'scrolls the diagram sideways until this node comes first; auto: around the selected node',
  run(app, view, [word]) {
    if (word === 'auto') acts.setInstrument(app, { column: null });
    else {
      const node = view.world.indexOf.get(readNode(view.world, word)) as number;
      const from = columnsShown(view.ui.shown, view.node.index)?.indexOf(node) ?? node;
      acts.setInstrument(app, { column: { from, node: view.ui.node } });
    }
  },
  next: (view, words) =>
    words.length > 0 ? [] : [{ text: 'auto', about: 'around the selected node' }, ...nodeOptions(view)],
};

const follow: Verb = {
  name: 'follow',
  usage: 'follow',
  about: 'the diagram follows the run: no event is selected',
  run: (app) => app.store.set({ event: null }),
  next: none,
};

export const instrumentVerbs: readonly Verb[] = [event, compare, cutline, why, filter, columns, follow];
