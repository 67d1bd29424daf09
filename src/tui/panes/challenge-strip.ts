/** A challenge on the stage: its goal part by part, what is left of the budget, and, once the goal stands, what to do then. */
import type { GoalReport } from '../../core/challenge.ts';
import type { ChallengeNow } from '../challenge.ts';
import { safe, shortName } from '../format.ts';
import { keyOf } from '../keys/binding.ts';
import { ends, fit, type Line, line, lineWidth, piece, wrap } from '../text.ts';
import { keyWords, symbols } from '../theme.ts';
import type { View } from '../view.ts';

/** rows that the stage needs for itself */
const stageMin = 16;
const indent = '         ';

/** No lines when no challenge is played. */
export function challengeStrip(view: View, columns: number, rows: number): Line[] {
  const { challenge } = view;
  if (challenge === null) return [];
  const most = Math.max(2, rows - stageMin);
  const said = ending(view, challenge);
  const goals = said === null ? goalLines(challenge, view.live, columns) : said.map((each) => fit(each, columns));
  return [...goals.slice(0, most - 1), budgetLine(view, challenge, columns)];
}

/** `atomic-commit/agreement violated` without the problem's name: the properties below say the same. */
export const goalText = ({ goal }: GoalReport): string =>
  safe(goal.replaceAll(/[\w-]+\/[\w-]+/g, (name) => shortName(name)));

function mark({ met, goal }: GoalReport) {
  if (met === true) return piece(symbols.holds, 'good');
  return goal.startsWith('not: ') ? piece(symbols.violated, 'bad') : piece(symbols.free, 'dim');
}

/** One goal a line; the first one has the title. Who looks at the past sees how they stand in the present all the same. */
function goalLines({ goals }: ChallengeNow, live: boolean, columns: number): Line[] {
  const title = live ? ' goal    ' : ' present ';
  return goals.flatMap((goal, i) => {
    const head = line(i === 0 ? piece(title, 'title') : indent, mark(goal), ' ');
    return wrap(goalText(goal), columns - lineWidth(head) - 1).map((text, row) =>
      fit(row === 0 ? line(head, piece(text, 'bold')) : line(indent, '  ', piece(text, 'bold')), columns),
    );
  });
}

/** What is to be said instead of the goals; null: nothing, they are still to be met. */
function ending(view: View, { standing, claimed, exceeded }: ChallengeNow): Line[] | null {
  const where = view.session.recording;
  const file = where === null ? 'it is not recorded, so it cannot be handed in' : `recorded in ${safe(where)}`;
  const quit = keyOf(view, 'quit');
  if (claimed)
    return [
      line(
        piece(' claim   ', 'title'),
        piece('you claim that it cannot be done', 'bold'),
        ` (${keyOf(view, 'claim-cannot')} takes it back)`,
      ),
      line(indent, `${quit} ends the run; ${file}`),
    ];
  const [excess] = exceeded;
  if (excess !== undefined)
    return [
      line(
        piece(' budget  ', 'title'),
        piece(`exceeded: ${excess.used} ${excess.name}, ${excess.allowed} allowed`, 'bad'),
      ),
      line(indent, 'go back to before it, and on from there; or play it anew with :again'),
    ];
  if (standing === 'open') return null;
  if (standing === 'so far')
    return [
      line(
        piece(' goal    ', 'title'),
        piece(`${symbols.holds} it stands`, 'good'),
        piece(' so far: what comes by itself may undo it', 'bold'),
      ),
    ];
  return [
    line(
      piece(' goal    ', 'title'),
      piece(`${symbols.holds} met`, 'good'),
      piece(', and nothing that comes by itself undoes it', 'bold'),
    ),
    line(indent, `${quit} ends the run; ${file}`),
  ];
}

function budgetLine(view: View, { left, challenge, hints }: ChallengeNow, columns: number): Line {
  const items = Object.entries(left).map(([name, times]) => [
    piece('  '),
    piece(`${name} ${times}`, times === 0 ? 'dim' : 'accent'),
  ]);
  const points = `${challenge.points} point${challenge.points === 1 ? '' : 's'}`;
  const more =
    (challenge.hints?.length ?? 0) > hints
      ? [piece(keyWords(keyOf(view, 'hint')), 'key'), piece(' hint  ', 'dim')]
      : [];
  const words = items.length === 0 ? [piece('  no faults at all', 'dim')] : items.flat();
  return ends(line(piece(' left  ', 'title'), ...words), line(...more, piece(`${points} `, 'dim')), columns);
}
