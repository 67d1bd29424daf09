/** Checks parameters and inputs against what the protocol says of them: names, kinds, ranges, choices. */
import { isObject, type Json, type JsonObject, sameJson } from '../core/json.ts';
import type { FieldKind, InputKind, ParameterSpec } from '../core/protocol.ts';
import type { ScheduledInput } from '../core/scenario.ts';
import type { Checker } from './check.ts';
import { quote } from './errors.ts';
import { rightName } from './nearest.ts';
import type { Path } from './yaml-document.ts';

export function checkParameters(checker: Checker, given: JsonObject, parameters: Path): void {
  const { protocol, report } = checker;
  if (protocol === null) return;
  const known = Object.keys(protocol.parameters);
  for (const [name, value] of Object.entries(given)) {
    const path = [...parameters, name];
    const spec = Object.hasOwn(protocol.parameters, name) ? protocol.parameters[name] : undefined;
    if (spec === undefined) {
      report(path, `${protocol.id} has no parameter ${quote(name)}; ${rightName(name, known)}`, 'key');
    } else if (spec.kind === 'per-node') {
      checkPerNode(checker, spec, value, path);
    } else {
      const trouble = valueTrouble(spec, value as Json);
      if (trouble !== null) report(path, `\`${name}\` ${trouble}`);
    }
  }
}

function checkPerNode(
  checker: Checker,
  spec: Extract<ParameterSpec, { kind: 'per-node' }>,
  value: unknown,
  path: Path,
): void {
  if (!isObject(value)) {
    checker.report(path, `\`${path.at(-1)}\` must be a mapping from node to value`);
    return;
  }
  for (const [id, each] of Object.entries(value)) {
    const inner = [...path, id];
    if (!checker.node(id, inner, 'key')) continue;
    const role = checker.scenario.nodes[id];
    if (spec.role !== undefined && role !== spec.role) {
      checker.report(inner, `${id} is a ${role}; \`${path.at(-1)}\` is only for the role ${spec.role}`, 'key');
      continue;
    }
    const trouble = valueTrouble(spec.of, each as Json);
    if (trouble !== null) checker.report(inner, `\`${id}\` ${trouble}`);
  }
}

/** Why this cannot be the parameter's value, as the end of a sentence; null when it can. */
function valueTrouble(spec: ParameterSpec, value: Json): string | null {
  switch (spec.kind) {
    case 'duration':
    case 'integer':
    case 'number':
      return numberTrouble(spec, value);
    case 'flag':
      return typeof value === 'boolean' ? null : `is ${quote(value)}, but must be true or false`;
    case 'text':
      return typeof value === 'string' ? null : `is ${quote(value)}, but must be text; put it in quotes`;
    case 'choice': {
      if (spec.choices.some((choice) => sameJson(choice, value))) return null;
      const known = spec.choices.map((choice) => (typeof choice === 'string' ? choice : JSON.stringify(choice)));
      return `is ${quote(value)}; ${rightName(typeof value === 'string' ? value : JSON.stringify(value), known)}`;
    }
    default:
      return null;
  }
}

function numberTrouble(
  spec: { kind: 'duration' | 'integer' | 'number'; min?: number; max?: number },
  value: Json,
): string | null {
  const wanted = { duration: 'a duration', integer: 'a whole number', number: 'a number' }[spec.kind];
  const unit = spec.kind === 'duration' ? 'ms' : '';
  if (typeof value !== 'number' || !Number.isFinite(value)) return `is ${quote(value)}, but must be ${wanted}`;
  if (spec.kind !== 'number' && !Number.isSafeInteger(value)) return `is ${value}, but must be ${wanted}`;
  const min = spec.min ?? (spec.kind === 'duration' ? 0 : Number.NEGATIVE_INFINITY);
  const max = spec.max ?? Number.MAX_SAFE_INTEGER;
  if (value < min) return `is ${value}${unit}, but must be ${min}${unit} or more`;
  if (value > max) return `is ${value}${unit}, but must be ${max}${unit} or less`;
  return null;
}

export function checkInputs(checker: Checker): void {
  const { protocol, report, scenario } = checker;
  for (const [i, input] of scenario.inputs.entries()) {
    const path = ['inputs', i];
    const known = checker.node(input.node, [...path, 'node']);
    if (protocol === null) continue;
    const names = Object.keys(protocol.inputs);
    const kind = Object.hasOwn(protocol.inputs, input.input) ? protocol.inputs[input.input] : undefined;
    if (kind === undefined) {
      const right = rightName(input.input, names);
      report([...path, 'input'], `${protocol.id} has no input ${quote(input.input)}; ${right}`);
      continue;
    }
    const role = scenario.nodes[input.node] as string;
    if (known && kind.roles !== undefined && !kind.roles.includes(role)) {
      const right = `a ${kind.roles.join(' or ')} does`;
      report([...path, 'node'], `${input.node} is a ${role} and takes no ${quote(input.input)}; ${right}`);
    }
    checkData(checker, kind, input, [...path, 'data']);
  }
}

function checkData(checker: Checker, kind: InputKind, { input, data }: ScheduledInput, path: Path): void {
  const { fields, defaults = {} } = kind;
  // an input that declares nothing of its fields takes any
  if (fields === undefined) return;
  const known = [...new Set([...Object.keys(fields), ...Object.keys(defaults)])];
  for (const [field, value] of Object.entries(data)) {
    const inner = [...path, field];
    if (!known.includes(field)) {
      const places = ['at', 'node', 'input', 'anytime'];
      const right = rightName(field, [...known, ...places]);
      checker.report(inner, `the input ${quote(input)} has no field ${quote(field)}; ${right}`, 'key');
    } else if (fields[field] === 'node') {
      checker.node(value, inner);
    } else if (fields[field] !== undefined && !fits(fields[field], value)) {
      checker.report(inner, `\`${field}\` is ${quote(value)}, but must be ${FIELD_NAMES[fields[field]]}`);
    }
  }
}

const FIELD_NAMES: Readonly<Record<FieldKind, string>> = {
  text: 'text; put it in quotes',
  number: 'a number',
  node: 'a node',
  flag: 'true or false',
  value: 'a value',
  list: 'a list',
};

function fits(kind: FieldKind, value: unknown): boolean {
  if (kind === 'text') return typeof value === 'string';
  if (kind === 'number') return typeof value === 'number';
  if (kind === 'flag') return typeof value === 'boolean';
  return kind !== 'list' || Array.isArray(value);
}
