/** A live session with a thread for each node and the bus between them. */
import { createWorld } from '../core/world-init.ts';
import type { ProtocolRef } from '../scenario/protocols.ts';
import { type Bus, type BusOptions, startBus } from './bus.ts';
import type { SessionOptions } from './local-session.ts';
import type { Command } from './messages.ts';
import type { ThreadLimits } from './node-thread.ts';
import { PacedSession } from './paced-session.ts';
import { Pool } from './pool.ts';
import { snapshotText } from './snapshot.ts';

export interface LiveOptions extends SessionOptions {
  /** where the threads find the protocol */
  readonly source: ProtocolRef;
  readonly bus?: Pick<BusOptions, 'host' | 'port' | 'allowRemote'>;
  readonly limits?: Partial<ThreadLimits>;
}

export interface LiveSession extends PacedSession {
  readonly bus: Bus;
}

/** Returns at once; the threads come up while the first events wait for them. Throws `BusError`. */
export async function openLiveSession(options: LiveOptions): Promise<LiveSession> {
  const { scenario, source, limits } = options;
  // the bus, the threads and the session know one another; nothing is heard before all three are there
  let session: PacedSession;
  const bus = await startBus({
    ...options.bus,
    onCommand: (command) => obey(session, command),
    onForgery: (speaker, claimed) => session.trouble(`${speaker} tried to speak as ${claimed}: dropped`),
  });
  const world = options.world ?? createWorld(scenario, options.protocol);
  const pool = new Pool({ bus, scenario, source, limits, onLost: (node, reason) => session.lose(node, reason) });
  session = new PacedSession(
    { ...options, world },
    {
      parallel: true,
      request: (plan) => pool.request(plan),
      stop: (node) => pool.stop(node),
      close: async () => {
        await pool.close();
        await bus.close();
      },
    },
  );
  session.subscribe(() => {
    if (bus.watchers > 0) bus.publish(snapshotText(world, session.running));
  });
  if (bus.warning !== null) session.trouble(bus.warning);
  return Object.assign(session, { bus });
}

/** An operator's command from the bus. Resolves with why it was refused, or null. */
async function obey(session: PacedSession, command: Command): Promise<string | null> {
  if (command.type === 'run') session.setRunning(command.running);
  else if (command.type === 'step') return (await session.step()) ? null : 'nothing is left to happen';
  else {
    try {
      await session.act(command.act);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  return null;
}
