/** One random run, drawn from its number: which protocol, which scenario, which faults, and what must come of it. */
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { JsonObject, Protocol } from '../core/protocol.ts';
import { nextInteger, nextUnit, pick, streamOf } from '../core/rng.ts';
import type { Distribution, Scenario, ScheduledInput } from '../core/scenario.ts';
import type { Ground, Variant } from './evidence.ts';
import { drawStorm } from './storm.ts';

/** Everything that runs are drawn from. Plain data: it crosses threads. */
export interface Field {
  /** grounds by protocol */
  readonly grounds: Readonly<Record<string, readonly Ground[]>>;
  readonly variants: readonly Variant[];
}

export interface Case {
  readonly seed: number;
  readonly scenario: Scenario;
  /** the properties that it must not violate */
  readonly claims: readonly string[];
  /** the wrong variant that it attacks, by its place in the field; null: none, the protocol is right */
  readonly variant: number | null;
}

/** Runs take turns: each protocol, each wrong variant, and again. */
export const subjectsIn = ({ grounds, variants }: Field): number => Object.keys(grounds).length + variants.length;

/** Which protocol the run of this seed attacks. */
export function protocolOf(field: Field, seed: number): string {
  const protocols = Object.keys(field.grounds);
  const turn = seed % subjectsIn(field);
  return protocols[turn] ?? (field.variants[turn - protocols.length] as Variant).protocol;
}

export function drawCase(field: Field, seed: number, protocol: Protocol): Case {
  const stream = streamOf(seed);
  const protocols = Object.keys(field.grounds);
  const turn = seed % subjectsIn(field);
  const variant = turn < protocols.length ? null : turn - protocols.length;
  if (variant === null) return attack(stream, pick(stream, field.grounds[protocol.id] ?? []) as Ground, seed, protocol);
  const { grounds, scripts } = field.variants[variant] as Variant;
  const script = pick(stream, scripts);
  // the fault script that shows it, under other latencies; or any storm
  const drawn =
    script !== undefined && nextUnit(stream) < 0.5
      ? { seed, scenario: { ...script, seed, expect: [] }, claims: [] }
      : attack(stream, varied(stream, pick(stream, grounds) as Ground, protocol), seed, protocol);
  return { ...drawn, claims: [], variant };
}

/** A claim is picked and attacked with some of the kinds of fault that it is claimed to stand; others may be claimed too. */
function attack(stream: RandomGenerator, ground: Ground, seed: number, { messages }: Protocol): Case {
  const { claims, scenario } = ground;
  const kinds = (claims[pick(stream, Object.keys(claims)) as string] ?? []).filter(() => nextUnit(stream) < 0.6);
  const faults = drawStorm(stream, ground, Object.keys(messages), kinds);
  const inputs = movedInputs(stream, ground);
  const claimed = Object.keys(claims).filter((name) => kinds.every((kind) => claims[name]?.includes(kind)));
  return { seed, scenario: { ...scenario, faults, inputs, seed }, claims: claimed, variant: null };
}

/** Where time is promised nothing, clients come when they like: a little later, or at any time, perhaps all at once. */
function movedInputs(stream: RandomGenerator, { scenario, spanMs }: Ground): readonly ScheduledInput[] {
  const { inputs, model } = scenario;
  if (model === 'synchronous') return inputs;
  const isAnytime = nextUnit(stream) < 0.4;
  const withinMs = nextInteger(stream, 20, Math.max(20, spanMs));
  return inputs.map((input) => ({
    ...input,
    atMs: isAnytime ? nextInteger(stream, 0, withinMs) : input.atMs + nextInteger(stream, 0, 300),
  }));
}

/** Some mistakes show only among many clients, an even number of nodes, or slow messages. */
function varied(stream: RandomGenerator, ground: Ground, protocol: Protocol): Ground {
  const { scenario } = ground;
  const busy = nextUnit(stream) < 0.3 ? { ...scenario, inputs: Array(8).fill(scenario.inputs).flat() } : scenario;
  const larger = nextUnit(stream) < 0.3 ? withOneMore(stream, busy, protocol) : busy;
  if (scenario.model === 'synchronous' || nextUnit(stream) < 0.7) return { ...ground, scenario: larger };
  const latency: Distribution = { kind: 'uniform', minMs: 1, maxMs: nextInteger(stream, 20, 500) };
  return { ...ground, scenario: { ...larger, network: { ...scenario.network, latency } } };
}

function withOneMore(stream: RandomGenerator, scenario: Scenario, protocol: Protocol): Scenario {
  const newcomer = 'Newcomer';
  const role = pick(stream, Object.values(scenario.nodes)) as string;
  const parameters = Object.entries(protocol.parameters).map(([name, spec]) => {
    const value = scenario.parameters[name];
    const isTheirs = spec.kind === 'per-node' && (spec.role === undefined || spec.role === role);
    return [name, isTheirs ? { ...(value as JsonObject), [newcomer]: spec.of.default } : value];
  });
  return {
    ...scenario,
    nodes: { ...scenario.nodes, [newcomer]: role },
    parameters: Object.fromEntries(parameters),
  };
}
