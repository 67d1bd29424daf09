/**
 * Traitors. The adversary, in full: a traitor chooses, for each message that its honest self would send, what to send
 * instead, when, how often and to whom; it may forget its state. It cannot speak as another node (the world stamps
 * `from`), cannot sign for one, cannot stop or read messages between others, and knows nothing of the random streams.
 * Protocols stay honest and readable: a behaviour bends the *outputs* of an honest step, through what the protocol
 * declares of its fields (`lies`, and the fields' kinds where it declares none).
 */
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Behaviour, Treachery, Word } from './faults.ts';
import { assertPlain, canonicalJson, sameJson } from './json.ts';
import type { Json, Lie, LieContext, Message, NodeId } from './protocol.ts';
import { pick } from './rng.ts';
import type { NodeRecord, World } from './world.ts';

export const behaviourHelp: Readonly<Record<Behaviour, string>> = {
  silent: 'sends nothing at all',
  omit: 'sends nothing to its targets (left out: to every second node), and behaves to the others',
  equivocate: 'tells its targets (left out: every second node) something else than the others',
  'wrong-value': 'sends a wrong value, the same to all its targets',
  replay: 'sends an old message of its own instead of the one that is due',
  delay: 'keeps messages back until just before the receiver would time out, or for `by`',
  duplicate: 'sends everything twice',
  amnesia: 'forgets its promises, votes and logs before every step',
  mutate: 'makes one small random change: a number one off, a flag turned, another node named',
  collude:
    'tells the same story as every other colluder: one to its targets (left out: every second honest node), another to the rest',
};

/** One message as the traitor really sends it. */
export interface Bent {
  readonly body: Message;
  readonly extraMs: number;
  readonly copies: number;
  /** false: this is just what an honest node would send */
  readonly lie: boolean;
}

/** What becomes of one honest send; null: it is not sent. */
export function bend(world: World, node: NodeRecord, how: Treachery, to: NodeId, honest: Message): Bent | null {
  const truth: Bent = { body: honest, extraMs: 0, copies: 1, lie: false };
  if (how.kinds !== undefined && !how.kinds.includes(honest.type)) return truth;
  const aimed = how.targets === undefined ? null : how.targets.includes(to);
  const half = aimed ?? isInFirstCamp(world, node, to);
  const instead = (body: Message | undefined): Bent =>
    body === undefined || sameJson(body, honest) ? truth : { ...truth, body, lie: true };
  const scripted = (word: Word, lateMs: number): Bent | null => {
    if (word === 'nothing') return null;
    // what its protocol does not let it say, it cannot say
    const said = instead(alternatives(world, node, to, honest).find((lie) => sameJson(lie, word)));
    return lateMs === 0 ? said : { ...said, extraMs: lateMs, lie: true };
  };
  switch (how.behaviour) {
    case 'silent':
      return aimed === false ? truth : null;
    case 'omit':
      return half ? null : truth;
    case 'equivocate':
      return half ? instead(alternatives(world, node, to, honest)[0]) : truth;
    case 'wrong-value':
      return aimed === false ? truth : instead(alternatives(world, node, to, honest)[0]);
    case 'replay':
      return aimed === false ? truth : instead(pick(world.streams.traitor, olderThan(node, honest)));
    case 'delay':
      return aimed === false ? truth : { ...truth, extraMs: how.byMs ?? justUnderTimeoutMs(world, to), lie: true };
    case 'duplicate':
      return aimed === false ? truth : { ...truth, copies: 2, lie: true };
    case 'mutate':
      return aimed === false ? truth : instead(mutation(world, node, to, honest, world.streams.traitor));
    case 'collude':
      return instead(story(world, node, to, honest, half));
    case 'scripted':
      return scripted(how.says?.[0] ?? 'truth', how.lateMs?.[0] ?? 0);
    case 'amnesia':
      return truth; // it bends the state, not the outputs: see plan.ts
  }
}

/** A scripted traitor has one word less to say. */
export function afterWord(how: Treachery): Treachery {
  const { says, lateMs } = how;
  if (says === undefined) return how;
  return { ...how, says: says.slice(1), ...(lateMs === undefined ? {} : { lateMs: lateMs.slice(1) }) };
}

