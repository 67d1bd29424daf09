/** The command line: every action by name. A line is a verb and its words; a mistake is said in one sentence. */
import { nearest } from '../../scenario/nearest.ts';
import type { App } from '../app.ts';
import { safe } from '../format.ts';
import { keyOf } from '../keys/binding.ts';
import type { View } from '../view.ts';
import { challengeVerbs } from './challenge-verbs.ts';
import { comfortVerbs } from './comfort-verbs.ts';
import { faultVerbs, type Option } from './fault-verbs.ts';
import { inspectorVerbs } from './inspector-verbs.ts';
import { instrumentVerbs } from './instrument-verbs.ts';
import { lessonVerbs } from './lesson-verbs.ts';
import { lookingVerbs } from './looking-verbs.ts';
import { Mistyped, readData, readNode } from './read.ts';
import { screenVerbs } from './screen-verbs.ts';
import { tableVerbs } from './table-verbs.ts';
import { timeVerbs } from './time-verbs.ts';
import { valenceVerbs } from './valence-verbs.ts';

export interface Verb {
  readonly name: string;
  readonly usage: string;
  readonly about: string;
  run(app: App, view: View, words: readonly string[]): void;
  next(view: View, words: readonly string[]): readonly Option[];
}

const inputVerb: Verb = {
  name: 'input',
  usage: 'input NODE NAME [field=value ...]',
  about: 'what a client asks of the node: input C begin transaction=t1',
  run(app, { world }, [word, name, ...words]) {
    const node = readNode(world, word);
    const kind = world.protocol.inputs[name ?? ''];
    if (name === undefined || kind === undefined) {
      const names = Object.keys(world.protocol.inputs).map(safe).join(', ') || 'none in this protocol';
      throw new Mistyped(`${name === undefined ? 'name the input' : `there is no input ${safe(name)}`}: ${names}`);
    }
    app.act({ type: 'input', node, input: name, data: { ...kind.defaults, ...readData(words) } });
  },
  next({ world }, words) {
    if (words.length === 0) return world.nodes.map((node) => ({ text: safe(node.id), about: safe(node.role) }));
    const inputs = Object.entries(world.protocol.inputs);
    if (words.length === 1) return inputs.map(([text, kind]) => ({ text: safe(text), about: safe(kind.about ?? '') }));
    const defaults = world.protocol.inputs[words[1] ?? '']?.defaults ?? {};
    return Object.entries(defaults).map(([key, item]) => ({
      text: `${safe(key)}=${safe(String(item))}`,
      about: 'field',
    }));
  },
};

export const verbs: readonly Verb[] = [
  ...faultVerbs.map(
    (verb): Verb => ({
      name: verb.name,
      usage: verb.usage,
      about: verb.about,
      run: (app, { world }, words) => app.act(verb.read(world, words)),
      next: ({ world }, words) => verb.next(world, words),
    }),
  ),
  inputVerb,
  ...instrumentVerbs,
  ...timeVerbs,
  ...screenVerbs,
  ...inspectorVerbs,
  ...tableVerbs,
  ...lookingVerbs,
  ...valenceVerbs,
  ...lessonVerbs,
  ...challengeVerbs,
  ...comfortVerbs,
];

const verbNames = verbs.map(({ name }) => name);
const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** Runs a line; what is wrong with it is said on the screen. False: it was not understood. */
export function runCommand(app: App, text: string): boolean {
  const [name, ...words] = wordsOf(text);
  const view = app.view();
  if (name === undefined || view === null) return true;
  const verb = verbs.find((each) => each.name === name) ?? onlyOne(name);
  if (verb === null) {
    const near = nearest(name, verbNames);
    const right = near === null ? `${keyOf(view, 'help')} lists them all` : `did you mean ${near}?`;
    app.say(`there is no command ${safe(name)}: ${right}`, 'bad');
    return false;
  }
  try {
    verb.run(app, view, words);
  } catch (error) {
    if (!(error instanceof Mistyped)) throw error;
    app.say(`${verb.name}: ${error.message}`, 'bad');
    return false;
  }
  return true;
}

/** A shortened name is understood when it can only be one. */
function onlyOne(start: string): Verb | null {
  const matching = verbs.filter((verb) => verb.name.startsWith(start));
  return matching.length === 1 ? (matching[0] as Verb) : null;
}

export interface Completion {
  /** where in the text the word being typed begins */
  readonly from: number;
  readonly options: readonly Option[];
  /** how the verb is written, when there is one */
  readonly usage: string | null;
}

/** What may stand where the text ends. */
export function complete(text: string, view: View): Completion {
  const from = Math.max(text.lastIndexOf(' '), text.lastIndexOf(','), text.lastIndexOf('|')) + 1;
  const start = text.slice(from).toLowerCase();
  const begins = (option: Option): boolean => option.text.toLowerCase().startsWith(start);
  const before = wordsOf(text.slice(0, from));
  const [name, ...words] = before;
  if (name === undefined) {
    const options = verbs.map((verb) => ({ text: verb.name, about: verb.about })).filter(begins);
    return { from, options, usage: null };
  }
  const verb = verbs.find((each) => each.name === name) ?? onlyOne(name);
  if (verb === null) return { from, options: [], usage: null };
  return { from, options: verb.next(view, words).filter(begins), usage: verb.usage };
}
