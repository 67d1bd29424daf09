/** Keys of a challenge. */
import { type Binding, keyOf, past } from './binding.ts';

const noChallenge = 'no challenge is played: havoc list challenges';

export const challengeKeys: readonly Binding[] = [
  {
    keys: ['H'],
    shown: 'H',
    command: 'hint',
    about: 'in a challenge: one hint more',
    topic: 'looking',
    whyNot(view) {
      const { challenge } = view;
      if (challenge === null) return noChallenge;
      const isMore = challenge.hints < (challenge.challenge.hints?.length ?? 0);
      return isMore ? null : `there are no more hints: ${keyOf(view, 'lesson')} shows them`;
    },
    run: (app) => app.run('hint'),
  },
  {
    keys: ['I'],
    shown: 'I',
    command: 'claim cannot',
    about: 'in a challenge: claims that it cannot be done; again: takes that back',
    topic: 'looking',
    whyNot: (view) => (view.challenge === null ? noChallenge : past(view)),
    run: (app, { challenge }) => app.run(challenge?.claimed === true ? 'claim can' : 'claim cannot'),
  },
];
