/** A row of the table of keys, and the reasons for which one may do nothing. */
import { budgetRefusal, spent } from '../../core/challenge-budget.ts';
import { refusal } from '../../core/refusal.ts';
import type { Act } from '../../core/session.ts';
import type { App } from '../app.ts';
import type { Pane } from '../store.ts';
import { keyWords } from '../theme.ts';
import type { View } from '../view.ts';

export type Topic = 'time' | 'looking' | 'diagram' | 'nodes' | 'messages' | 'network' | 'this program';

export interface Binding {
  /** what settings call it, when its command is not telling: see `nameOf` */
  readonly name?: string;
  readonly keys: readonly string[];
  /** as printed: `← ,` */
  readonly shown: string;
  /** the command of the command line that does the same */
  readonly command: string;
  readonly about: string;
  readonly topic: Topic;
  /** the word in the footer, how soon it is left out for want of room (higher: sooner), and in which panes it stands there (left out: in all) */
  readonly footer?: string | ((view: View) => string);
  readonly rank?: number | ((view: View) => number);
  readonly panes?: readonly (Pane | 'inspector')[];
  /** why it does nothing now; null: it does */
  whyNot?(view: View): string | null;
  run(app: App, view: View): void;
}

/** By what name settings give it another key: `crash`, `crash-after`, `lesson-next`. */
export const nameOf = ({ name, command, about }: Binding): string =>
  name ??
  (command === '' ? about : command)
    .split(' ')
    .filter((word) => /^[a-z]+$/.test(word))
    .join('-');

/** The key that does this now, as printed. */
export const keyOf = ({ ui }: Pick<View, 'ui'>, name: string): string =>
  keyWords(ui.keymap.bindings.find((binding) => nameOf(binding) === name)?.shown ?? '');

/** Why nothing can be done to the run: it is its past that is shown. */
export const past = (view: View): string | null =>
  view.live ? null : `this is the past, which cannot be changed (${keyOf(view, 'live')}: back to the run)`;

/** Why nothing can be done to the run: its past is shown, or it is a recording. */
export const unchangeable = (view: View): string | null =>
  past(view) ?? (view.session.mode === 'replay' ? 'this is a recording: what happened in it cannot be changed' : null);

export const refused =
  (act: (view: View) => Act) =>
  (view: View): string | null =>
    unchangeable(view) ?? refusal(view.world, act(view)) ?? overBudget(view, act(view));

/** Why what is charged under this name cannot be done at all. */
export const charged =
  (name: string) =>
  (view: View): string | null =>
    unchangeable(view) ??
    (view.challenge === null ? null : spent(view.challenge.challenge.budget, view.challenge.used, name));

/** Why the challenge that is played does not allow it. */
const overBudget = ({ challenge, session }: View, act: Act): string | null =>
  challenge === null ? null : budgetRefusal(session, act, challenge.used);
