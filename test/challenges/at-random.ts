/** Somebody who presses keys at random: whatever the budget allows, at any moment, on anybody. */
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Challenge } from '../../src/core/challenge.ts';
import { budgetRefusal } from '../../src/core/challenge-budget.ts';
import type { Behaviour } from '../../src/core/faults.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { NodeId } from '../../src/core/protocol.ts';
import { refusal } from '../../src/core/refusal.ts';
import { namedStream, nextInteger, nextUnit, pick } from '../../src/core/rng.ts';
import { actInRun, createRun, type Run, stepRun } from '../../src/core/run.ts';
import { comingEntries } from '../../src/core/scheduler.ts';
import type { Act } from '../../src/core/session.ts';
import { behaviourHelp } from '../../src/core/traitor.ts';
import type { LoadedScenario } from '../../src/scenario/load.ts';
import { finished, type Played } from './play.ts';

export interface RandomSession extends Played {
  /** the kinds of what was done, in order */
  readonly done: readonly string[];
}

const eventsMax = 120;
const actsMax = 8;
const delayMaxMs = 2000;
const behaviours = Object.keys(behaviourHelp) as Behaviour[];

export function playAtRandom({ scenario, protocol }: LoadedScenario, seed: number): RandomSession {
  const run = createRun(scenario, protocol);
  const stream = namedStream(seed, scenario.name);
  const { budget } = scenario.challenge as Challenge;
  // what ends a fault is free
  const kinds = [...Object.keys(budget), 'resume', 'heal'];
  const done: string[] = [];
  const refused: string[] = [];
  for (;;) {
    const act = done.length < actsMax && nextUnit(stream) < 0.3 ? draw(run, stream, pick(stream, kinds) ?? '') : null;
    const why = act === null ? null : (refusal(run.world, act) ?? budgetRefusal(run, act));
    if (why !== null) refused.push(why);
    if (act !== null && why === null) {
      actInRun(run, act);
      done.push(act.type);
    }
    if (run.trace.length >= eventsMax || stepRun(run) === null) return { ...finished(run), refused, done };
  }
}

/** Null: there is nothing of this kind to do now. */
function draw(run: Run, stream: RandomGenerator, kind: string): Act | null {
  const { world } = run;
  const ids = world.ids;
  const node = pick(stream, ids) as NodeId;
  const maybe = <T extends object>(more: T): Partial<T> => (nextUnit(stream) < 0.5 ? more : {});
  const link = { ...maybe({ from: node }), ...maybe({ to: pick(stream, ids) as NodeId }) };
  const count = nextInteger(stream, 1, 3);
  const isDropping = Object.hasOwn((world.scenario.challenge as Challenge).budget, 'drop');
  const drop = maybe(isDropping ? { drop: true } : {});
  switch (kind) {
    case 'crash':
      return { type: 'crash', node, ...maybe({ afterSends: count }) };
    case 'restart':
    case 'pause':
    case 'resume':
      return { type: kind, node };
    case 'skew':
      return { type: 'skew', node, offsetMs: nextInteger(stream, -delayMaxMs, delayMaxMs) };
    case 'partition':
      return { type: 'partition', groups: sides(ids, stream), ...drop };
    case 'heal':
      return { type: 'heal' };
    case 'delay':
      return { type: 'delay', byMs: nextInteger(stream, 1, delayMaxMs), count, ...link };
    case 'hold':
    case 'drop':
      return { type: kind, count, ...link };
    case 'traitor': {
      const behaviour = pick(stream, behaviours) as Behaviour;
      return { type: 'traitor', node, behaviour, ...maybe({ targets: ids.filter(() => nextUnit(stream) < 0.5) }) };
    }
    case 'schedule': {
      const messages = comingEntries(world).flatMap(({ choice }) =>
        choice.type === 'deliver' ? [choice.message] : [],
      );
      const message = pick(stream, messages);
      return message === undefined ? null : { type: 'deliver-now', message };
    }
    case 'input':
      return drawInput(run, stream, node);
    default:
      throw new Error(`no budget of the bank names ${kind}`);
  }
}

function sides(ids: readonly NodeId[], stream: RandomGenerator): NodeId[][] {
  const first = ids.filter(() => nextUnit(stream) < 0.5);
  const groups = [first, ids.filter((id) => !first.includes(id))];
  return groups.filter((group) => group.length > 0);
}

function drawInput({ world }: Run, stream: RandomGenerator, node: NodeId): Act | null {
  const role = world.scenario.nodes[node] as string;
  const inputs = Object.entries(world.protocol.inputs).filter(([, { roles }]) => roles?.includes(role) ?? true);
  const [name, kind] = pick(stream, inputs) ?? [];
  if (name === undefined || kind === undefined) return null;
  const nodes = Object.entries(kind.fields ?? {}).filter(([, field]) => field === 'node');
  const named: JsonObject = Object.fromEntries(nodes.map(([field]) => [field, pick(stream, world.ids) as NodeId]));
  return { type: 'input', node, input: name, data: { ...kind.defaults, ...named } };
}
