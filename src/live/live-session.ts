/** A live session with a thread for each node and the bus between them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createWorld } from '../core/world-init.ts';
import type { ProtocolRef } from '../scenario/protocols.ts';
import type { Bus, BusOptions } from './bus.ts';
import type { Runtime } from './live-runtime.ts';
import type { SessionOptions } from './local-session.ts';
import type { ThreadLimits } from './node-thread.ts';
import { PacedSession } from './paced-session.ts';

export interface LiveOptions extends SessionOptions {
  /** where the threads find the protocol */
  readonly source: ProtocolRef;
  readonly bus?: Pick<BusOptions, 'host' | 'port' | 'allowRemote'>;
  readonly limits?: Partial<ThreadLimits>;
}

export interface LiveSession extends PacedSession {
  readonly bus: Bus;
}

const worldOf = (options: LiveOptions) => options.world ?? createWorld(options.scenario, options.protocol);

/** Resolves when the bus is up; the threads come up while the first events wait for them. Throws `BusError`. */
export async function openLiveSession(options: LiveOptions): Promise<LiveSession> {
  const { attach, startRuntime } = await import('./live-runtime.ts');
  let session: PacedSession;
  const runtime = await startRuntime(options, () => session);
  session = new PacedSession({ ...options, world: worldOf(options) }, runtime);
  attach(runtime, session);
  return Object.assign(session, { bus: runtime.bus });
}

/**
 * The same for a screen: the session is there at once, to be drawn, and what it runs on is loaded and started a moment
 * later, so that the first frame does not wait for it. The first event does. A bus that cannot start stops the run and is
 * a trouble of the session.
 */
export function openLiveSessionSoon(options: LiveOptions, afterMs: number): PacedSession {
  let runtime: Runtime | null = null;
  const starting = start();
  async function start(): Promise<Runtime> {
    await sleep(afterMs);
    const { attach, startRuntime } = await import('./live-runtime.ts');
    runtime = await startRuntime(options, () => session);
    attach(runtime, session);
    return runtime;
  }
  // whoever asks for the first step hears of a failure
  starting.catch(() => {});
  const session: PacedSession = new PacedSession(
    { ...options, world: worldOf(options) },
    {
      parallel: true,
      request: (plan) => runtime?.request(plan) ?? starting.then((started) => started.request(plan)),
      stop: (node) => runtime?.stop(node),
      renew: (nodes) => runtime?.renew(nodes),
      close: () => starting.then((started) => started.close()).catch(() => {}),
    },
  );
  return session;
}
