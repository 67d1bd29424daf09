/** What a step asked for takes place: state, sends, stable writes, timers, decisions, in the order it asked. */
import { schedule } from './agenda.ts';
import { type Draft, touch } from './draft.ts';
import { sameJson } from './json.ts';
import { copyMessage, transmit } from './network.ts';
import { remember } from './properties.ts';
import type { Curve, Effect, Happened, Json, NodeState } from './protocol.ts';
import { signMessage } from './signatures.ts';
import { statePath } from './state-path.ts';
import { afterWord, bend } from './traitor.ts';
import type { NodeRecord, World } from './world.ts';

/** How many of a node's first messages a replaying traitor can choose from. */
const rememberedSends = 16;

export function enterState(world: World, node: NodeRecord, state: NodeState, draft: Draft): void {
  if (state === node.state) return;
  const path = node.state?.value === state.value ? node.path : statePath(state.value);
  node.state = state;
  node.context = state.context;
  world.versions.states += 1;
  draft.after = path;
  if (path === node.path) return;
  node.path = path;
  world.reached.add(`${node.id} ${path}`);
}

/** @param strike applies the scripted faults that this very effect sets off; a crash among them ends the step here */
export function applyEffects(
  world: World,
  node: NodeRecord,
  effects: readonly Effect[],
  draft: Draft,
  strike: (on: 'sends' | 'decides', what: Json) => void,
): void {
  for (let i = 0; i < effects.length; i++) {
    const effect = effects[i] as Effect;
    draft.effects.push(effect);
    applyEffect(world, node, effect, draft);
    if (node.crashAfter !== null && effect.type === 'send') countDown(world, node, draft);
    if (node.status === 'up' && effect.type === 'send') strike('sends', effect.message.type);
    else if (node.status === 'up' && effect.type === 'decide') strike('decides', effect.value);
    if (node.status !== 'up' && node.state === null) {
      suppress(world, node, effects.slice(i + 1), draft);
      return;
    }
  }
}

function applyEffect(world: World, node: NodeRecord, effect: Effect, draft: Draft): void {
  switch (effect.type) {
    case 'send':
      send(world, node, effect, draft);
      break;
    case 'persist':
      node.stable = write(node.stable, effect.key, effect.value);
      node.writeDepth += 1;
      world.costs.stableWrites += 1;
      world.versions.states += 1;
      break;
    case 'setTimer':
      setTimer(world, node, effect.timer, effect.delayMs);
      break;
    case 'cancelTimer':
      if (node.timers.length > 0) node.timers = node.timers.filter(({ timer }) => timer !== effect.timer);
      break;
    case 'decide':
      decide(world, node, effect.value);
      break;
    case 'deliver':
      node.delivered = [...node.delivered, effect.item];
      world.costs.items += 1;
      world.versions.deliveries += 1;
      break;
    case 'note':
      draft.notes.push(effect.text);
      break;
  }
  const happened = { node: node.id, honest: node.honest, effect };
  remember(world, happened);
  if (world.protocol.curve !== undefined) addToCurve(world, world.protocol.curve, happened);
}

function addToCurve({ costs, nowMs, scenario }: World, curve: Curve, happened: Happened): void {
  const added = curve.adds(happened);
  if (added === 0) return;
  const interval = Math.floor(nowMs / Math.max(1, curve.intervalMs(scenario.parameters)));
  while (costs.curve.length <= interval) costs.curve.push(0);
  costs.curve[interval] = (costs.curve[interval] as number) + added;
}

function write(stable: NodeRecord['stable'], key: string, value: Json): NodeRecord['stable'] {
  if (value !== null) return { ...stable, [key]: value };
  const { [key]: _, ...rest } = stable;
  return rest;
}

function setTimer(world: World, node: NodeRecord, timer: string, delayMs: number): void {
  const token = world.nextToken++;
  const fireAtMs = world.nowMs + Math.round(delayMs / node.clock.rate);
  if (node.clock.rate !== 1) touch(world, node.clock.fault);
  node.timers = [
    ...node.timers.filter((each) => each.timer !== timer),
    { timer, setAtMs: world.nowMs, fireAtMs, token },
  ];
  schedule(world.agenda, fireAtMs, { type: 'fire', node: node.id, timer }, token);
}

