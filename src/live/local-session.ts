/** A live session without threads and sockets: `--in-process`. Same pace, same acts, same digests. */
import { takeStep } from '../core/plan.ts';
import type { Protocol } from '../core/protocol.ts';
import type { Scenario } from '../core/scenario.ts';
import { createWorld } from '../core/world-init.ts';
import { type PacedOptions, PacedSession } from './paced-session.ts';

export interface SessionOptions extends Omit<PacedOptions, 'world'> {
  readonly scenario: Scenario;
  readonly protocol: Protocol;
  /** a run to go on with, instead of a new one: the session takes it over */
  readonly world?: PacedOptions['world'];
}

export function openLocalSession(options: SessionOptions): PacedSession {
  const world = options.world ?? createWorld(options.scenario, options.protocol);
  return new PacedSession(
    { ...options, world },
    {
      parallel: false,
      request: (plan) => takeStep(world, plan),
      stop: () => {},
      renew: () => {},
      close: async () => {},
    },
  );
}
