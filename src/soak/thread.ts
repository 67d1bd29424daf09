/** One of the threads of a soak: takes stretches of seeds from the soak and answers with a tally of each. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Protocol } from '../core/protocol.ts';
import { loadProtocol } from '../scenario/protocols.ts';
import { drawCase, type Field, protocolOf } from './case.ts';
import { differsLive, isComparedLive } from './live.ts';
import { type Finding, tryCase } from './trial.ts';

/** Seeds from `from`, `count` of them. */
export interface Stretch {
  readonly from: number;
  readonly count: number;
}

export interface Tally {
  readonly stretch: Stretch;
  readonly events: number;
  /** runs that threads and the bus executed as well */
  readonly live: number;
  readonly findings: readonly Finding[];
  /** attacks on each wrong variant, by its place in the field, and how many of them broke it */
  readonly attacks: Readonly<Record<number, { readonly tried: number; readonly caught: number }>>;
}

const field = workerData as Field;
const protocols = new Map<string, Protocol>();

async function protocolFor(seed: number): Promise<Protocol> {
  const id = protocolOf(field, seed);
  const protocol = protocols.get(id) ?? (await loadProtocol(id));
  protocols.set(id, protocol);
  return protocol;
}

async function tallyOf(stretch: Stretch): Promise<Tally> {
  const findings: Finding[] = [];
  const attacks: Record<number, { tried: number; caught: number }> = {};
  let events = 0;
  let live = 0;
  for (let seed = stretch.from; seed < stretch.from + stretch.count; seed++) {
    const protocol = await protocolFor(seed);
    const drawn = drawCase(field, seed, protocol);
    const { variant } = drawn;
    const trial = tryCase(drawn, protocol, variant === null ? undefined : field.variants[variant]?.breaks);
    findings.push(...trial.findings);
    events += trial.events;
    if (variant !== null) {
      const { tried, caught } = attacks[variant] ?? { tried: 0, caught: 0 };
      attacks[variant] = { tried: tried + 1, caught: caught + (trial.caught ? 1 : 0) };
    }
    if (isComparedLive(drawn, trial)) {
      live += 1;
      const what = await differsLive(drawn, protocol, trial.digest);
      if (what !== null)
        findings.push({ seed, protocol: protocol.id, preset: drawn.scenario.name, kind: 'mismatch', what });
    }
  }
  return { stretch, events, live, findings, attacks };
}

parentPort?.on('message', async (stretch: Stretch) => parentPort?.postMessage(await tallyOf(stretch)));
