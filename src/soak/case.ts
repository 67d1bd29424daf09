/** One random run, drawn from its number: which protocol, which scenario, which faults, and what must come of it. */
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Protocol } from '../core/protocol.ts';
import { nextInteger, nextUnit, pick, streamOf } from '../core/rng.ts';
import type { Scenario, ScheduledInput } from '../core/scenario.ts';
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
      : attack(stream, pick(stream, grounds) as Ground, seed, protocol);
  return { ...drawn, claims: [], variant };
}

/** A claim is picked and attacked with some of the kinds of fault that it is claimed to stand; others may be claimed too. */
function attack(stream: RandomGenerator, ground: Ground, seed: number, { messages }: Protocol): Case {
  const { claims, scenario } = ground;
  const kinds = (claims[pick(stream, Object.keys(claims)) as string] ?? []).filter(() => nextUnit(stream) < 0.6);
  const faults = drawStorm(stream, ground, Object.keys(messages), kinds);
  const inputs = scenario.inputs.map((input) => movedInput(stream, scenario, input));
  const claimed = Object.keys(claims).filter((name) => kinds.every((kind) => claims[name]?.includes(kind)));
  return { seed, scenario: { ...scenario, faults, inputs, seed }, claims: claimed, variant: null };
}

/** Where time is promised nothing, clients come when they like. */
function movedInput(stream: RandomGenerator, { model }: Scenario, input: ScheduledInput): ScheduledInput {
  return model === 'synchronous' ? input : { ...input, atMs: input.atMs + nextInteger(stream, 0, 300) };
}
