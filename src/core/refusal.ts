/** Why something that a person wants to do is not possible now. The screen shows it beside a disabled key. */
import { excessIn } from './act-limits.ts';
import { nodeIn } from './draft.ts';
import type { Fault, MessageTarget } from './faults.ts';
import type { Act } from './session.ts';
import { objectionToValues } from './strike-messages.ts';
import { behaviourHelp } from './traitor.ts';
import type { Envelope, World } from './world.ts';

/** One short sentence; null: go ahead. */
export function refusal(world: World, act: Act): string | null {
  return refuseHere(world, act) ?? excessIn(act);
}

function refuseHere(world: World, act: Act): string | null {
  if ('node' in act) {
    const node = nodeIn(world, act.node);
    if (node === undefined) return `there is no node ${act.node}`;
    const isDown = node.status === 'crashed' || node.status === 'failed';
    switch (act.type) {
      case 'crash':
        return isDown ? `${node.id} is down already` : null;
      case 'restart':
        return isDown ? null : `${node.id} is up: only a crashed node can restart`;
      case 'pause':
        return node.status === 'up' ? null : `${node.id} is ${node.status} already`;
      case 'resume':
        return node.status === 'paused' ? null : `${node.id} is not paused`;
      case 'honest':
        return node.treachery === null ? `${node.id} is no traitor` : null;
      case 'traitor':
        return refuseTreachery(world, act);
      case 'skew':
        return null;
      case 'input':
        return refuseInput(world, act, node.role, isDown ? `${node.id} is down` : null);
    }
  }
  return refuseNetworkFault(world, act as Fault);
}

function refuseTreachery(world: World, act: Extract<Fault, { type: 'traitor' }>): string | null {
  if ((act.behaviour === 'scripted') !== (act.says !== undefined))
    return 'a scripted traitor, and no other, has `says`: what it says instead of each message';
  if (act.lateMs !== undefined && act.lateMs.length !== act.says?.length)
    return '`lateMs` says of each word in `says`, and of nothing else, how late it comes';
  if (act.behaviour !== 'scripted' && !Object.hasOwn(behaviourHelp, act.behaviour))
    return `there is no behaviour ${String(act.behaviour)}`;
  const stranger = act.targets?.find((id) => !world.indexOf.has(id));
  if (stranger !== undefined) return `there is no node ${stranger}`;
  const unknown = act.kinds?.find((kind) => world.protocol.messages[kind] === undefined);
  return unknown === undefined ? null : `the protocol has no message ${unknown}`;
}

function refuseInput(
  world: World,
  act: Extract<Act, { type: 'input' }>,
  role: string,
  down: string | null,
): string | null {
  const kind = world.protocol.inputs[act.input];
  if (kind === undefined) return `the protocol has no input ${act.input}`;
  if (kind.roles !== undefined && !kind.roles.includes(role))
    return `${act.input} is for ${kind.roles.join(', ')}, not for a ${role}`;
  return down;
}

function refuseNetworkFault(world: World, act: Fault): string | null {
  switch (act.type) {
    case 'partition':
      return refuseGroups(world, act.groups);
    case 'cut':
      if (!world.indexOf.has(act.from)) return `there is no node ${act.from}`;
      if (!world.indexOf.has(act.to)) return `there is no node ${act.to}`;
      if (act.from === act.to) return 'a node has no link to itself';
      return world.cuts.some(({ from, to }) => from === act.from && to === act.to)
        ? `${act.from}→${act.to} is cut already`
        : null;
    case 'heal': {
      const held = [...world.pending.values()].some((message) => message.held?.by === 'hold');
      const broken = world.partition !== null || world.cuts.length > 0 || world.rules.length > 0 || held;
      return broken ? null : 'nothing is broken';
    }
    case 'delay':
    case 'hold':
    case 'release':
    case 'drop':
    case 'duplicate':
    case 'deliver-now':
    case 'reorder':
      return refuseMessageFault(world, act.type, act);
    case 'corrupt':
      return refuseMessageFault(world, act.type, act) ?? refuseValues(world, act);
    default:
      return null;
  }
}

function refuseGroups(world: World, groups: readonly (readonly string[])[]): string | null {
  if (groups.length < 2 || groups.some((group) => group.length === 0))
    return 'a partition has two groups or more, none of them empty';
  const seen = new Set<string>();
  for (const id of groups.flat()) {
    if (!world.indexOf.has(id)) return `there is no node ${id}`;
    if (seen.has(id)) return `${id} is in two groups`;
    seen.add(id);
  }
  const forgotten = world.ids.find((id) => !seen.has(id));
  return forgotten === undefined ? null : `${forgotten} is in no group`;
}

function refuseMessageFault(world: World, type: Fault['type'], target: MessageTarget): string | null {
  const stranger = [target.from, target.to].find((id) => id !== undefined && !world.indexOf.has(id));
  if (stranger !== undefined) return `there is no node ${stranger}`;
  if (target.kind !== undefined && world.protocol.messages[target.kind] === undefined)
    return `the protocol has no message ${target.kind}`;
  if (target.message === undefined) return null;
  const message = world.pending.get(target.message);
  if (message === undefined) return `message ${target.message} is no longer on its way`;
  return refuseForMessage(world, type, message);
}

function refuseValues(world: World, { message, values }: Extract<Fault, { type: 'corrupt' }>): string | null {
  const envelope = world.pending.get(message);
  return envelope === undefined ? null : objectionToValues(world, envelope, values);
}

function refuseForMessage(world: World, type: Fault['type'], message: Envelope): string | null {
  const held = message.held?.by;
  if (held === 'pause') return `message ${message.id} has arrived: it waits for ${message.to} to resume`;
  const isBarred = held === 'partition' || held === 'cut';
  const older = olderOnLink(world, message);
  switch (type) {
    case 'release':
      if (held === 'hold' && older !== null) return `links are fifo: message ${older.id} goes first`;
      return held === 'hold'
        ? null
        : `message ${message.id} is not held by hand${isBarred ? `: a ${held} holds it, heal first` : ''}`;
    case 'hold':
      return held === undefined ? null : `message ${message.id} is held already`;
    case 'deliver-now':
      if (isBarred) return `a ${held} holds message ${message.id}: heal first`;
      return older === null ? null : `links are fifo: message ${older.id} goes first`;
    case 'reorder':
      if (held !== undefined) return `message ${message.id} is held: it has no place in the order`;
      if (world.scenario.network.order === 'fifo') return 'links are fifo: their order cannot change';
      return hasFollower(world, message) ? null : `no message follows ${message.id} on ${message.from}→${message.to}`;
    default:
      return null;
  }
}

function olderOnLink(world: World, message: Envelope): Envelope | null {
  if (world.scenario.network.order !== 'fifo') return null;
  for (const other of world.pending.values()) {
    if (other.from === message.from && other.to === message.to && other.id < message.id) return other;
  }
  return null;
}

function hasFollower(world: World, message: Envelope): boolean {
  for (const other of world.pending.values()) {
    const sameLink = other.from === message.from && other.to === message.to && other.id !== message.id;
    if (sameLink && other.held === null && other.deliverAtMs >= message.deliverAtMs) return true;
  }
  return false;
}
