/**
 * A lesson as it is taken: how far its steps are done, and which question stands to be read. The judge is the core's; this
 * remembers between frames what it has seen, and makes time stop at the event that ticks a step.
 */
import {
  afterBranch,
  inAnotherRun,
  judgeLesson,
  type LessonStep,
  nothingDone,
  type Progress,
  passStep,
  type Witness,
} from '../core/lesson.ts';
import type { Session } from '../core/session.ts';
import type { Ui } from './store.ts';

export interface Lesson {
  readonly steps: readonly LessonStep[];
  readonly done: Progress['done'];
  /** of the step that was done last: what of it is being read before the next step comes */
  readonly reading: 'question' | 'answer' | null;
  /** off: nothing is shown on the stage, and time does not stop at a step */
  readonly on: boolean;
}

/** The step to be done now; null: all are done. */
export const presentStep = ({ steps, done }: Lesson): LessonStep | null => steps[done.length] ?? null;
/** The step that was done last. */
export const lastStep = ({ steps, done }: Lesson): LessonStep | null => steps[done.length - 1] ?? null;

export class LessonTaker {
  readonly steps: readonly LessonStep[];
  readonly #session: Session;
  readonly #ui: () => Ui;
  #progress: Progress = nothingDone;
  #reading: Lesson['reading'] = null;
  #on: boolean;
  /** how many of the run's branches are known */
  #branches = 0;

  /** @param before the same lesson in the run before this one: it goes on */
  constructor(steps: readonly LessonStep[], session: Session, ui: () => Ui, before: LessonTaker | null) {
    this.steps = steps;
    this.#session = session;
    this.#ui = ui;
    this.#on = before === null ? session.mode === 'live' : before.#on;
    if (before !== null) {
      this.#progress = inAnotherRun(before.#progress);
      this.#reading = before.#reading;
    }
    session.setBreakpoint?.(() => this.#on && this.#judge());
  }

  /** With everything judged that has happened. */
  now(): Lesson {
    if (this.#on) this.#judge();
    return { steps: this.steps, done: this.#progress.done, reading: this.#reading, on: this.#on };
  }

  /** To the answer, or to the next step; false: the step is not done yet. */
  next(): boolean {
    const { reading } = this.now();
    const step = presentStep(this.now());
    if (reading !== null) this.#reading = reading === 'question' ? 'answer' : null;
    else if (step === null || step.when !== undefined) return false;
    else this.skip();
    return true;
  }

  /** Past the present step, done or not. */
  skip(): void {
    this.#progress = passStep(this.steps, this.#progress, this.#session.world.events);
    this.#reading = lastStep(this.now())?.ask === undefined ? null : 'question';
  }

  restart(): void {
    this.#progress = nothingDone;
    this.#reading = null;
    this.#on = true;
  }

  turn(on: boolean): void {
    this.#on = on;
  }

  /** True: a step was ticked. */
  #judge(): boolean {
    const { done } = this.#progress;
    if (done.length === this.steps.length) return false;
    for (const { to } of this.#session.branches.slice(this.#branches))
      this.#progress = afterBranch(this.steps, this.#progress, to);
    this.#branches = this.#session.branches.length;
    this.#progress = judgeLesson(this.steps, this.#progress, this.#witness());
    const ticked = this.#progress.done.length > done.length;
    if (ticked) this.#reading = this.steps[this.#progress.done.length - 1]?.ask === undefined ? null : 'question';
    return ticked;
  }

  #witness(): Witness {
    const { trace, world, quiet } = this.#session;
    const { past, overlay, node } = this.#ui();
    return {
      trace,
      world,
      quiet,
      viewing: past === null ? 'present' : 'past',
      inspecting: overlay?.kind === 'node' ? (world.ids[Math.min(node, world.ids.length - 1)] ?? null) : null,
    };
  }
}
