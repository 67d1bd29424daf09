/** What hands in an answer, and what helps to find one. */
import type { App } from '../app.ts';
import { safe } from '../format.ts';
import { keyOf } from '../keys/binding.ts';
import type { View } from '../view.ts';
import type { Verb } from './commands.ts';
import type { Option } from './fault-verbs.ts';
import { Mistyped } from './read.ts';

const claims: readonly Option[] = [
  { text: 'cannot', about: 'it cannot be done' },
  { text: 'can', about: 'takes that back' },
  { text: 'cut', about: 'hands in the cut that is drawn' },
];

const claim: Verb = {
  name: 'claim',
  usage: 'claim cannot | claim can | claim cut',
  about: 'hands in an answer to the challenge: it cannot be done, or the cut that is drawn',
  run(app, view, [word]) {
    const { session } = view;
    if (session.mode !== 'live') throw new Mistyped('this is a recording: claims are made while a run is live');
    if (word === 'cannot' || word === 'can') {
      session.claim({ answer: word });
      const isClaimed = word === 'cannot';
      app.say(isClaimed ? 'handed in: it cannot be done' : 'taken back: it can be done', isClaimed ? 'good' : 'plain');
    } else if (word === 'cut') claimCut(app, view);
    else throw new Mistyped(`write ${claims.map(({ text }) => `claim ${text}`).join(', ')}`);
  },
  next: (_, words) => (words.length > 0 ? [] : claims),
};

function claimCut(app: App, view: View): void {
  const { cut } = view.ui.instrument;
  if (cut === null)
    throw new Mistyped(`no cut is drawn: ${keyOf(view, 'cut-line')} draws one after the selected event`);
  view.session.claim({ cut: [...cut] });
  app.say('handed in: the cut that is drawn; another claim cut replaces it', 'good');
}

const hint: Verb = {
  name: 'hint',
  usage: 'hint',
  about: 'one hint more for the challenge; the lesson shows all that were asked for',
  run(app, view) {
    const watch = app.challenge();
    if (watch === null) throw new Mistyped('no challenge is played: havoc list challenges');
    const text = watch.hint();
    app.say(text === null ? `there are no more hints: ${keyOf(view, 'lesson')} shows them` : safe(text));
  },
  next: () => [],
};

export const challengeVerbs: readonly Verb[] = [claim, hint];
