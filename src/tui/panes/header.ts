/** The top line: what is played, under which assumptions, whether it is recorded, the time and the speed. */
import { notYetKnown, type Valence, valenceText } from '../../core/valence.ts';
import { clock, safe } from '../format.ts';
import { ends, type Line, line, lineWidth, piece } from '../text.ts';
import { spell, symbols } from '../theme.ts';
import type { View } from '../view.ts';

const speedText = (speed: number): string => (Number.isFinite(speed) ? `${speed}x` : 'max');

function standing({ session, live, world }: View): Line {
  if (!live) return line(piece(` viewing ${world.events} of ${session.world.events} `, 'past'));
  if (session.quiet) return line(piece('■ quiet', 'dim'));
  if (session.ended) return line(piece('■ end', 'dim'));
  if (!session.running) return line(piece('‖ held', 'warn'));
  return line(piece(`${symbols.running} ${speedText(session.speed)}`, 'good'));
}

const bivalent: Valence = { kind: 'bivalent', values: [] };

/** What can still be decided now. */
function badge({ foreseen }: View): Line {
  if (foreseen === null) return [];
  const { outlook, trouble, keeping } = foreseen;
  if (trouble !== null) return line(piece('no valence', 'dim'), '   ');
  // what the adversary has chosen is bivalent, whether or not it has been looked at again
  const now = outlook?.now ?? (keeping === null ? notYetKnown : bivalent);
  const style = now.kind === 'bivalent' ? 'accent' : now.kind === 'univalent' ? 'good' : 'dim';
  const kept = keeping === null ? [] : [piece(` kept ${keeping}`, 'warn')];
  return line(piece(now === notYetKnown ? 'valence …' : safe(valenceText(now)), style), ...kept, '   ');
}

export function headerLine(view: View, columns: number): Line {
  const { session, world } = view;
  const { scenario } = session;
  const recorded =
    session.mode === 'replay'
      ? piece('replay', 'accent')
      : session.recording === null
        ? piece('not recorded', 'dim')
        : piece(`${symbols.rec} REC`, 'bad');
  const right = line(...badge(view), recorded, `   t ${clock(world.nowMs)}   `, standing(view), ' ');
  const { length: branches } = session.branches;
  const parts = [
    line(' ', piece('havoc', 'title'), '  ', piece(safe(scenario.name), 'bold')),
    ...(branches === 0 ? [] : [line(piece(`branch ${branches}`, 'warn'))]),
    line(piece(safe(world.protocol.title), 'accent')),
    line(
      scenario.model === 'synchronous' && scenario.boundMs !== undefined
        ? spell(`synchronous ≤${scenario.boundMs}ms`)
        : scenario.model,
    ),
    line(piece(`seed ${scenario.seed}`, 'dim')),
  ];
  // whole parts are left out from the end rather than cut
  const room = columns - lineWidth(right) - 1;
  let left: Line = [];
  for (const part of parts) {
    const next = left.length === 0 ? part : line(left, '   ', part);
    if (left.length > 0 && lineWidth(next) > room) break;
    left = next;
  }
  return ends(left, right, columns);
}
