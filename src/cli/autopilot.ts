/** Lets the adversary choose a run's events, so that it stays bivalent. What it chooses out of turn is recorded. */
import { setImmediate as macrotask } from 'node:timers/promises';
import { nextBivalent } from '../check/valence/adversary.ts';
import { Valences } from '../check/valence/valences.ts';
import { nextEntry } from '../core/scheduler.ts';
import type { Early, Session } from '../core/session.ts';
import type { Kept } from '../tui/foresight.ts';
import { exitCodes } from './exit-codes.ts';

/** so many states are expanded for each configuration that is looked at */
export const statesForAdversary = 20_000;

export interface AutopilotOptions {
  /** it ends after so many events */
  readonly events: number;
  /** lets others have a turn, and time pass between two events */
  rest(isBetweenEvents: boolean): Promise<void>;
  isStopped(): boolean;
}

/** @param session it must not be running; that it runs again ends it */
export async function keepBivalent(session: Session, valences: Valences, options: AutopilotOptions): Promise<Kept> {
  const passed = new Map<number, number>();
  let events = 0;
  const ended = (why: string | null): Kept => ({ events, why, longestWait: Math.max(0, ...passed.values()) });
  for (;;) {
    if (events >= options.events) return ended(null);
    const choosing = nextBivalent(session.world, valences, statesForAdversary);
    let turn = choosing.next();
    while (turn.done !== true) {
      await options.rest(false);
      if (options.isStopped() || session.running) return ended('it was stopped');
      turn = choosing.next();
    }
    if (typeof turn.value === 'string') return ended(turn.value);
    const { choice } = turn.value;
    const chosen = choice.type === 'deliver' ? choice.message : Number.NaN;
    for (const id of session.world.pending.keys()) if (id < chosen) passed.set(id, (passed.get(id) ?? 0) + 1);
    if (nextEntry(session.world)?.choice === choice) await session.step();
    else await session.hasten?.(choice as Early);
    events += 1;
    await options.rest(true);
    if (options.isStopped() || session.running) return ended('it was stopped');
  }
}

/** `play --headless --autopilot`: as fast as it goes. The session is closed when it cannot be done. */
export async function keepHeadless(session: Session, events: number): Promise<Kept> {
  try {
    const valences = new Valences(session.scenario, session.world.protocol);
    const rest = async (): Promise<void> => void (await macrotask());
    return await keepBivalent(session, valences, { events, rest, isStopped: () => false });
  } catch (error) {
    await session.close();
    throw error;
  }
}

export function keptLine({ events, why, longestWait }: Kept): string {
  const extent =
    why === null ? `bivalent after each of ${events} events` : `bivalent for ${events} events; then ${why}`;
  return `autopilot: ${extent}; a message let ${longestWait} younger ones pass at most`;
}

/** 0: as many events as were asked for; 1: there is no such event; 2: none was found. */
export function exitCodeOfKept({ why }: Kept): number {
  if (why === null) return exitCodes.success;
  return why.startsWith('the search') ? exitCodes.unknown : exitCodes.notMet;
}
