/**
 * What can still be decided, found out slowly: whole worlds, cloned and moved on in every possible way, and a set of their
 * texts. Asynchronous, without faults. In fifo order messages are used up; otherwise each may arrive again, as the
 * valence model has it.
 */
import { perform } from '../../../src/core/commit.ts';
import { canonicalJson } from '../../../src/core/json.ts';
import type { Json } from '../../../src/core/protocol.ts';
import type { Choice, Envelope, World } from '../../../src/core/world.ts';
import { cloneWorld } from '../../../src/core/world-init.ts';

/** Canonical texts of the values that somebody can still decide, or has decided, in ascending order. */
export function decisionsFrom(start: World, statesMax = 20_000): string[] {
  const seen = new Set([keyOf(start)]);
  const left = [start];
  const decided = new Set<string>();
  for (let world = left.pop(); world !== undefined; world = left.pop()) {
    for (const { decisions } of world.nodes) for (const value of decisions) decided.add(canonicalJson(value));
    for (const next of nextWorlds(world)) {
      const key = keyOf(next);
      if (seen.has(key)) continue;
      seen.add(key);
      if (seen.size > statesMax) throw new Error('the space of this test is too large');
      left.push(next);
    }
  }
  return [...decided].sort();
}

export const nextWorlds = (world: World): World[] =>
  choicesIn(world).map((choice) => {
    const next = cloneWorld(world);
    const message = choice.type === 'deliver' ? world.pending.get(choice.message) : undefined;
    perform(next, choice, 'person');
    if (message !== undefined && world.scenario.network.order !== 'fifo') next.pending.set(message.id, message);
    return next;
  });

export function choicesIn(world: World): Choice[] {
  const isFirst = (message: Envelope): boolean =>
    world.scenario.network.order !== 'fifo' ||
    [...world.pending.values()].every(
      (other) => other.from !== message.from || other.to !== message.to || other.id >= message.id,
    );
  return [
    ...[...world.pending.values()].filter(isFirst).map(({ id }): Choice => ({ type: 'deliver', message: id })),
    ...world.nodes.flatMap((node) => node.timers.map(({ timer }): Choice => ({ type: 'fire', node: node.id, timer }))),
  ];
}

function keyOf({ nodes, pending, scenario }: World): string {
  const messages = [...pending.values()].sort((a, b) => a.id - b.id).map(({ from, to, body }) => [from, to, body]);
  const texts = messages.map((message) => canonicalJson(message as unknown as Json));
  const network =
    scenario.network.order === 'fifo'
      ? messages
          .map(([from, to], i) => [from, to, texts[i]] as Json[])
          .sort((a, b) => (`${a[0]}${a[1]}` < `${b[0]}${b[1]}` ? -1 : 1))
      : [...new Set(texts)].sort();
  const locals = nodes.map(({ state, stable, decisions, timers }) => [
    state === null ? null : [state.value as Json, state.context],
    stable,
    decisions,
    timers.map(({ timer }) => timer),
  ]);
  return canonicalJson([locals, network] as unknown as Json);
}
