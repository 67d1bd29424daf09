/**
 * What a protocol claims to stand, read off the protocol and its presets: nothing is registered anywhere. Presets of one
 * protocol that agree in model, failures, order of messages and in every parameter that is a choice or a flag are one
 * *setting*. Its failures say whether nodes crash or turn traitor, and the protocol's own `bound` how many. Any other kind
 * of fault is inside the bound for a property when a preset of the setting scripts that kind and the property
 * holds there. What violates the property in another preset of the setting is outside, and a preset with more faulty nodes
 * than the bound allows proves nothing.
 */
import type { Fault } from '../core/faults.ts';
import { canonicalJson, sameJson } from '../core/json.ts';
import { reportProperties } from '../core/properties.ts';
import type { JsonObject, Protocol } from '../core/protocol.ts';
import { createRun, runToEnd } from '../core/run.ts';
import type { Scenario, ScheduledFault } from '../core/scenario.ts';
import { toleranceOf } from '../core/tolerance.ts';
import type { World } from '../core/world.ts';

/** No random run is longer: a storm of timers ends here. */
export const eventsMax = 4000;

export interface Preset {
  readonly scenario: Scenario;
  readonly protocol: Protocol;
}

/** A scenario to attack, and what it is claimed to stand. Plain data: it crosses threads. */
export interface Ground {
  /** without its faults and expectations */
  readonly scenario: Scenario;
  /** the faults that presets of this setting script, to be aimed anew */
  readonly ailments: readonly ScheduledFault[];
  /** each `always` property, with the kinds of fault under which it is claimed */
  readonly claims: Readonly<Record<string, readonly string[]>>;
  readonly faulty: { readonly of: 'traitors' | 'crashes'; readonly most: number };
  /** the virtual time in which the preset does what it does */
  readonly spanMs: number;
}

/** A protocol made wrong on purpose, and where to look for what that breaks. */
export interface Variant {
  readonly protocol: string;
  readonly parameters: JsonObject;
  readonly breaks: string;
  readonly grounds: readonly Ground[];
  /** presets that show it, with their faults */
  readonly scripts: readonly Scenario[];
  /** one of those presets, played as it is, breaks it */
  readonly isShown: boolean;
}

interface Shown extends Preset {
  readonly world: World;
  /** the `always` and `eventually` properties that its run violates */
  readonly violated: ReadonlySet<string>;
}

/** A preset, played as it is; null: with more faulty nodes than the protocol's bound, it is no evidence. */
function play({ scenario, protocol }: Preset): Shown {
  const run = createRun(scenario, protocol);
  const quiet = runToEnd(run, scenario.untilMs, eventsMax);
  const violated = reportProperties(run.world, quiet).filter(({ verdict }) => verdict === 'violated');
  return { scenario, protocol, world: run.world, violated: new Set(violated.map(({ name }) => name)) };
}

function isInsideBound({ world }: Shown): boolean {
  const tolerance = toleranceOf(world);
  return tolerance === null || !tolerance.isExceeded;
}

/** It expects some property to hold; a challenge promises nothing. */
const isPromise = ({ scenario: { expect } }: Preset): boolean =>
  expect.some((each) => 'property' in each && each.verdict === 'holds');

const variantsIn = ({ protocol, scenario }: Preset) =>
  (protocol.wrongVariants ?? []).filter(({ parameters }) => hasParameters(scenario, parameters));
const hasParameters = ({ parameters }: Scenario, wanted: JsonObject): boolean =>
  Object.entries(wanted).every(([name, value]) => sameJson(parameters[name] ?? null, value ?? null));

function settingOf({ scenario, protocol }: Preset): string {
  const { model, failures, network, parameters } = scenario;
  const chosen = Object.entries(protocol.parameters)
    .filter(([, { kind }]) => kind === 'choice' || kind === 'flag')
    .map(([name]) => [name, parameters[name] ?? null]);
  return canonicalJson({ protocol: protocol.id, model, failures, order: network.order, chosen });
}

/** Of one kind are faults that a protocol may stand for the same reason. What only mends is none: null. */
export function kindOf(fault: Fault, { nodes, failures }: Scenario, of: Ground['faulty']['of']): string | null {
  switch (fault.type) {
    case 'heal':
    case 'resume':
    case 'release':
    case 'honest':
      return null;
    case 'partition':
    case 'cut':
      return fault.drop === true ? `${fault.type} that drops` : fault.type;
    case 'traitor':
      // a bound on traitors means any treachery
      return of === 'traitors' && failures === 'byzantine' ? 'traitor' : `${fault.behaviour} ${nodes[fault.node]}`;
    case 'pause':
    case 'skew':
      return `${fault.type} ${nodes[fault.node]}`;
    default:
      return fault.type;
  }
}

/** Grounds for every preset that stands what it scripts, and every wrong variant of every protocol. */
export function gatherEvidence(presets: readonly Preset[]): {
  readonly grounds: readonly Ground[];
  readonly variants: readonly Variant[];
} {
  const shown = presets.map(play);
  const right = shown.filter((each) => isPromise(each) && variantsIn(each).length === 0 && isInsideBound(each));
  const settings = Map.groupBy(right, settingOf);
  const grounds = [...settings.values()].flatMap(groundsOf);
  const protocols = new Map(presets.map(({ protocol }) => [protocol.id, protocol]));
  return { grounds, variants: [...protocols.values()].flatMap((protocol) => variantsOf(protocol, shown, grounds)) };
}

