/** The challenge in the lesson's pane: its goal, how it stands and why, its budget, the hints asked for, and how it is handed in. */
import { partsOfGoal, propertiesIn } from '../../core/challenge-goal.ts';
import type { ChallengeNow } from '../challenge.ts';
import { safe } from '../format.ts';
import { keyOf } from '../keys/binding.ts';
import { type Line, line, piece, wrap } from '../text.ts';
import { symbols } from '../theme.ts';
import type { View } from '../view.ts';
import { textLines } from './lesson.ts';

/** longer lines are hard to read */
const widest = 96;

/** No lines when no challenge is played. */
export function challengeLines(view: View, room: number): Line[] {
  const { challenge } = view;
  if (challenge === null) return [];
  return [
    line(piece('  The goal', 'title')),
    ...challenge.goals.flatMap((goal) => goalLines(goal, room)),
    [],
    ...meaningLines(view, challenge, room),
    line(piece('  What you may do', 'title')),
    ...budgetLines(challenge),
    [],
    ...hintLines(view, challenge, room),
    line(piece('  Handing in', 'title')),
    ...textLines(handingIn(view, challenge).join('\n\n'), room).filter((each) => each.length > 0),
    [],
  ];
}

function handingIn(view: View, { challenge }: ChallengeNow): string[] {
  const { recording, scenario } = view.session;
  const isOwn = challenge.instance === 'per-student';
  const hasCut = partsOfGoal(challenge.goal).some((part) => 'cut' in part);
  return [
    recording === null
      ? 'The recording is what you hand in, and this run is not recorded.'
      : `What you hand in is the recording, ${safe(recording)}; it is written as you go.`,
    ...(isOwn ? [`Everybody has an instance of their own. This is the one with the seed ${scenario.seed}.`] : []),
    `When you think that it cannot be done, claim it: ${keyOf(view, 'claim-cannot')}, or :claim cannot.`,
    ...(hasCut ? ['A cut that you have drawn is handed in with :claim cut.'] : []),
    'Whoever goes back and on another way leaves the faults behind that lie after that moment.',
  ];
}

/** What the properties say that the goal names. */
function meaningLines({ world }: View, { challenge }: ChallengeNow, room: number): Line[] {
  const names = propertiesIn(challenge.goal);
  const named = world.protocol.properties.filter(({ name }) => names.includes(name));
  if (named.length === 0) return [];
  return [
    line(piece('  What that means', 'title')),
    ...named.flatMap(({ name, clauses }) => [
      line('  ', piece(safe(name), 'accent')),
      ...Object.values(clauses).flatMap((clause) =>
        wrap(safe(clause), Math.min(room - 8, widest)).map((text) => line('      ', piece(text, 'dim'))),
      ),
    ]),
    [],
  ];
}

function goalLines({ goal, met, why }: ChallengeNow['goals'][number], room: number): Line[] {
  const mark = met === true ? piece(symbols.holds, 'good') : piece(symbols.free, 'dim');
  const columns = Math.min(room - 8, widest);
  return [
    ...wrap(safe(goal), columns).map((text, i) =>
      line(i === 0 ? '  ' : '    ', ...(i === 0 ? [mark, ' '] : []), piece(text, 'bold')),
    ),
    ...wrap(safe(why), columns).map((text) => line('      ', piece(text, 'dim'))),
  ];
}

/** Charges whose names do not say it. */
const meanings: Readonly<Record<string, string>> = {
  schedule: 'a message delivered now, or let past the next one',
  input: 'what a client asks of a node',
};

function budgetLines({ left, challenge, used }: ChallengeNow): Line[] {
  const names = Object.keys(left);
  if (names.length === 0) return [line('  no faults at all')];
  return names.map((name) => {
    const allowed = challenge.budget[name];
    const words = allowed === 'any' ? 'as often as you like' : `${left[name]} left of ${allowed}`;
    return line(
      '  ',
      piece(name, 'accent'),
      `  ${words}`,
      piece(used[name] === undefined ? '' : `, used ${used[name]}`, 'dim'),
      piece(meanings[name] === undefined ? '' : `: ${meanings[name]}`, 'dim'),
    );
  });
}

function hintLines(view: View, { challenge, hints }: ChallengeNow, room: number): Line[] {
  const all = challenge.hints ?? [];
  if (all.length === 0) return [];
  const shown = all.slice(0, hints).flatMap((hint) => textLines(`- ${hint}`, room));
  const more = all.length - hints;
  const key = keyOf(view, 'hint');
  return [
    line(piece('  Hints', 'title')),
    ...shown,
    ...(more === 0
      ? []
      : [line('  ', piece(key, 'key'), piece(` shows ${hints === 0 ? 'one' : 'one more'} of ${more}`, 'dim'))]),
    [],
  ];
}
