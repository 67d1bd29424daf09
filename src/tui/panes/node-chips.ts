/** What a node's card says beneath its first line, most telling first: each chip one fact. */
import { waitsForNow } from '../../core/blocked.ts';
import { sameJson } from '../../core/json.ts';
import { isTrue, readClock } from '../../core/local-clock.ts';
import type { Field } from '../../core/protocol.ts';
import type { CrashReport, NodeRecord } from '../../core/world.ts';
import { clock, duration, fields, safe, value, vectorText } from '../format.ts';
import { type Line, line, piece } from '../text.ts';
import { symbols } from '../theme.ts';
import type { View } from '../view.ts';

/** For a card of one line, the most telling first: what is wrong, what it decided, what its timers and its protocol say. */
export const factChips = (view: View, node: NodeRecord): Line[] => [
  ...troubleChips(view, node).slice(0, 1),
  ...stateChips(view, node),
];

export function nodeChips(view: View, node: NodeRecord): Line[] {
  const chips = [...troubleChips(view, node), ...stateChips(view, node)];
  chips.push(line(piece(vectorText(node.vector, view.world.ids), 'dim')));
  return chips;
}

/** What it is and what stands in its way, without what the inspector shows in parts of its own. */
export function briefChips(view: View, node: NodeRecord): Line[] {
  const { protocol } = view.world;
  const chips = [...failureChips(node), ...conductChips(view, node), ...decisionChips(node)];
  for (const field of node.state === null ? [] : (protocol.summary?.(node.state) ?? [])) chips.push(fieldChip(field));
  return chips;
}

const failureChips = ({ failure }: NodeRecord): Line[] =>
  failure === null ? [] : [line(piece(`failed: ${safe(failure)}`, 'bad'))];

function troubleChips(view: View, node: NodeRecord): Line[] {
  const chips: Line[] = failureChips(node);
  if (node.crash !== null && node.status === 'crashed') {
    const { kept, lostTimers } = node.crash;
    lostFields(view, node.crash).forEach((text, i) => {
      chips.push(line(piece(i === 0 ? 'lost: ' : '', 'bad'), text));
    });
    chips.push(line(piece('kept: ', 'good'), Object.keys(kept).length === 0 ? 'nothing' : fields(kept)));
    if (lostTimers.length > 0) chips.push(line(piece('timers lost: ', 'dim'), lostTimers.map(timerName).join(', ')));
  }
  return [...chips, ...conductChips(view, node)];
}

const wordsLeft = (count: number): string =>
  count === 0 ? 'the truth from now on' : `${count} ${count === 1 ? 'word' : 'words'} left`;

/** How it lies, whom it waits for, and what will befall it. */
function conductChips(view: View, node: NodeRecord): Line[] {
  const chips: Line[] = [];
  if (node.treachery !== null) {
    const { behaviour, targets, kinds, says } = node.treachery.how;
    const aim = [
      targets === undefined ? '' : `→ ${targets.map(safe).join(' ')}`,
      (kinds ?? []).map(safe).join(' '),
      says === undefined ? '' : wordsLeft(says.length),
    ].filter((part) => part !== '');
    chips.push(line(piece([`${symbols.traitor} ${behaviour}`, ...aim].join(' '), 'traitor')));
  } else if (!node.honest) chips.push(line(piece(`${symbols.traitor} was a traitor, counts as faulty`, 'traitor')));
  const waits = waitChip(view, node);
  if (waits !== null) chips.push(waits);
  if (node.crashAfter !== null)
    chips.push(
      line(
        piece(`will crash after ${node.crashAfter.sends} more send${node.crashAfter.sends === 1 ? '' : 's'}`, 'warn'),
      ),
    );
  if (node.waiting.length > 0) chips.push(line(piece(`${node.waiting.length} waiting for it to go on`, 'warn')));
  const wall = wallClock(view, node);
  if (wall !== null) chips.push(wall);
  return chips;
}

