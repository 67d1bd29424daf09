/**
 * What is said on the bus, as data. A node gets `step` requests and answers each with `result`, `same` or `threw`; an
 * answer longer than one message travels as `part`s, which only a node with a request outstanding may send. An operator
 * sends commands; a viewer sends nothing. Operators and viewers receive `snapshot`s.
 */
import type { Effect, Json, JsonObject, NodeId, NodeState } from '../core/protocol.ts';
import type { Act } from '../core/session.ts';
import {
  anything,
  BadMessage,
  type Check,
  fields,
  flag,
  harmless,
  integer,
  listOf,
  object,
  positive,
  text,
  variants,
  whole,
} from './shapes.ts';

/** Take one step. `base`: the number of a state that this thread has seen, 0 for a start anew; `state`: that state, when it has not. */
export interface StepRequest {
  readonly type: 'step';
  readonly seq: number;
  readonly base: number;
  readonly state?: NodeState;
  readonly event: (JsonObject & { readonly type: string }) | null;
  /** only for a start: what earlier lives persisted */
  readonly stable?: Readonly<Record<string, Json>>;
}

/** An answer that is not a part of one. */
export type Answer =
  | {
      readonly type: 'result';
      readonly node: NodeId;
      readonly seq: number;
      readonly state: NodeState;
      readonly effects: readonly Effect[];
    }
  /** the machine did not handle the event: same state, no effects */
  | { readonly type: 'same'; readonly node: NodeId; readonly seq: number }
  /** `seq` 0: it could not even load the protocol */
  | { readonly type: 'threw'; readonly node: NodeId; readonly seq: number; readonly reason: string };
export type NodeMessage =
  | { readonly type: 'ready'; readonly node: NodeId }
  | Answer
  | {
      readonly type: 'part';
      readonly node: NodeId;
      readonly seq: number;
      readonly text: string;
      readonly last: boolean;
    };

export type Command =
  | { readonly type: 'act'; readonly act: Act }
  | { readonly type: 'run'; readonly running: boolean }
  | { readonly type: 'step' };

/** A step's answer travels in parts up to this: a context and effects of the greatest size, every character escaped. */
export const answerCharactersMax = 16 * 1024 * 1024;
/** Every character may take six bytes when escaped, and a part must stay under the bus's message limit. */
export const partCharactersMax = 10_000;
const depthMax = 64;
/** what a command holds must find room in a recording, which is nested 32 deep at most */
const commandDepthMax = 24;

const type = text;
const message = { message: whole };
const link = { message: whole, from: text, to: text, kind: text, count: whole };
/** of a scripted traitor: the truth, nothing, or the message that stands there */
const word: Check = (value, path) => {
  if (value === 'truth' || value === 'nothing') return;
  object(value, path);
  text((value as { type?: unknown }).type, `${path}.type`);
};
const act = variants({
  crash: fields({ type, node: text }, { afterSends: whole }),
  restart: fields({ type, node: text }),
  pause: fields({ type, node: text }),
  resume: fields({ type, node: text }),
  skew: fields({ type, node: text }, { offsetMs: integer, rate: positive }),
  partition: fields({ type, groups: listOf(listOf(text)) }, { drop: flag }),
  cut: fields({ type, from: text, to: text }, { drop: flag }),
  heal: fields({ type }),
  delay: fields({ type, byMs: whole }, link),
  hold: fields({ type }, link),
  release: fields({ type }, link),
  drop: fields({ type }, link),
  duplicate: fields({ type }, link),
  'deliver-now': fields({ type, ...message }),
  reorder: fields({ type, ...message }),
  corrupt: fields({ type, ...message, values: object }),
  traitor: fields(
    { type, node: text, behaviour: text },
    { targets: listOf(text), kinds: listOf(text), byMs: whole, says: listOf(word), lateMs: listOf(whole) },
  ),
  honest: fields({ type, node: text }),
  input: fields({ type, node: text, input: text, data: object }),
});

const effect = variants({
  send: fields({ type, to: text, message: anything }, { signed: flag }),
  persist: fields({ type, key: text, value: anything }),
  setTimer: fields({ type, timer: text, delayMs: whole }),
  cancelTimer: fields({ type, timer: text }),
  decide: fields({ type, value: anything }),
  deliver: fields({ type, item: anything }),
  note: fields({ type, text }),
});
const answers = {
  result: fields({
    type,
    node: text,
    seq: whole,
    state: fields({ value: anything, context: object, done: flag }),
    effects: listOf(effect),
  }),
  same: fields({ type, node: text, seq: whole }),
  threw: fields({ type, node: text, seq: whole, reason: text }),
};
const nodeMessage = variants({
  ready: fields({ type, node: text }),
  part: fields({ type, node: text, seq: whole, text, last: flag }),
  ...answers,
});
const command = variants({ act: fields({ type, act }), run: fields({ type, running: flag }), step: fields({ type }) });

function parseAs<T>(json: string, check: Check, depth = depthMax): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new BadMessage('', 'not JSON');
  }
  harmless(value, '', depth);
  check(value, '');
  return value as T;
}

export const parseNodeMessage = (json: string): NodeMessage => parseAs<NodeMessage>(json, nodeMessage);
export const parseAnswer = (json: string): Answer => parseAs<Answer>(json, variants(answers));
export const parseCommand = (json: string): Command => parseAs<Command>(json, command, commandDepthMax);
