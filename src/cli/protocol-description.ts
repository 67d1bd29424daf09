/** A protocol as plain data: the object of `show --json`, and what its text is made from. */
import type { Json, MessageKind, Protocol } from '../core/protocol.ts';
import { type Statechart, statechartOf } from '../core/statechart.ts';

export interface ProtocolDescription {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly problem: string;
  readonly about: string;
  readonly roles: Readonly<Record<string, Statechart>>;
  readonly messages: Protocol['messages'];
  readonly inputs: Protocol['inputs'];
  readonly parameters: Protocol['parameters'];
  readonly properties: readonly {
    readonly name: string;
    readonly kind: string;
    readonly clauses: Readonly<Record<string, string>>;
  }[];
  /** by message kind: the fields that a traitor bends; null: it sends other messages altogether */
  readonly lies: Readonly<Record<string, readonly string[] | null>>;
  readonly bound: { readonly formula: string; readonly of: string } | null;
  readonly costs: readonly { readonly name: string; readonly formula: string; readonly source: string }[];
  readonly wrongVariants: readonly { readonly parameters: Json; readonly breaks: string; readonly about: string }[];
}

export function describeProtocol(protocol: Protocol): ProtocolDescription {
  const { id, title, source, problem, messages, inputs, parameters, bound } = protocol;
  return {
    id,
    title,
    source,
    problem,
    about: protocol.about ?? '',
    roles: Object.fromEntries(Object.entries(protocol.roles).map(([role, machine]) => [role, statechartOf(machine)])),
    messages,
    inputs,
    parameters,
    properties: protocol.properties.map(({ name, kind, clauses }) => ({ name, kind, clauses })),
    lies: Object.fromEntries(
      Object.entries(protocol.lies ?? {}).map(([kind, lie]) => [
        kind,
        typeof lie === 'function' ? null : Object.keys(lie),
      ]),
    ),
    bound: bound === undefined ? null : { formula: bound.formula, of: bound.of },
    costs: (protocol.costs ?? []).map(({ name, formula, source: from }) => ({ name, formula, source: from ?? '' })),
    wrongVariants: (protocol.wrongVariants ?? []).map(({ parameters: set, breaks, about }) => ({
      parameters: set as Json,
      breaks,
      about,
    })),
  };
}

/** `vote(value: text, round: number)` */
export const kindText = (name: string, { fields = {} }: MessageKind): string => {
  const inside = Object.entries(fields).map(([field, kind]) => `${field}: ${kind}`);
  return inside.length === 0 ? name : `${name}(${inside.join(', ')})`;
};
