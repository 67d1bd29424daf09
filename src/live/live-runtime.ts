/** What a live session runs on: the bus, and a thread for each node. */
import { type Bus, startBus } from './bus.ts';
import type { LiveOptions } from './live-session.ts';
import type { Command } from './messages.ts';
import type { PacedSession } from './paced-session.ts';
import { Pool } from './pool.ts';
import { snapshotText } from './snapshot.ts';
import type { Stepper } from './stepper.ts';

export interface Runtime extends Stepper {
  readonly bus: Bus;
}

/**
 * The bus is up when this resolves; the threads come up while the first events wait for them. Throws `BusError`.
 * @param session asked for only after this has resolved: nothing is heard before bus, threads and session are there
 */
export async function startRuntime(options: LiveOptions, session: () => PacedSession): Promise<Runtime> {
  const { scenario, source, limits } = options;
  const bus = await startBus({
    ...options.bus,
    onCommand: (command) => obey(session(), command),
    onForgery: (speaker, claimed) => session().trouble(`${speaker} tried to speak as ${claimed}: dropped`),
  });
  const pool = new Pool({ bus, scenario, source, limits, onLost: (node, reason) => session().lose(node, reason) });
  return {
    bus,
    parallel: true,
    request: (plan) => pool.request(plan),
    stop: (node) => pool.stop(node),
    renew: (nodes) => pool.renew(nodes),
    close: async () => {
      await pool.close();
      await bus.close();
    },
  };
}

/** Tells watchers on the bus of every change, and the session of what the bus has to warn of. */
export function attach(runtime: Runtime, session: PacedSession): void {
  const { bus } = runtime;
  session.subscribe(() => {
    if (bus.watchers > 0) bus.publish(snapshotText(session.world, session.running));
  });
  if (bus.warning !== null) session.trouble(bus.warning);
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
