/** What is shown now: the run as it is, or a moment of its past, with what is selected in it. */
import type { Session } from '../core/session.ts';
import type { Envelope, NodeRecord, TraceEvent, World } from '../core/world.ts';
import type { ChallengeNow } from './challenge.ts';
import type { Foreseen } from './foresight.ts';
import type { Lesson } from './lesson.ts';
import type { Ui } from './store.ts';

export interface View {
  readonly session: Session;
  readonly ui: Ui;
  /** the world shown; only read */
  readonly world: World;
  /** the events shown */
  readonly trace: readonly TraceEvent[];
  readonly live: boolean;
  readonly node: NodeRecord;
  readonly message: Envelope | null;
  /** in flight by arrival, then held, by id */
  readonly queue: readonly Envelope[];
  /** null: the scenario brings none of steps */
  readonly lesson: Lesson | null;
  /** null: no challenge is played */
  readonly challenge: ChallengeNow | null;
  /** what can still be decided; null: it is not shown */
  readonly foreseen: Foreseen | null;
}

/** What comes with the run besides itself. */
export interface Beside extends Pick<View, 'lesson' | 'challenge'> {
  foreseen(world: World): Foreseen | null;
}

export function queueOf(world: World): Envelope[] {
  return [...world.pending.values()].sort((a, b) => {
    if ((a.held === null) !== (b.held === null)) return a.held === null ? -1 : 1;
    if (a.held === null && a.deliverAtMs !== b.deliverAtMs) return a.deliverAtMs - b.deliverAtMs;
    return a.id - b.id;
  });
}

export function viewOf(session: Session, ui: Ui, { lesson, challenge, foreseen }: Beside): View {
  const live = ui.past === null;
  const world = ui.past === null ? session.world : session.history.at(ui.past);
  const queue = queueOf(world);
  const node = world.nodes[Math.min(ui.node, world.nodes.length - 1)] as NodeRecord;
  const message = queue.find((each) => each.id === ui.message) ?? queue[0] ?? null;
  const trace = live ? session.trace : session.history.until(world.events);
  return { session, ui, world, trace, live, node, message, queue, lesson, challenge, foreseen: foreseen(world) };
}