/** Every second node other than the traitor, in scenario order. */
function isInFirstCamp(world: World, self: NodeRecord, to: NodeId): boolean {
  const index = world.indexOf.get(to) as number;
  let rank = 0;
  for (let i = 0; i < index; i++) {
    const node = world.nodes[i] as NodeRecord;
    if (node !== self && node.treachery === null) rank += 1;
  }
  return rank % 2 === 0;
}

const olderThan = (node: NodeRecord, honest: Message): Message[] =>
  node.sentBefore.filter((old) => !sameJson(old, honest));

/** As late as the receiver's nearest timer allows; without a timer, three times a long latency. */
function justUnderTimeoutMs(world: World, to: NodeId): number {
  const receiver = world.nodes[world.indexOf.get(to) as number] as NodeRecord;
  let nearest = Number.POSITIVE_INFINITY;
  for (const timer of receiver.timers) if (timer.fireAtMs > world.nowMs) nearest = Math.min(nearest, timer.fireAtMs);
  const { latency } = world.scenario.network;
  const usual = latency.kind === 'constant' ? latency.ms : latency.kind === 'uniform' ? latency.maxMs : latency.meanMs;
  if (nearest === Number.POSITIVE_INFINITY) return 3 * usual;
  return Math.max(0, nearest - 1 - usual - world.nowMs);
}

/** Whole messages that the traitor may send instead of this one: what the protocol declares, or small bendings. */
export function alternatives(world: World, node: NodeRecord, to: NodeId, honest: Message): readonly Message[] {
  const lie = world.protocol.lies?.[honest.type];
  const about: LieContext = {
    self: node.id,
    to,
    nodes: world.scenario.nodes,
    parameters: world.scenario.parameters,
  };
  const declared = lie === undefined ? [] : declaredLies(lie, honest, about);
  return declared.length > 0 || lie !== undefined ? declared : smallBendings(world, honest);
}

/** What is reckoned from a message that was changed on its way may be no number any more: nobody can say that. */
function isPlain(value: unknown): boolean {
  try {
    assertPlain(value, 'a lie');
    return true;
  } catch {
    return false;
  }
}

function declaredLies(lie: Lie, honest: Message, about: LieContext): readonly Message[] {
  if (typeof lie === 'function')
    return lie(honest, about).filter((message) => isPlain(message) && !sameJson(message, honest));
  const found: Message[] = [];
  for (const [field, values] of Object.entries(lie)) {
    const options = typeof values === 'function' ? values(honest[field], about) : values;
    for (const value of options)
      if (isPlain(value) && !sameJson(value, honest[field])) found.push({ ...honest, [field]: value });
  }
  return found;
}

/** One field changed by a little, by the kind that the protocol declares for it. */
function smallBendings(world: World, honest: Message): Message[] {
  const fields = world.protocol.messages[honest.type]?.fields ?? {};
  return Object.entries(honest).flatMap(([field, value]) =>
    field === 'type' || field === 'signed' || value === undefined
      ? []
      : bendValue(world, fields[field], value).map((bent): Message => ({ ...honest, [field]: bent })),
  );
}

function bendValue(world: World, kind: string | undefined, value: Json): Json[] {
  if (kind === 'node') return world.ids.filter((id) => id !== value);
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return [value + 1, value - 1];
  if (typeof value === 'string') return [`not ${value}`];
  return [];
}

function mutation(
  world: World,
  node: NodeRecord,
  to: NodeId,
  honest: Message,
  stream: RandomGenerator,
): Message | undefined {
  return pick(stream, [...smallBendings(world, honest), ...alternatives(world, node, to, honest)]);
}

/** Colluders sort all that could be said and tell one camp the first of it, the other the last: no word between them is needed. */
function story(world: World, node: NodeRecord, to: NodeId, honest: Message, firstCamp: boolean): Message | undefined {
  const receiver = world.nodes[world.indexOf.get(to) as number] as NodeRecord;
  if (receiver.treachery !== null) return honest;
  const all = [honest, ...alternatives(world, node, to, honest)]
    .map((message) => ({ message, text: canonicalJson(message) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1));
  return (firstCamp ? all[0] : all.at(-1))?.message;
}
