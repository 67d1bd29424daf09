/**
 * The one table of keys. The footer, the help, the README's list and what a key does all come from here: a key, the
 * command that it stands for, what it does in words, its topic, and why it may not be possible now.
 */
import { refusal } from '../core/refusal.ts';
import type { Act } from '../core/session.ts';
import type { App } from './app.ts';
import { goTo, nextSpeed } from './commands/screen-verbs.ts';
import { focusNext, moveSelection, openDetails, selectNode } from './moves.ts';
import * as ask from './prompts.ts';
import type { Pane } from './store.ts';
import type { View } from './view.ts';

export type Topic = 'time' | 'looking' | 'nodes' | 'messages' | 'network' | 'this program';

export interface Binding {
  readonly keys: readonly string[];
  /** as printed: `← ,` */
  readonly shown: string;
  /** the command of the command line that does the same */
  readonly command: string;
  readonly about: string;
  readonly topic: Topic;
  /** the word in the footer, how soon it is left out for want of room (higher: sooner), and in which panes it stands there (left out: in all) */
  readonly footer?: string;
  readonly rank?: number;
  readonly panes?: readonly Pane[];
  /** why it does nothing now; null: it does */
  whyNot?(view: View): string | null;
  run(app: App, view: View): void;
}

const past = ({ live }: View): string | null => (live ? null : 'this is the past, which cannot be changed (End: back to the run)');
const refused = (act: (view: View) => Act) => (view: View) => past(view) ?? refusal(view.world, act(view));
const noMessage = (view: View): string | null => past(view) ?? (view.message === null ? 'no message is on its way' : null);
const onQueue = (view: View): boolean => view.ui.focus === 'queue' && view.message !== null;
const message = (view: View): number => view.message?.id ?? 0;

const time: Binding[] = [
  {
    keys: ['space'], shown: 'space', command: 'run / stop', about: 'lets time pass, or holds it', topic: 'time', footer: 'run/stop', rank: 1,
    run: (app, { session }) => app.run(session.running ? 'stop' : 'run'),
  },
  {
    keys: ['.'], shown: '.', command: 'step', about: 'one event', topic: 'time', footer: 'step', rank: 2,
    whyNot: (view) => past(view) ?? (view.session.quiet ? 'nothing is left to happen: no message on its way, no timer running' : null),
    run: (app) => app.run('step'),
  },
  {
    keys: [',', 'left'], shown: '← ,', command: 'goto EVENT', about: 'one event back into the past', topic: 'time', footer: 'rewind', rank: 8,
    whyNot: ({ world }) => (world.events === 0 ? 'nothing has happened before this' : null),
    run: (app, view) => goTo(app, view, view.world.events - 1),
  },
  {
    keys: ['right'], shown: '→', command: 'goto EVENT', about: 'one event forward, towards the present', topic: 'time',
    whyNot: ({ live }) => (live ? 'this is the present: . takes a step' : null),
    run: (app, view) => goTo(app, view, view.world.events + 1),
  },
  { keys: ['home'], shown: 'Home', command: 'goto 0', about: 'the start', topic: 'time', run: (app) => app.run('goto 0') },
  { keys: ['end'], shown: 'End', command: 'live', about: 'the present, and follow it', topic: 'time', run: (app) => app.run('live') },
  {
    keys: ['+', '='], shown: '+', command: 'speed X', about: 'faster', topic: 'time', footer: 'faster', rank: 14,
    run: (app, { session }) => app.run(`speed ${speedWord(nextSpeed(session.speed, 1))}`),
  },
  {
    keys: ['-'], shown: '-', command: 'speed X', about: 'slower', topic: 'time',
    run: (app, { session }) => app.run(`speed ${speedWord(nextSpeed(session.speed, -1))}`),
  },
  { keys: ['0'], shown: '0', command: 'speed max', about: 'as fast as possible', topic: 'time', run: (app) => app.run('speed max') },
];
const speedWord = (speed: number): string => (Number.isFinite(speed) ? String(speed) : 'max');

