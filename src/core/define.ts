/**
 * `defineProtocol`: turns what a person writes into a complete `Protocol`, or says in one sentence what is wrong with it.
 * It is lenient about form (names in a list, plain defaults as parameters, most fields left out) and strict about what
 * could not run: roles that are no statecharts, and statecharts that ask for more than effects.
 */
import { authored } from './authored.ts';
import { checkRole } from './define-role.ts';
import { isObject, type Json } from './json.ts';
import type {
  InputKind,
  MessageKind,
  NodeId,
  NodeInput,
  ParameterSpec,
  Property,
  Protocol,
  RoleName,
} from './protocol.ts';

/** A protocol definition that cannot be used, and why, in one sentence. */
export class ProtocolError extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'ProtocolError';
  }
}

/** What `defineProtocol` takes: a `Protocol` whose lists may be shorter and whose optional parts may be left out. */
export interface ProtocolDefinition
  extends Omit<Partial<Protocol>, 'id' | 'roles' | 'messages' | 'inputs' | 'parameters'> {
  readonly id: string;
  readonly roles: Protocol['roles'];
  /** names, or names with their fields */
  readonly messages: readonly string[] | Readonly<Record<string, MessageKind>>;
  readonly inputs?: readonly string[] | Readonly<Record<string, InputKind>>;
  /** specifications, or plain default values; a plain number also takes durations, in milliseconds */
  readonly parameters?: Readonly<Record<string, ParameterSpec | Json>>;
}

const NAME = /^[\p{L}][\p{L}\p{N}._-]{0,63}$/u;
const PARAMETER_KINDS = ['duration', 'integer', 'number', 'flag', 'text', 'choice', 'value', 'per-node'];
const FIELD_KINDS = ['text', 'number', 'node', 'flag', 'value', 'list'];
const PROPERTY_KINDS = ['always', 'sometimes', 'eventually'];
/** names that a message's own parts already have */
const TAKEN_FIELDS = ['type', 'from', 'clockMs'];

const finished = new WeakSet<object>();

/** Checks and completes a definition. Throws `ProtocolError`. A protocol that it made is returned as it is. */
export function defineProtocol(definition: ProtocolDefinition): Protocol {
  if (finished.has(definition)) return definition as Protocol;
  if (!isObject(definition)) throw new ProtocolError('a protocol is an object: { id, roles, messages, ... }');
  const { id } = definition;
  if (typeof id !== 'string' || !NAME.test(id)) {
    throw new ProtocolError('a protocol needs an `id`: letters, digits, dots and dashes, beginning with a letter');
  }
  const fail = (what: string): never => {
    throw new ProtocolError(`protocol ${id}: ${what}`);
  };
  const roles = checkedRoles(definition.roles, fail);
  const complete: Protocol = {
    ...definition,
    id,
    title: definition.title ?? id,
    source: definition.source ?? '',
    problem: definition.problem ?? 'custom',
    roles,
    messages: kinds(definition.messages, 'messages', fail),
    inputs: checkedInputs(definition.inputs, roles, fail),
    parameters: parameters(definition.parameters, roles, fail),
    properties: properties(definition.properties ?? [], fail),
  };
  checkOptionalParts(complete, fail);
  const protocol = authored(complete);
  finished.add(protocol);
  return protocol;
}

type Fail = (what: string) => never;

function checkedRoles(roles: unknown, fail: Fail): Protocol['roles'] {
  if (!isObject(roles) || Object.keys(roles).length === 0) {
    return fail('`roles` must name at least one role and its machine: roles: { node: machine }');
  }
  for (const [role, machine] of Object.entries(roles)) {
    if (!NAME.test(role)) fail(`the role name \`${role}\` must be letters, digits, dots and dashes`);
    const trouble = checkRole(machine);
    if (trouble !== null) fail(`role ${role} ${trouble}`);
  }
  return roles as Protocol['roles'];
}

function kinds(given: unknown, where: string, fail: Fail): Readonly<Record<string, MessageKind>> {
  if (given === undefined) return {};
  if (Array.isArray(given)) {
    const twice = given.find((name, i) => given.indexOf(name) !== i);
    if (twice !== undefined) fail(`\`${where}\` names ${String(twice)} twice`);
    return kinds(Object.fromEntries(given.map((name) => [String(name), {}])), where, fail);
  }
  if (!isObject(given)) return fail(`\`${where}\` must be a list of names or a mapping from name to { about, fields }`);
  for (const [name, kind] of Object.entries(given)) {
    if (!NAME.test(name)) fail(`\`${where}\`: \`${name}\` must be letters, digits, dots and dashes`);
    if (!isObject(kind)) fail(`\`${where}.${name}\` must be an object: { about, fields }`);
    for (const [field, type] of Object.entries((kind as MessageKind).fields ?? {})) {
      if (TAKEN_FIELDS.includes(field)) fail(`\`${where}.${name}\` has a field \`${field}\`, a name that is taken`);
      if (!FIELD_KINDS.includes(type)) {
        fail(`\`${where}.${name}.${field}\` is ${String(type)}, but must be one of ${FIELD_KINDS.join(', ')}`);
      }
    }
  }
  return given as Readonly<Record<string, MessageKind>>;
}

