/**
 * One fault script over several protocols for the same problem: a scenario written for one of them is told in the terms of
 * another. Roles, message kinds and parameters of the same name carry over; what differs, the other protocol says
 * (`counterparts`). Nodes keep their names, so that a crash of C is a crash of C.
 */
import type { Fault } from './faults.ts';
import { canonicalJson } from './json.ts';
import type { JsonObject, NodeId, ParameterSpec, Protocol, RoleName } from './protocol.ts';
import type { Scenario, ScheduledFault, ScheduledInput } from './scenario.ts';

/** Why a scenario cannot be told in another protocol's terms. The message is for the person who asked for it. */
export class UntranslatableError extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'UntranslatableError';
  }
}

export interface Translation {
  readonly scenario: Scenario;
  /** what did not carry over, in words */
  readonly left: readonly string[];
}

type Nodes = Readonly<Record<NodeId, RoleName>>;

/** Throws `UntranslatableError`. The expectations stay behind: they speak of the protocol that they were written for. */
export function translate(scenario: Scenario, from: Protocol, to: Protocol): Translation {
  if (from.id === to.id) return { scenario, left: [] };
  if (from.problem !== to.problem) {
    throw new UntranslatableError(`${to.id} solves ${to.problem}, and the script is about ${from.problem}`);
  }
  const left: string[] = [];
  const cast = castNodes(scenario.nodes, to);
  const parameters = castParameters(scenario.parameters, from, to, cast, left);
  const nodes = { ...cast, ...newcomers(cast, to, parameters) };
  return {
    scenario: {
      ...scenario,
      protocol: to.id,
      nodes,
      parameters: completeParameters(parameters, to, nodes),
      inputs: scenario.inputs.map((input) => castInput(input, to, nodes)),
      faults: scenario.faults.map((fault) => castFault(fault, to, nodes)),
      expect: [],
    },
    left,
  };
}

function castNodes(nodes: Nodes, to: Protocol): Nodes {
  const roles = to.counterparts?.roles ?? {};
  return Object.fromEntries(
    Object.entries(nodes).map(([node, role]) => {
      const here = roles[role] ?? role;
      if (to.roles[here] === undefined) throw new UntranslatableError(`${to.id} has nobody to stand for a ${role}`);
      return [node, here];
    }),
  );
}

function newcomers(nodes: Nodes, to: Protocol, parameters: JsonObject): Nodes {
  const more = to.counterparts?.more?.(nodes, parameters) ?? {};
  return Object.fromEntries(Object.entries(more).filter(([node]) => !Object.hasOwn(nodes, node)));
}

const defaultOf = (spec: ParameterSpec): unknown => (spec.kind === 'per-node' ? undefined : spec.default);

/** Those of the same name, and a remark about each that was set on purpose and means nothing here. */
function castParameters(given: JsonObject, from: Protocol, to: Protocol, nodes: Nodes, left: string[]): JsonObject {
  const kept: Record<string, JsonObject[string]> = {};
  for (const [name, value] of Object.entries(given)) {
    const [theirs, ours] = [from.parameters[name], to.parameters[name]];
    if (ours !== undefined && ours.kind === theirs?.kind)
      kept[name] = ours.kind === 'per-node' ? forRole(value, ours, nodes) : value;
    else if (theirs === undefined || canonicalJson(value) !== canonicalJson(defaultOf(theirs) ?? value)) {
      left.push(`${to.id} has no parameter ${name}`);
    }
  }
  return completeParameters(kept, to, nodes);
}

/** Of a per-node parameter, the values of the nodes that have the right role here. */
function forRole(
  value: JsonObject[string],
  spec: Extract<ParameterSpec, { kind: 'per-node' }>,
  nodes: Nodes,
): JsonObject {
  const entries = Object.entries((value ?? {}) as JsonObject);
  return Object.fromEntries(entries.filter(([node]) => spec.role === undefined || nodes[node] === spec.role));
}

function completeParameters(given: JsonObject, to: Protocol, nodes: Nodes): JsonObject {
  const complete: Record<string, JsonObject[string]> = {};
  for (const [name, spec] of Object.entries(to.parameters)) {
    if (spec.kind !== 'per-node') {
      complete[name] = given[name] ?? spec.default;
      continue;
    }
    const members = Object.keys(nodes).filter((node) => spec.role === undefined || nodes[node] === spec.role);
    const values = (given[name] ?? {}) as JsonObject;
    complete[name] = Object.fromEntries(
      members.map((node) => [node, values[node] ?? (defaultOf(spec.of) as JsonObject[string])]),
    );
  }
  return complete;
}

/** An input goes to the same node, or, when its role does not take it here, to the first one that does. */
function castInput(input: ScheduledInput, to: Protocol, nodes: Nodes): ScheduledInput {
  const kind = to.inputs[input.input];
  if (kind === undefined) throw new UntranslatableError(`${to.id} has no input ${input.input}`);
  if (kind.roles === undefined || kind.roles.includes(nodes[input.node] as RoleName)) return input;
  const taker = Object.keys(nodes).find((node) => kind.roles?.includes(nodes[node] as RoleName));
  if (taker === undefined) throw new UntranslatableError(`nobody takes the input ${input.input} in ${to.id}`);
  return { ...input, node: taker };
}

function castKind(kind: string, to: Protocol): string {
  const here = to.counterparts?.messages?.[kind] ?? kind;
  if (to.messages[here] === undefined)
    throw new UntranslatableError(`${to.id} has no message ${kind}, and none that means as much`);
  return here;
}

function castFault(scheduled: ScheduledFault, to: Protocol, nodes: Nodes): ScheduledFault {
  const fault = castStrike(scheduled.fault, to, nodes);
  if (!('when' in scheduled)) return { ...scheduled, fault };
  const { when } = scheduled;
  if (when.on === 'enters') {
    throw new UntranslatableError(
      'a script for several protocols cannot wait for a state (enters): use sends, receives or decides',
    );
  }
  const what = when.on === 'decides' || when.what === null ? when.what : castKind(String(when.what), to);
  return { when: { ...when, what }, fault };
}

function castStrike(fault: Fault, to: Protocol, nodes: Nodes): Fault {
  if (fault.type === 'partition') return { ...fault, groups: withNewcomers(fault.groups, nodes) };
  if (fault.type === 'traitor' && fault.kinds !== undefined)
    return { ...fault, kinds: fault.kinds.map((kind) => castKind(kind, to)) };
  if ('kind' in fault && fault.kind !== undefined) return { ...fault, kind: castKind(fault.kind, to) };
  return fault;
}

/** Newcomers stand on the sides of a partition by turns, beginning with the second: no side is given them all. */
function withNewcomers(groups: readonly (readonly NodeId[])[], nodes: Nodes): readonly (readonly NodeId[])[] {
  const placed = new Set(groups.flat());
  const sides = groups.map((group) => [...group]);
  Object.keys(nodes)
    .filter((node) => !placed.has(node))
    .forEach((node, i) => {
      sides[(i + 1) % sides.length]?.push(node);
    });
  return sides;
}