function decide(world: World, node: NodeRecord, value: Json): void {
  const { costs } = world;
  if (node.honest) {
    costs.messageDelays = Math.max(costs.messageDelays, node.depth);
    costs.stableWriteDelays = Math.max(costs.stableWriteDelays, node.writeDepth);
  }
  if (node.decisions.some((earlier) => sameJson(earlier, value))) return;
  node.decisions = [...node.decisions, value];
  world.versions.decisions += 1;
}

function send(world: World, node: NodeRecord, effect: Extract<Effect, { type: 'send' }>, draft: Draft): void {
  const honest = effect.message;
  const { treachery } = node;
  const bent = treachery === null ? null : bend(world, node, treachery.how, effect.to, honest);
  if (treachery !== null && (bent === null || bent.lie)) touch(world, treachery.fault);
  if (treachery?.how.says !== undefined) node.treachery = { ...treachery, how: afterWord(treachery.how) };
  if (node.sentBefore.length < rememberedSends) node.sentBefore.push(honest);
  if (treachery !== null && bent === null) return;
  const spoken = bent?.body ?? honest;
  const body = effect.signed ? signMessage(world.scenario.seed, node.id, spoken) : spoken;
  const lie = treachery !== null && bent?.lie ? { behaviour: treachery.how.behaviour, honest } : undefined;
  transmit(world, node, { to: effect.to, body, ...(lie ? { lie } : {}), extraMs: bent?.extraMs ?? 0 }, draft);
  const sent = draft.sends.at(-1);
  for (let copies = (bent?.copies ?? 1) - 1; copies > 0 && sent !== undefined; copies--) {
    world.costs.messages += 1;
    copyMessage(world, sent, draft);
  }
}

/** An armed mid-broadcast crash: one send nearer. */
function countDown(world: World, node: NodeRecord, draft: Draft): void {
  const armed = node.crashAfter;
  if (armed === null) return;
  if (armed.sends > 1) node.crashAfter = { ...armed, sends: armed.sends - 1 };
  else {
    draft.notes.push(`${node.id} crashes in the middle of its step`);
    crashNode(world, node, armed.fault, draft);
  }
}

/** The rest of a step that the crash cut off never happens. */
function suppress(world: World, node: NodeRecord, rest: readonly Effect[], draft: Draft): void {
  const unsent = rest.filter(({ type }) => type === 'send').length;
  if (unsent > 0)
    draft.notes.push(`${unsent} more ${unsent === 1 ? 'send' : 'sends'} of this step never left ${node.id}`);
  touch(world, node.crash?.fault ?? null, rest.filter(({ type }) => type !== 'cancelTimer' && type !== 'note').length);
}

/** A crash by a fault. Where crashes are announced, the others are told: in the lecture's words, a "farewell, cruel world". */
export function crashNode(world: World, node: NodeRecord, fault: number, draft: Draft): void {
  blamedCrash(world, node, fault, draft);
  if (world.scenario.failures !== 'fail-stop') return;
  for (const other of world.nodes) {
    if (other !== node) transmit(world, node, { to: other.id, body: { type: 'farewell' } }, draft);
  }
}

/** The node goes down: its context, timers and inbox are gone, its stable storage stays. `fault` null: by itself. */
export function blamedCrash(world: World, node: NodeRecord, fault: number | null, draft: Draft): void {
  touch(world, fault, node.timers.length);
  node.crash = {
    fault,
    atMs: world.nowMs,
    index: draft.index,
    path: node.path,
    lost: node.context,
    kept: node.stable,
    lostTimers: node.timers.map(({ timer }) => timer),
  };
  const { waiting } = node;
  Object.assign(node, {
    status: 'crashed',
    state: null,
    context: {},
    path: '',
    timers: [],
    waiting: [],
    pausedBy: null,
    crashAfter: null,
  });
  // a step that the crash cut off ends without a state
  if (draft.node === node.id && draft.after !== null) draft.after = '';
  node.everCrashed = true;
  world.versions.crashes += 1;
  world.anyFault = true;
  world.versions.states += 1;
  for (const choice of waiting) {
    const message = choice.type === 'deliver' ? world.pending.get(choice.message) : undefined;
    if (message === undefined) continue;
    world.pending.delete(message.id);
    world.costs.dropped += 1;
    draft.fates.push({ id: message.id, message, place: 'dropped', why: { by: 'crash', fault } });
    touch(world, fault);
  }
}