const looking: Binding[] = [
  { keys: ['tab'], shown: 'Tab', command: '', about: 'the next pane', topic: 'looking', footer: 'pane', rank: 7, run: (app) => focusNext(app, 1) },
  { keys: ['shift-tab'], shown: 'Shift-Tab', command: '', about: 'the pane before', topic: 'looking', run: (app) => focusNext(app, -1) },
  {
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'], shown: '1-9', command: 'select NODE', about: 'selects a node', topic: 'looking',
    run() {},
  },
  { keys: ['up', 'k'], shown: '↑ k', command: '', about: 'selects the one above', topic: 'looking', run: (app, view) => moveSelection(app, view, -1) },
  { keys: ['down', 'j'], shown: '↓ j', command: '', about: 'selects the one below', topic: 'looking', run: (app, view) => moveSelection(app, view, 1) },
  { keys: ['pageup'], shown: 'PgUp', command: '', about: 'a page up', topic: 'looking', run: (app, view) => moveSelection(app, view, -10) },
  { keys: ['pagedown'], shown: 'PgDn', command: '', about: 'a page down', topic: 'looking', run: (app, view) => moveSelection(app, view, 10) },
  { keys: ['enter'], shown: 'Enter', command: '', about: 'everything about what is selected', topic: 'looking', run: openDetails },
  {
    keys: ['z'], shown: 'z', command: '', about: 'the pane alone, or all of them', topic: 'looking', footer: 'zoom', rank: 15,
    run: (app, { ui }) => app.store.set({ zoomed: !ui.zoomed }),
  },
  { keys: ['l'], shown: 'l', command: 'lesson', about: 'the lesson', topic: 'looking', footer: 'lesson', rank: 7, run: (app) => app.run('lesson') },
];

const nodeKeys: Binding[] = [
  {
    keys: ['c'], shown: 'c', command: 'crash NODE', about: 'crashes it now', topic: 'nodes', footer: 'crash', rank: 4, panes: ['nodes', 'diagram'],
    whyNot: refused(({ node }) => ({ type: 'crash', node: node.id })), run: (app, { node }) => app.run(`crash ${node.id}`),
  },
  {
    keys: ['C'], shown: 'C', command: 'crash NODE after SENDS', about: 'crashes it in the middle of its next broadcast', topic: 'nodes',
    footer: 'mid-broadcast', rank: 9, panes: ['nodes'],
    whyNot: refused(({ node }) => ({ type: 'crash', node: node.id, afterSends: 1 })), run: ask.crashAfter,
  },
  {
    keys: ['r'], shown: 'r', command: 'restart NODE', about: 'starts it anew, with its stable storage', topic: 'nodes', footer: 'restart', rank: 4,
    panes: ['nodes', 'diagram'],
    whyNot: refused(({ node }) => ({ type: 'restart', node: node.id })), run: (app, { node }) => app.run(`restart ${node.id}`),
  },
  {
    keys: ['s'], shown: 's', command: 'pause NODE / resume NODE', about: 'makes it a slow process, or lets it go on', topic: 'nodes',
    footer: 'slow', rank: 11, panes: ['nodes'],
    whyNot: refused(({ node }) => ({ type: node.status === 'paused' ? 'resume' : 'pause', node: node.id })),
    run: (app, { node }) => app.run(`${node.status === 'paused' ? 'resume' : 'pause'} ${node.id}`),
  },
  {
    keys: ['w'], shown: 'w', command: 'skew NODE +100ms x1.1', about: 'makes its clock jump, or run fast or slow', topic: 'nodes',
    footer: 'skew', rank: 13, panes: ['nodes'], whyNot: past, run: (app, { node }) => ask.typed(app, `skew ${node.id} +100ms`),
  },
  {
    keys: ['t'], shown: 't', command: 'traitor NODE BEHAVIOUR [TARGETS]', about: 'makes it lie, or honest again', topic: 'nodes',
    footer: 'traitor', rank: 6, panes: ['nodes', 'diagram'], whyNot: past, run: ask.traitor,
  },
  {
    keys: ['i'], shown: 'i', command: 'input NODE NAME [field=value]', about: 'what a client asks of it', topic: 'nodes', footer: 'input', rank: 10,
    panes: ['nodes'], whyNot: (view) => past(view) ?? ask.noInputs(view), run: ask.input,
  },
];

