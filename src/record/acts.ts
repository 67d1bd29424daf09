/**
 * Reads a person's act from a recording: a fault or an input, with exactly the fields that it may have, over nodes that
 * the scenario has. Whether it was possible at that moment is for the replay to find out.
 */
import { actLimits } from '../core/act-limits.ts';
import { type Fault, type FaultType, faultHelp } from '../core/faults.ts';
import { isObject } from '../core/json.ts';
import type { JsonObject, NodeId } from '../core/protocol.ts';
import { behaviourHelp } from '../core/traitor.ts';
import type { RecordedAct } from './format.ts';
import { type Fields, flagAt, integerAt, Misshape, numberAt, objectAt, oneOf, onlyKeys, textAt } from './shape.ts';

type Check = (fields: Fields, key: string, nodes: readonly NodeId[]) => void;
const path = 'act';
const behaviours = [...Object.keys(behaviourHelp), 'scripted'];

const node: Check = (fields, key, nodes) => void oneOf(fields[key], `${path}.${key}`, 'node', nodes);
const flag: Check = (fields, key) => void flagAt(fields, path, key);
const count: Check = (fields, key) => void integerAt(fields, path, key, 1, actLimits.count);
const message: Check = (fields, key) => void integerAt(fields, path, key, 1, actLimits.message);
const text: Check = (fields, key) => void textAt(fields, path, key, 200);
const values: Check = (fields, key) => {
  if (!isObject(fields[key])) throw new Misshape(`${path}.${key}`, `${key} must be an object: the fields that change`);
};
const duration: Check = (fields, key) => void integerAt(fields, path, key, 0, actLimits.durationMs);
const listOf =
  (what: string, item: (value: unknown, at: string, nodes: readonly NodeId[]) => void): Check =>
  (fields, key, nodes) => {
    const list = fields[key];
    if (!Array.isArray(list)) throw new Misshape(`${path}.${key}`, `${key} must be a list of ${what}`);
    for (const [index, value] of list.entries()) item(value, `${path}.${key}[${index}]`, nodes);
  };
const nodeList = listOf('nodes', (value, at, nodes) => void oneOf(value, at, 'node', nodes));
const kindList = listOf('message kinds', (value, at) => {
  if (typeof value !== 'string') throw new Misshape(at, 'a message kind must be a text');
});
const words = listOf('words', (value, at) => {
  if (value === 'truth' || value === 'nothing') return;
  if (!isObject(value)) throw new Misshape(at, 'a word must be "truth", "nothing", or the message that is a lie');
  textAt(value, at, 'type', 200);
});
const durations = listOf('durations', (value, at) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0 || (value as number) > actLimits.durationMs)
    throw new Misshape(at, `a duration must be a whole number from 0 to ${actLimits.durationMs}`);
});
/** Every node stands in exactly one group. */
const groups: Check = (fields, key, nodes) => {
  const seen = new Set<NodeId>();
  listOf('groups', (group, at) => {
    if (!Array.isArray(group)) throw new Misshape(at, 'a group must be a list of nodes');
    for (const [index, value] of group.entries()) {
      const id = oneOf(value, `${at}[${index}]`, 'node', nodes);
      if (seen.has(id)) throw new Misshape(`${at}[${index}]`, `${id} stands in two groups`);
      seen.add(id);
    }
  })(fields, key, nodes);
  const forgotten = nodes.filter((id) => !seen.has(id));
  if (forgotten.length > 0) throw new Misshape(`${path}.${key}`, `no group has ${forgotten.join(', ')}`);
};

interface Form {
  readonly needed: Readonly<Record<string, Check>>;
  readonly optional?: Readonly<Record<string, Check>>;
}
const target = { message, from: node, to: node, kind: text, count };
const oneNode: Form = { needed: { node } };
const forms: Readonly<Record<FaultType, Form>> = {
  crash: {
    needed: { node },
    optional: { afterSends: (fields, key) => void integerAt(fields, path, key, 0, actLimits.count) },
  },
  restart: oneNode,
  pause: oneNode,
  resume: oneNode,
  skew: {
    needed: { node },
    optional: {
      offsetMs: (fields, key) => void integerAt(fields, path, key, -actLimits.durationMs, actLimits.durationMs),
      rate: (fields, key) => void numberAt(fields, path, key, 0, actLimits.rate),
    },
  },
  partition: { needed: { groups }, optional: { drop: flag } },
  cut: { needed: { from: node, to: node }, optional: { drop: flag } },
  heal: { needed: {} },
  delay: { needed: { byMs: duration }, optional: target },
  hold: { needed: {}, optional: target },
  release: { needed: {}, optional: target },
  drop: { needed: {}, optional: target },
  duplicate: { needed: {}, optional: target },
  'deliver-now': { needed: { message } },
  reorder: { needed: { message } },
  corrupt: { needed: { message, values } },
  traitor: {
    needed: {
      node,
      behaviour: (fields, key) => void oneOf(fields[key], `${path}.${key}`, 'behaviour', behaviours),
    },
    optional: { targets: nodeList, kinds: kindList, byMs: duration, says: words, lateMs: durations },
  },
  honest: oneNode,
};

export function readAct(value: unknown, nodes: readonly NodeId[]): RecordedAct {
  const fields = objectAt(value, path);
  const type = oneOf(fields.type, `${path}.type`, 'act', [
    ...Object.keys(faultHelp),
    'input',
    'fail',
    'deliver',
    'fire',
  ]);
  if (type === 'input') return readInput(fields, nodes);
  if (type === 'fail') return readFailure(fields, nodes);
  if (type === 'deliver') {
    onlyKeys(fields, path, ['type', 'message']);
    return { type, message: integerAt(fields, path, 'message', 1, actLimits.message) };
  }
  if (type === 'fire') {
    onlyKeys(fields, path, ['type', 'node', 'timer']);
    node(fields, 'node', nodes);
    return { type, node: fields.node as NodeId, timer: textAt(fields, path, 'timer') };
  }
  const { needed, optional = {} } = forms[type as FaultType];
  onlyKeys(fields, path, ['type', ...Object.keys(needed)], Object.keys(optional));
  for (const [key, check] of [...Object.entries(needed), ...Object.entries(optional)]) {
    if (fields[key] !== undefined) check(fields, key, nodes);
  }
  return fields as Fault;
}

function readInput(fields: Fields, nodes: readonly NodeId[]): RecordedAct {
  onlyKeys(fields, path, ['type', 'node', 'input', 'data'], ['early']);
  node(fields, 'node', nodes);
  text(fields, 'input', nodes);
  if (!isObject(fields.data)) throw new Misshape(`${path}.data`, 'data must be an object');
  const input = {
    type: 'input',
    node: fields.node as NodeId,
    input: fields.input as string,
    data: fields.data as JsonObject,
  } as const;
  return fields.early !== undefined && flagAt(fields, path, 'early') ? { ...input, early: true } : input;
}

function readFailure(fields: Fields, nodes: readonly NodeId[]): RecordedAct {
  onlyKeys(fields, path, ['type', 'node', 'reason'], ['restarting']);
  node(fields, 'node', nodes);
  const failure = { type: 'fail', node: fields.node as NodeId, reason: textAt(fields, path, 'reason') } as const;
  return fields.restarting !== undefined && flagAt(fields, path, 'restarting')
    ? { ...failure, restarting: true }
    : failure;
}
