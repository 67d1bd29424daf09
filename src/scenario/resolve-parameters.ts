/** Completes a scenario's parameters from the protocol's defaults, with durations in milliseconds. */
import { isObject, type Json, type JsonObject } from '../core/json.ts';
import type { NodeId, ParameterSpec, Protocol, RoleName } from '../core/protocol.ts';
import { isWrong, parseDuration, type Wrong } from './quantities.ts';
import type { Take } from './resolve.ts';
import type { Path } from './yaml-document.ts';

type Nodes = Readonly<Record<NodeId, RoleName>>;

/** Unknown names are kept: the check that follows says what is wrong with them. */
export function resolveParameters(
  given: Readonly<Record<string, unknown>>,
  protocol: Protocol,
  nodes: Nodes,
  take: Take,
): JsonObject {
  const parameters: Record<string, Json> = {};
  for (const [name, spec] of Object.entries(protocol.parameters)) {
    const raw = Object.hasOwn(given, name) ? given[name] : undefined;
    const path = ['parameters', name];
    parameters[name] = spec.kind === 'per-node' ? perNode(spec, raw, nodes, path, take) : one(spec, raw, path, take);
  }
  for (const [name, raw] of Object.entries(given)) {
    if (!Object.hasOwn(protocol.parameters, name)) parameters[name] = raw as Json;
  }
  return parameters;
}

function one(spec: ParameterSpec, raw: unknown, path: Path, take: Take): Json {
  const fallback = (spec.default ?? null) as Json;
  return raw === undefined ? fallback : take(read(spec, raw as Json), path, fallback);
}

/** A mapping gives single nodes their value; one plain value goes to all. */
function perNode(
  spec: Extract<ParameterSpec, { kind: 'per-node' }>,
  raw: unknown,
  nodes: Nodes,
  path: Path,
  take: Take,
): Json {
  const given = isObject(raw) ? raw : {};
  const common = isObject(raw) ? undefined : raw;
  const values: Record<NodeId, Json> = {};
  for (const [id, role] of Object.entries(nodes)) {
    if (spec.role !== undefined && role !== spec.role) continue;
    const own = Object.hasOwn(given, id) ? given[id] : common;
    values[id] = one(spec.of, own, common === undefined ? [...path, id] : path, take);
  }
  for (const [id, value] of Object.entries(given)) if (!Object.hasOwn(values, id)) values[id] = value as Json;
  return values;
}

/** Of parameters that are only named to be compared, nothing is filled in. */
export function resolveSomeParameters(
  given: Readonly<Record<string, unknown>>,
  protocol: Protocol,
  path: Path,
  take: Take,
): JsonObject {
  const resolved = Object.entries(given).map(([name, raw]): [string, Json] => {
    const spec = Object.hasOwn(protocol.parameters, name) ? protocol.parameters[name] : undefined;
    if (spec === undefined || raw === null) return [name, raw as Json];
    if (spec.kind !== 'per-node') return [name, one(spec, raw, [...path, name], take)];
    if (!isObject(raw)) return [name, raw as Json];
    const values = Object.entries(raw).map(([id, each]) => [id, one(spec.of, each, [...path, name, id], take)]);
    return [name, Object.fromEntries(values)];
  });
  return Object.fromEntries(resolved);
}

const FLAGS: Readonly<Record<string, boolean>> = { yes: true, no: false, on: true, off: false };

function read(spec: ParameterSpec, raw: Json): Json | Wrong {
  if (spec.kind === 'duration') return parseDuration(raw);
  if (spec.kind === 'flag' && typeof raw === 'string') return FLAGS[raw] ?? raw;
  if (spec.kind === 'number' && typeof raw === 'string') {
    const duration = parseDuration(raw);
    return isWrong(duration) ? raw : duration;
  }
  return raw;
}
