/** How the screen looks and what it does with a mouse, changed while it runs; and a picture of it as text. */
import { rightName } from '../../scenario/nearest.ts';
import type { App } from '../app.ts';
import { dumpFrame } from '../dump.ts';
import { safe } from '../format.ts';
import { themeNames } from '../palettes.ts';
import { setLook } from '../theme.ts';
import type { Verb } from './commands.ts';
import type { Option } from './fault-verbs.ts';
import { Mistyped } from './read.ts';

interface Switch {
  readonly about: string;
  readonly values: readonly string[];
  turn(app: App, value: string): void;
}

const switches: Readonly<Record<string, Switch>> = {
  theme: {
    about: 'the colours',
    values: themeNames,
    turn: (_, value) => setLook({ theme: themeNames.find((name) => name === value) }),
  },
  ascii: {
    about: 'lines and symbols in plain ASCII',
    values: ['on', 'off'],
    turn: (_, value) => setLook({ ascii: value === 'on' }),
  },
  mouse: {
    about: 'a click selects, the wheel scrolls; text is selected with shift',
    values: ['on', 'off'],
    turn: (app, value) => app.store.set({ mouse: value === 'on' }),
  },
};

const unknown = (what: string, known: readonly string[]): Mistyped =>
  new Mistyped(`there is no ${what}; ${rightName(what.split(' ').at(-1) ?? '', known)}`);

const set: Verb = {
  name: 'set',
  usage: 'set theme light | set ascii on | set mouse off',
  about: 'how the screen looks from now on; settings.json keeps it for the next time',
  run(app, _, [name, value]) {
    const names = Object.keys(switches);
    if (name === undefined) throw new Mistyped(`say what: ${names.join(', ')}`);
    if (!Object.hasOwn(switches, name)) throw unknown(`setting ${safe(name)}`, names);
    const { values, turn } = switches[name] as Switch;
    if (value === undefined) throw new Mistyped(`say how: set ${name} ${values.join(' | ')}`);
    if (!values.includes(value)) throw unknown(`${name} ${safe(value)}`, values);
    turn(app, value);
    app.say(`${name} ${value}`, 'good');
  },
  next(_, [name, value]): Option[] {
    if (name === undefined) return Object.entries(switches).map(([text, { about }]) => ({ text, about }));
    const values = Object.hasOwn(switches, name) && value === undefined ? (switches[name] as Switch).values : [];
    return values.map((text) => ({ text, about: `${name} ${text}` }));
  },
};

const dump: Verb = {
  name: 'dump',
  usage: 'dump [FILE]',
  about: 'writes the screen as plain text into a file of the current folder',
  run(app, _, words) {
    try {
      app.say(`the screen is in ${safe(dumpFrame(app, words.length === 0 ? undefined : words.join(' ')))}`, 'good');
    } catch (error) {
      throw new Mistyped(safe((error as Error).message));
    }
  },
  next: () => [],
};

export const comfortVerbs: readonly Verb[] = [set, dump];