const messageKeys: Binding[] = [
  {
    keys: ['d'], shown: 'd', command: 'delay MESSAGE 200ms', about: 'delays the selected message, or what the selected node sends', topic: 'messages',
    footer: 'delay', rank: 3, panes: ['queue'], whyNot: past,
    run: (app, view) => (onQueue(view) ? ask.delayMessage(app, view) : ask.rule(app, view, 'delay')),
  },
  {
    keys: ['x'], shown: 'x', command: 'drop MESSAGE', about: 'loses the selected message, or what the selected node sends', topic: 'messages',
    footer: 'drop', rank: 3, panes: ['queue'], whyNot: past,
    run: (app, view) => (onQueue(view) ? app.run(`drop ${message(view)}`) : ask.rule(app, view, 'drop')),
  },
  {
    keys: ['u'], shown: 'u', command: 'duplicate MESSAGE', about: 'makes the message, or what the node sends, arrive twice', topic: 'messages',
    footer: 'duplicate', rank: 3, panes: ['queue'], whyNot: past,
    run: (app, view) => (onQueue(view) ? app.run(`duplicate ${message(view)}`) : ask.rule(app, view, 'duplicate')),
  },
  {
    keys: ['o'], shown: 'o', command: 'reorder MESSAGE', about: 'it arrives after the next one on its link', topic: 'messages', footer: 'reorder', rank: 3,
    panes: ['queue'], whyNot: (view) => noMessage(view) ?? refusal(view.world, { type: 'reorder', message: message(view) }),
    run: (app, view) => app.run(`reorder ${message(view)}`),
  },
  {
    keys: ['g'], shown: 'g', command: 'deliver MESSAGE', about: 'it arrives now', topic: 'messages', footer: 'deliver now', rank: 3, panes: ['queue'],
    whyNot: (view) => noMessage(view) ?? refusal(view.world, { type: 'deliver-now', message: message(view) }),
    run: (app, view) => app.run(`deliver ${message(view)}`),
  },
];

const networkKeys: Binding[] = [
  {
    keys: ['p'], shown: 'p', command: 'partition A,B | C,D', about: 'cuts the network into sides: choose them', topic: 'network',
    footer: 'partition', rank: 5, whyNot: (view) => past(view) ?? (view.world.nodes.length < 2 ? 'one node cannot be divided' : null), run: ask.sides,
  },
  {
    keys: ['P'], shown: 'P', command: 'cut FROM->TO', about: 'cuts one direction of one link', topic: 'network', footer: 'one-way cut', rank: 12,
    panes: ['nodes'], whyNot: (view) => past(view) ?? (view.world.nodes.length < 2 ? 'there is no other node' : null), run: ask.cutLink,
  },
  {
    keys: ['h'], shown: 'h', command: 'heal', about: 'ends the partition, every cut and every rule', topic: 'network', footer: 'heal', rank: 5,
    whyNot: refused(() => ({ type: 'heal' })), run: (app) => app.run('heal'),
  },
];

const programKeys: Binding[] = [
  { keys: ['m'], shown: 'm', command: 'note WORDS', about: 'a remark that the recording keeps', topic: 'this program', run: (app) => ask.typed(app, 'note ') },
  { keys: [':'], shown: ':', command: '', about: 'the command line: everything by name, with completion', topic: 'this program', footer: 'command', run: (app) => ask.typed(app, '') },
  { keys: ['?'], shown: '?', command: 'help', about: 'this help', topic: 'this program', footer: 'help', run: (app) => app.run('help') },
  { keys: ['q', 'ctrl-c'], shown: 'q', command: 'quit', about: 'ends the recording, says where it is, and leaves', topic: 'this program', footer: 'quit', run: (app) => app.quit() },
];

export const bindings: readonly Binding[] = [...time, ...looking, ...nodeKeys, ...messageKeys, ...networkKeys, ...programKeys];

const byKey = new Map(bindings.flatMap((binding) => binding.keys.map((key) => [key, binding] as const)));

/** What a key does on the stage: its command, or why that is not possible now. */
export function pressOnStage(app: App, view: View, key: string): void {
  if (/^[1-9]$/.test(key)) {
    selectNode(app, view, Number(key) - 1);
    return;
  }
  const binding = byKey.get(key);
  if (binding === undefined) {
    if (key.length === 1) app.say(`${key} does nothing here: ? shows all keys`);
    return;
  }
  const why = binding.whyNot?.(view) ?? null;
  if (why !== null) app.say(`${binding.shown}: ${why}`, 'bad');
  else binding.run(app, view);
}