function groundsOf(presets: readonly Shown[]): Ground[] {
  const { protocol } = presets[0] as Shown;
  const of = protocol.bound?.of ?? 'crashes';
  const crashed = Math.max(...presets.map(({ world }) => faultyIn(world)));
  return presets.flatMap((preset): Ground[] => {
    const { scenario, world } = preset;
    const faulty = { of, most: toleranceOf(world)?.greatest ?? crashed };
    const modelled = modelledFaults(preset, faulty, presets.some(restarts));
    const claims = claimsOf(preset, presets, kindsIn(modelled, scenario, of), of);
    if (Object.keys(claims).length === 0) return [];
    const ailments = [...presets.flatMap((each) => each.scenario.faults), ...modelled];
    return [{ scenario: bare(scenario), ailments, claims, faulty, spanMs: spanOf(scenario, world) }];
  });
}

/** The `always` properties that this preset keeps, and what its setting says that they stand. */
function claimsOf(
  preset: Shown,
  setting: readonly Shown[],
  modelled: readonly string[],
  of: Ground['faulty']['of'],
): Ground['claims'] {
  const claims: Record<string, readonly string[]> = {};
  for (const { name, kind } of preset.protocol.properties) {
    if (kind !== 'always' || preset.violated.has(name)) continue;
    const kindsWhere = (isViolated: boolean): string[] =>
      setting
        .filter(({ violated }) => violated.has(name) === isViolated)
        .flatMap(({ scenario }) => kindsIn(scenario.faults, scenario, of));
    const refuted = new Set(kindsWhere(true));
    claims[name] = [...new Set([...modelled, ...kindsWhere(false)])].filter((each) => !refuted.has(each));
  }
  return claims;
}

/** It scripts a restart, or has one in its budget: not every protocol takes back whoever was down. */
const restarts = ({ scenario: { faults, budget } }: Preset): boolean =>
  (budget.restart ?? 0) > 0 || faults.some(({ fault }) => fault.type === 'restart');

/** What the model of failures says of every node. */
function modelledFaults(
  { scenario, protocol }: Preset,
  { of, most }: Ground['faulty'],
  mayRestart: boolean,
): ScheduledFault[] {
  const { nodes, failures } = scenario;
  const everybody = Object.keys(nodes);
  if (failures === 'byzantine') {
    if (of !== 'traitors' || most === 0) return [];
    const counted = protocol.bound?.among ?? Object.keys(protocol.roles);
    return everybody
      .filter((node) => counted.includes(nodes[node] as string))
      .map((node) => ({ at: 0, fault: { type: 'traitor', node, behaviour: 'silent' } }));
  }
  if (of === 'crashes' && most === 0) return [];
  const types = failures === 'crash-recovery' && mayRestart ? (['crash', 'restart'] as const) : (['crash'] as const);
  return everybody.flatMap((node) => types.map((type) => ({ at: 0, fault: { type, node } })));
}

const faultyIn = ({ nodes }: World): number => nodes.filter(({ everCrashed, honest }) => everCrashed || !honest).length;
const kindsIn = (faults: Scenario['faults'], scenario: Scenario, of: Ground['faulty']['of']): string[] =>
  faults.flatMap(({ fault }) => kindOf(fault, scenario, of) ?? []);
const bare = (scenario: Scenario): Scenario => ({ ...scenario, faults: [], expect: [], lesson: undefined });

/** Until the last fault or input, and as long again; of a run that ends sooner, until its end. */
function spanOf({ faults, inputs }: Scenario, { nowMs }: World): number {
  const last = Math.max(0, ...faults.map((each) => ('at' in each ? each.at : 0)), ...inputs.map(({ atMs }) => atMs));
  return Math.max(1, Math.min(nowMs, 2 * Math.max(last, 500)));
}

function variantsOf(protocol: Protocol, shown: readonly Shown[], grounds: readonly Ground[]): Variant[] {
  return (protocol.wrongVariants ?? []).map(({ parameters, breaks }): Variant => {
    const own = shown.filter(
      ({ scenario, protocol: { id } }) => id === protocol.id && hasParameters(scenario, parameters),
    );
    const showing = own.filter(({ violated }) => violated.has(breaks));
    const inside = grounds.filter(({ scenario }) => scenario.protocol === protocol.id);
    // what presets show by means of other mistakes may show this one, too
    const outside = shown.filter((each) => each.protocol.id === protocol.id).map((each) => scriptGround(each, breaks));
    const nearby = [...inside, ...outside].map((ground) => ({
      ...ground,
      scenario: { ...ground.scenario, parameters: { ...ground.scenario.parameters, ...parameters } },
    }));
    const theirs = showing.map((each) => scriptGround(each, breaks));
    return {
      protocol: protocol.id,
      parameters,
      breaks,
      grounds: [...theirs, ...nearby],
      scripts: showing.map(({ scenario }) => scenario),
      isShown: showing.length > 0,
    };
  });
}

/** The faults that a preset scripts, to be aimed anew, with as many faulty nodes as there are in it. */
function scriptGround({ scenario, protocol, world }: Shown, breaks: string): Ground {
  const of = protocol.bound?.of ?? 'crashes';
  return {
    scenario: bare(scenario),
    ailments: scenario.faults,
    claims: { [breaks]: [...new Set(kindsIn(scenario.faults, scenario, of))] },
    faulty: { of, most: Math.max(toleranceOf(world)?.greatest ?? 0, faultyIn(world)) },
    spanMs: spanOf(scenario, world),
  };
}