function checkedInputs(given: unknown, roles: Protocol['roles'], fail: Fail): Protocol['inputs'] {
  const inputs = kinds(given, 'inputs', fail) as Protocol['inputs'];
  for (const [name, input] of Object.entries(inputs)) {
    for (const role of input.roles ?? []) {
      if (!Object.hasOwn(roles, role)) fail(`input ${name} is for role ${role}, but there is no such role`);
    }
  }
  return inputs;
}

function parameters(given: unknown, roles: Protocol['roles'], fail: Fail): Protocol['parameters'] {
  if (given === undefined) return {};
  if (!isObject(given)) return fail('`parameters` must be a mapping from name to default or specification');
  const specs: Record<string, ParameterSpec> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!NAME.test(name)) fail(`parameter \`${name}\` must be letters, digits, dots and dashes`);
    specs[name] = parameter(value, `parameter ${name}`, roles, fail);
  }
  return specs;
}

function parameter(value: unknown, where: string, roles: Protocol['roles'], fail: Fail): ParameterSpec {
  if (typeof value === 'number') return { kind: 'number', default: value };
  if (typeof value === 'boolean') return { kind: 'flag', default: value };
  if (typeof value === 'string') return { kind: 'text', default: value };
  if (!isObject(value) || typeof value.kind !== 'string' || !PARAMETER_KINDS.includes(value.kind)) {
    if (value === undefined || typeof value === 'function') fail(`${where} has no default`);
    if (isObject(value) && 'kind' in value && 'default' in value) {
      fail(`${where} is of kind ${String(value.kind)}, but must be one of ${PARAMETER_KINDS.join(', ')}`);
    }
    return { kind: 'value', default: value as Json };
  }
  const spec = value as unknown as ParameterSpec;
  if (spec.kind === 'per-node') {
    if (spec.role !== undefined && !Object.hasOwn(roles, spec.role)) {
      fail(`${where} is for role ${spec.role}, but there is no such role`);
    }
    if (PARAMETER_KINDS.includes(spec.of as unknown as string)) {
      fail(`${where} needs in \`of\` a default or a specification, such as { kind: 'integer', default: 0 }`);
    }
    return { ...spec, of: parameter(spec.of, where, roles, fail) };
  }
  const wanted = { duration: 'number', integer: 'number', number: 'number', flag: 'boolean', text: 'string' } as const;
  const type = wanted[spec.kind as keyof typeof wanted];
  if (type !== undefined && typeof spec.default !== type) fail(`${where} needs a default that is a ${type}`);
  if (spec.kind === 'choice' && !Array.isArray(spec.choices)) fail(`${where} is a choice, but has no \`choices\``);
  return spec;
}

function properties(given: unknown, fail: Fail): readonly Property[] {
  if (!Array.isArray(given)) return fail('`properties` must be a list');
  const seen = new Set<string>();
  return given.map((property, i) => {
    if (!isObject(property)) return fail(`properties[${i}] must be an object: { name, kind, clauses, test }`);
    const { name, kind, test } = property;
    if (typeof name !== 'string' || name === '') return fail(`properties[${i}] has no \`name\``);
    if (seen.has(name)) fail(`two properties are named ${name}`);
    seen.add(name);
    if (kind === undefined) fail(`property ${name} has no \`kind\`: one of ${PROPERTY_KINDS.join(', ')}`);
    if (!PROPERTY_KINDS.includes(kind as string)) {
      fail(`property ${name} is of kind ${String(kind)}, but must be one of ${PROPERTY_KINDS.join(', ')}`);
    }
    if (typeof test !== 'function') fail(`property ${name} has no \`test\`: a function of the view`);
    return { clauses: {}, ...property } as unknown as Property;
  });
}

function checkOptionalParts(protocol: Protocol, fail: Fail): void {
  for (const part of ['summary', 'waitsFor'] as const) {
    if (protocol[part] !== undefined && typeof protocol[part] !== 'function') fail(`\`${part}\` must be a function`);
  }
  for (const kind of Object.keys(protocol.lies ?? {})) {
    if (!Object.hasOwn(protocol.messages, kind)) fail(`\`lies\` speaks of ${kind}, but there is no such message`);
  }
  for (const cost of protocol.costs ?? []) {
    if (typeof cost.expected !== 'function' || typeof cost.measured !== 'function') {
      fail(`cost ${String(cost.name)} needs the functions \`expected\` and \`measured\``);
    }
  }
  if (protocol.bound !== undefined && typeof protocol.bound.greatest !== 'function') {
    fail('`bound` needs the function `greatest`');
  }
}

/** The nodes of a role, in scenario order, the asking one included. */
export const nodesWithRole = (input: Pick<NodeInput, 'nodes'>, role: RoleName): NodeId[] =>
  Object.keys(input.nodes).filter((node) => input.nodes[node] === role);

/** Every node but the asking one, in scenario order. */
export const others = (input: Pick<NodeInput, 'nodes' | 'self'>): NodeId[] =>
  Object.keys(input.nodes).filter((node) => node !== input.self);
