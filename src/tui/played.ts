/** The run on the stage, with what the screen keeps beside it: the diagram's index of its trace, and the lesson as it is taken. */
import { type Json, sameJson } from '../core/json.ts';
import type { Session } from '../core/session.ts';
import type { World } from '../core/world.ts';
import { ChallengeWatch } from './challenge.ts';
import { createTraceIndex, extendIndex, type TraceIndex } from './diagram/trace-index.ts';
import type { Foreseen, Foresight } from './foresight.ts';
import { LessonTaker } from './lesson.ts';
import type { Ui } from './store.ts';
import { type View, viewOf } from './view.ts';

export class Played {
  readonly session: Session;
  /** null: the scenario brings none */
  readonly lesson: LessonTaker | null;
  /** null: it is none */
  readonly challenge: ChallengeWatch | null;
  /** null: nobody works it out here */
  readonly foresight: Foresight | null;
  #index: TraceIndex;
  #branches: Session['branches'];

  /** @param before what was played before it: the same lesson goes on */
  constructor(session: Session, ui: () => Ui, before: Played | null, foresight: Foresight | null) {
    this.foresight = foresight;
    const steps = session.scenario.lesson ?? [];
    const goesOn =
      before?.lesson != null &&
      before.session.scenario.name === session.scenario.name &&
      sameJson(steps as unknown as Json, before.lesson.steps as unknown as Json);
    this.session = session;
    this.lesson = steps.length === 0 ? null : new LessonTaker(steps, session, ui, goesOn ? before.lesson : null);
    this.challenge = challengeOf(session, this.lesson);
    this.#index = createTraceIndex(session.world.indexOf);
    this.#branches = session.branches;
  }

  index(): TraceIndex {
    const { branches, trace, world } = this.session;
    // a branch left events behind that the index has taken in
    if (branches !== this.#branches) this.#index = createTraceIndex(world.indexOf);
    this.#branches = branches;
    return extendIndex(this.#index, trace);
  }

  close(): Promise<void> {
    this.foresight?.stop();
    return this.session.close();
  }

  view(ui: Ui): View {
    const { foresight, session } = this;
    const foreseen = (world: World): Foreseen | null =>
      !ui.valence || foresight === null
        ? null
        : { outlook: foresight.outlook(world), trouble: foresight.trouble, keeping: foresight.keeping };
    const present = ui.past === null ? foreseen(session.world)?.outlook?.now : null;
    return viewOf(session, ui, {
      lesson: this.lesson?.now() ?? null,
      challenge: this.challenge?.now(present ?? null) ?? null,
      foreseen,
    });
  }
}

/** Time stops when the goal stands for the first time, unless a lesson says when it does. */
function challengeOf(session: Session, lesson: LessonTaker | null): ChallengeWatch | null {
  const { challenge } = session.scenario;
  if (challenge === undefined) return null;
  const watch = new ChallengeWatch(challenge, session);
  if (lesson === null) session.setBreakpoint?.(() => watch.standsFirst());
  return watch;
}
