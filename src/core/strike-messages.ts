/** Faults that strike messages: one that is on its way, or, as a standing rule, whatever is sent from now on. */
import { type Draft, dropMessage, touch } from './draft.ts';
import type { Fault, MessageTarget } from './faults.ts';
import { sameJson } from './json.ts';
import { copyMessage, followers, holdMessage, releaseMessage, reschedule, travel } from './network.ts';
import type { Json, JsonObject } from './protocol.ts';
import type { Envelope, World } from './world.ts';

/** The messages that `hold` has stopped, in sending order. */
export const heldByHand = (world: World): Envelope[] =>
  [...world.pending.values()].filter(({ held }) => held?.by === 'hold').sort((a, b) => a.id - b.id);

const isCaught = (target: MessageTarget, message: Envelope): boolean =>
  (target.message === undefined || target.message === message.id) &&
  (target.from === undefined || target.from === message.from) &&
  (target.to === undefined || target.to === message.to) &&
  (target.kind === undefined || target.kind === message.body.type);

type MessageFault = Extract<
  Fault,
  { type: 'delay' | 'hold' | 'release' | 'drop' | 'duplicate' | 'deliver-now' | 'reorder' | 'corrupt' }
>;

export function strikeMessages(world: World, fault: MessageFault, id: number, draft: Draft): void {
  if (fault.type === 'release') {
    for (const message of heldByHand(world)) {
      if (!isCaught(fault, message)) continue;
      touch(world, id);
      releaseMessage(world, message, draft);
    }
    const stays = ({ rule }: World['rules'][number]): boolean =>
      rule.type !== 'hold' || rule.from !== fault.from || rule.to !== fault.to || rule.kind !== fault.kind;
    world.rules = world.rules.filter(stays);
    return;
  }
  if (fault.message === undefined) {
    if (fault.type === 'deliver-now' || fault.type === 'reorder' || fault.type === 'corrupt') return;
    world.rules = [...world.rules, { fault: id, rule: fault, left: fault.count ?? -1 }];
    return;
  }
  const message = world.pending.get(fault.message);
  if (message === undefined) {
    draft.notes.push(`message ${fault.message} is no longer on its way`);
    return;
  }
  const objection = fault.type === 'corrupt' ? objectionToValues(world, message, fault.values) : null;
  if (objection === null) strikeOne(world, fault, message, id, draft);
  else draft.notes.push(objection);
}

function strikeOne(
  world: World,
  fault: Exclude<MessageFault, { type: 'release' }>,
  message: Envelope,
  id: number,
  draft: Draft,
): void {
  if (fault.type !== 'drop') touch(world, id);
  world.anyFault = true;
  switch (fault.type) {
    case 'drop':
      dropMessage(world, draft, message, { by: 'fault', fault: id });
      break;
    case 'duplicate':
      copyMessage(world, message, draft);
      break;
    case 'hold':
      for (const each of [message, ...followers(world, message)])
        holdMessage(world, each, { by: 'hold', fault: id, sinceMs: world.nowMs }, draft);
      break;
    case 'delay':
      if (message.held === null) reschedule(world, message, message.deliverAtMs + fault.byMs);
      else world.pending.set(message.id, { ...message, deliverAtMs: message.deliverAtMs + fault.byMs });
      break;
    case 'deliver-now':
      if (message.held?.by === 'hold') releaseMessage(world, { ...message, deliverAtMs: world.nowMs }, draft);
      comeNow(world, message.id);
      break;
    case 'reorder':
      putAfterNext(world, message);
      break;
    case 'corrupt':
      corrupt(world, message, fault.values, draft);
  }
}

const isText = (value: Json): boolean => typeof value === 'string';
/** What has not the form of its field, no receiver could even read. Of a field of no kind named here anything can be said. */
const forms: Readonly<Record<string, { readonly words: string; fits(value: Json): boolean }>> = {
  number: { words: 'a number', fits: (value) => typeof value === 'number' },
  flag: { words: 'true or false', fits: (value) => typeof value === 'boolean' },
  text: { words: 'text', fits: isText },
  node: { words: 'the name of a node', fits: (value) => value === null || isText(value) },
  list: { words: 'a list', fits: Array.isArray },
};

/** Why a message cannot be made to say this; null: it can. */
export function objectionToValues({ protocol }: World, { id, body }: Envelope, values: JsonObject): string | null {
  const declared = protocol.messages[body.type]?.fields ?? {};
  for (const field of Object.keys(values)) {
    if (field === 'type' || field === 'signed')
      return `the ${field === 'type' ? 'kind' : 'signature'} of a message stays`;
    if (!Object.hasOwn(body, field) && !Object.hasOwn(declared, field)) return `${body.type} has no field ${field}`;
    const form = forms[declared[field] ?? ''];
    if (form !== undefined && !form.fits(values[field] ?? null)) return `${field} of ${body.type} is ${form.words}`;
  }
  const isChanged = Object.entries(values).some(([field, value]) => !sameJson(value, body[field]));
  return isChanged ? null : `message ${id} says that already`;
}

function corrupt(world: World, message: Envelope, values: JsonObject, draft: Draft): void {
  const { id, from, to, body, was = body } = message;
  world.pending.set(id, { ...message, body: { ...body, ...values }, was });
  world.assumptions.push({
    what: `message ${id} from ${from} to ${to} was changed on its way: links lose and delay what is sent, but do not change it`,
    index: draft.index,
    atMs: world.nowMs,
  });
}

/** Unless something holds it. */
function comeNow(world: World, id: number): void {
  const message = world.pending.get(id);
  if (message?.held === null) reschedule(world, message, world.nowMs);
}

/** The message arrives 1 ms after the next one on its link. Fifo order forbids it: `refusal` says so beforehand. */
function putAfterNext(world: World, message: Envelope): void {
  let next: Envelope | null = null;
  for (const other of world.pending.values()) {
    const follows =
      other.from === message.from && other.to === message.to && other.held === null && other.id !== message.id;
    if (follows && other.deliverAtMs >= message.deliverAtMs && (next === null || other.deliverAtMs < next.deliverAtMs))
      next = other;
  }
  if (next !== null) travel(world, message, next.deliverAtMs + 1);
}
