/** Questions that a key asks before it can act. Each ends in a typed command, so that keys and command line cannot differ. */
import type { Behaviour } from '../core/faults.ts';
import type { JsonObject } from '../core/protocol.ts';
import { behaviourHelp } from '../core/traitor.ts';
import { fieldWords } from './act-text.ts';
import type { App } from './app.ts';
import { behaviourNames, delayGuess, type Option } from './commands/fault-verbs.ts';
import { safe } from './format.ts';
import type { View } from './view.ts';

/** Opens the command line with a beginning. */
export const typed = (app: App, text: string): void =>
  app.store.set({
    prompt: { kind: 'line', text, cursor: text.length, recall: 0, stem: null, choice: -1 },
    toast: null,
  });

export function pickOne(app: App, title: string, options: readonly Option[], done: (picked: string) => void): void {
  const hint = '↑↓ choose  Enter take  Esc leave';
  app.store.set({
    prompt: {
      kind: 'pick',
      title,
      options,
      index: 0,
      marked: null,
      hint,
      done: (_, [picked]) => picked !== undefined && done(picked),
    },
    toast: null,
  });
}

export function pickSome(
  app: App,
  title: string,
  options: readonly Option[],
  done: (picked: readonly string[]) => void,
  marked: readonly string[] = [],
): void {
  const hint = '↑↓ choose  space mark  Enter take  Esc leave';
  app.store.set({
    prompt: {
      kind: 'pick',
      title,
      options,
      index: 0,
      marked: new Set(marked),
      hint,
      done: (_, picked) => done(picked),
    },
    toast: null,
  });
}

const others = ({ world, node }: View): Option[] =>
  world.nodes
    .filter((each) => each.id !== node.id)
    .map((each) => ({ text: each.id, about: `${each.role}, ${each.status}` }));

export function crashAfter(app: App, view: View): void {
  const { node, world } = view;
  const most = Math.max(1, Math.min(9, world.nodes.length - 1));
  const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth'];
  const options = ordinals
    .slice(0, most)
    .map((word, i) => ({ text: String(i + 1), about: `right after its ${word} send from now` }));
  pickOne(app, `crash ${safe(node.id)} after how many sends?`, options, (sends) =>
    app.run(`crash ${node.id} after ${sends}`),
  );
}

export function traitor(app: App, view: View): void {
  const { node } = view;
  const honest: Option[] =
    node.treachery === null
      ? []
      : [{ text: 'honest', about: 'follows the protocol again; it stays a faulty node in the count' }];
  const options = [...honest, ...behaviourNames.map((text) => ({ text, about: behaviourHelp[text] }))];
  pickOne(app, `how does ${safe(node.id)} lie?`, options, (how) => {
    if (how === 'honest') app.run(`honest ${node.id}`);
    else if (how === 'amnesia') app.run(`traitor ${node.id} ${how}`);
    else traitorTargets(app, view, how as Behaviour);
  });
}

function traitorTargets(app: App, view: View, how: Behaviour): void {
  const { node } = view;
  pickSome(
    app,
    `${how}: to whom does ${safe(node.id)} lie? (none marked: as the behaviour says)`,
    others(view),
    (targets) => app.run(['traitor', node.id, how, targets.join(',')].join(' ')),
  );
}

export function noInputs({ world, node }: View): string | null {
  const fitting = Object.values(world.protocol.inputs).some((kind) => kind.roles?.includes(node.role) ?? true);
  return fitting ? null : `${safe(node.id)} (${safe(node.role)}) takes no inputs`;
}

export function input(app: App, view: View): void {
  const { node, world } = view;
  const fitting = Object.entries(world.protocol.inputs).filter(([, kind]) => kind.roles?.includes(node.role) ?? true);
  const write = (name: string): void => {
    const defaults = Object.entries(world.protocol.inputs[name]?.defaults ?? {});
    typed(
      app,
      [
        'input',
        node.id,
        name,
        ...defaults.map(([key, item]) => `${key}=${typeof item === 'string' ? item : JSON.stringify(item)}`),
      ].join(' '),
    );
  };
  if (fitting.length === 1) write(fitting[0]?.[0] as string);
  else
    pickOne(
      app,
      `which input for ${safe(node.id)}?`,
      fitting.map(([text, kind]) => ({ text, about: kind.about ?? '' })),
      write,
    );
}

export function delayMessage(app: App, { message, world }: View): void {
  if (message !== null) typed(app, `delay ${message.id} ${delayGuess(message.deliverAtMs - world.nowMs)}`);
}

const fieldsOf = ({ message }: View): JsonObject => {
  const { type: _, signed: __, ...fields } = message?.body ?? { type: '' };
  return fields as JsonObject;
};

export const noFields = (view: View): string | null =>
  Object.keys(fieldsOf(view)).length === 0 ? `${safe(view.message?.body.type ?? '')} has no field to change` : null;

/** The command line with what the message says now, to be changed: all that is one word each. */
export function corrupt(app: App, view: View): void {
  const words = Object.entries(fieldsOf(view)).map(([field, item]) => fieldWords({ [field]: item }));
  const short = words.filter((word) => /^[\x21-\x7e]{1,60}$/.test(word));
  if (view.message !== null) typed(app, ['corrupt', view.message.id, ...short].join(' '));
}

/** A rule on what the selected node sends from now on. */
export function rule(app: App, view: View, type: 'delay' | 'drop' | 'duplicate'): void {
  const { node } = view;
  const options = [{ text: '*', about: 'anyone' }, ...others(view)];
  pickOne(
    app,
    `${type} what ${safe(node.id)} sends from now on to whom?  (a single message: select it in the queue)`,
    options,
    (to) => {
      const target = `${type} ${node.id}->${to}`;
      if (type === 'delay') typed(app, `${target} 200ms`);
      else app.run(target);
    },
  );
}

export function cutLink(app: App, view: View): void {
  pickOne(app, `cut the link from ${safe(view.node.id)} to whom?`, others(view), (to) =>
    app.run(`cut ${view.node.id}->${to}`),
  );
}

/** The sides start as the partition in force, or with the selected node alone. */
export function sides(app: App, view: View): void {
  const { world, ui } = view;
  const now = world.partition?.groupOf ?? world.nodes.map((_, i) => (i === ui.node ? 0 : 1));
  app.store.set({
    prompt: { kind: 'sides', sides: [...now], index: Math.min(ui.node, world.nodes.length - 1) },
    toast: null,
  });
}