/** What it believes the time is, against what it is; null: its clock is true, and nobody asks it. */
function wallClock({ world }: View, { clock: own }: NodeRecord): Line | null {
  if (isTrue(own) && world.protocol.readsClock !== true) return null;
  const shownMs = readClock(own, world.nowMs);
  const offMs = shownMs - world.nowMs;
  const off = offMs === 0 ? 'right' : `${duration(Math.abs(offMs))} ${offMs < 0 ? 'behind' : 'ahead'}`;
  const shown = `${shownMs < 0 ? '-' : ''}${clock(Math.abs(shownMs))}`;
  return line(piece(`clock ${shown}, ${off}, x${own.rate}`, isTrue(own) ? 'dim' : 'warn'));
}

/** What the protocol finds worth showing of the memory that is gone; all of it, when it names nothing. */
function lostFields(view: View, { lost, path }: CrashReport): string[] {
  const { protocol, scenario } = view.world;
  let summary: readonly Field[] = [];
  try {
    summary = protocol.summary?.({ value: path, context: lost, done: false }) ?? [];
  } catch {
    // a summary may count on the whole state, and only the context is left
  }
  if (summary.length > 0) return summary.map((field) => `${safe(field.label)} ${value(field.value)}`);
  const own = Object.entries(lost).filter(
    ([, item]) => !sameJson(item, scenario.parameters) && !sameJson(item, scenario.nodes),
  );
  return own.length === 0 ? ['nothing'] : own.map(([key, item]) => `${safe(key)}: ${value(item)}`);
}

function waitChip(view: View, node: NodeRecord): Line | null {
  if (node.state === null || node.decisions.length > 0) return null;
  const waits = waitsForNow(view.world, node);
  if (waits === null || waits.nodes.length === 0) return null;
  const need = waits.need !== undefined && waits.need < waits.nodes.length ? `${waits.need} of ` : '';
  const whom = `${need}${waits.nodes.map(safe).join(' ')}`;
  if (node.blockedSinceMs === null) return line(piece(`waits for ${whom}`));
  return line(piece(`BLOCKED since ${clock(node.blockedSinceMs)}, waits for ${whom}`, 'bad'));
}

/** `voteTimeout@voting` is a timer of the state `voting`: the state stands on the card already. */
const timerName = (timer: string): string =>
  safe(timer.slice(0, timer.indexOf('@') < 0 ? undefined : timer.indexOf('@')));

/** What is empty shows that it is. */
const fieldChip = ({ label, value: of }: Field): Line =>
  line(piece(`${safe(label)} `, 'dim'), of === '' ? '–' : value(of));

function decisionChips({ decisions }: NodeRecord): Line[] {
  if (decisions.length === 0) return [];
  const twice = decisions.length > 1;
  return [line(piece(`${symbols.decided} decided ${decisions.map(value).join(' and ')}`, twice ? 'bad' : 'good'))];
}

function stateChips(view: View, node: NodeRecord): Line[] {
  const chips = decisionChips(node);
  if (node.status !== 'crashed' && node.status !== 'failed') {
    for (const timer of node.timers)
      chips.push(
        line(
          piece(`${symbols.timer} ${timerName(timer.timer)} `, 'accent'),
          timeLeft(timer.fireAtMs - view.world.nowMs),
        ),
      );
    for (const [key, item] of Object.entries(node.stable))
      chips.push(line(piece(`${symbols.stable} `, 'accent'), `${safe(key)}=${value(item)}`));
    if (node.state !== null) {
      for (const field of view.world.protocol.summary?.(node.state) ?? []) chips.push(fieldChip(field));
    }
  }
  if (node.delivered.length > 0)
    chips.push(line(piece('delivered ', 'dim'), node.delivered.slice(-4).map(value).join(', ')));
  return chips;
}
const timeLeft = (ms: number): string => (ms <= 0 ? 'now' : duration(ms));

/** How it stands, in a word. */
export function statusPiece(node: NodeRecord): { text: string; style?: 'bad' | 'warn' | 'traitor' | 'good' } {
  if (node.status === 'failed') return { text: 'FAILED', style: 'bad' };
  if (node.status === 'crashed') return { text: 'CRASHED', style: 'bad' };
  if (node.treachery !== null)
    return { text: node.status === 'paused' ? 'TRAITOR, slow' : 'TRAITOR', style: 'traitor' };
  if (node.status === 'paused') return { text: 'paused', style: 'warn' };
  return { text: 'up', style: 'good' };
}
