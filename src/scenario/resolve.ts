/** Turns a scenario document into a `Scenario`: every default filled in, every duration in milliseconds, all checked. */
import { exploredBudget } from '../core/challenge-budget.ts';
import { isObject, type Json, type JsonObject } from '../core/json.ts';
import type { Protocol } from '../core/protocol.ts';
import type { Expectation, LinkSetting, NetworkSetting, Scenario, ScheduledInput } from '../core/scenario.ts';
import { checkScenario } from './check.ts';
import { resolveClocks } from './clocks.ts';
import { type Mistake, quote, ScenarioError } from './errors.ts';
import { isWrong, parseDistribution, parseDuration, type Wrong } from './quantities.ts';
import { resolveChallenge } from './resolve-challenge.ts';
import { resolveFault, withPlainFieldNames } from './resolve-faults.ts';
import { resolveLesson } from './resolve-lesson.ts';
import { resolveParameters } from './resolve-parameters.ts';
import type { RawScenario } from './shape.ts';
import { checkShape, type Report } from './shape-errors.ts';
import { sourcePath } from './source-path.ts';
import { workloadInputs } from './workload.ts';
import type { Path, SourceDocument } from './yaml-document.ts';

const DEFAULT_UNTIL_MS = 60_000;
const DEFAULT_LATENCY = { kind: 'uniform', minMs: 10, maxMs: 50 } as const;

/** Reads a raw value, reports it when it is wrong, and takes the fallback then. */
export type Take = <T>(read: T | Wrong, path: Path, fallback: T) => T;

/** `name` is the preset's or file's. Throws `ScenarioError` with every mistake, in the order of the file. */
export function resolveScenario(given: SourceDocument, protocol: Protocol, name: string): Scenario {
  const document = withPlainFieldNames(given);
  throwAny(shapeMistakes(document));
  const mistakes: Mistake[] = [];
  const report: Report = (path, what, key) => mistakes.push({ ...document.locate(path, key), what });
  const raw = document.value as unknown as RawScenario;
  const take: Take = (read, path, fallback) => {
    if (!isWrong(read)) return read;
    report(path, read.wrong);
    return fallback;
  };
  const scenario = build(raw, protocol, name, take, report);
  checkScenario(scenario, protocol, (path, what, key) => report(sourcePath(path, scenario), what, key));
  throwAny(mistakes);
  return scenario;
}

function shapeMistakes(document: SourceDocument): Mistake[] {
  const mistakes: Mistake[] = [];
  checkShape(document.value, (path, what, key) => mistakes.push({ ...document.locate(path, key), what }));
  return mistakes;
}

function throwAny(mistakes: Mistake[]): void {
  mistakes.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  const [first, ...rest] = mistakes;
  if (first !== undefined) throw new ScenarioError([first, ...rest]);
}

function build(raw: RawScenario, protocol: Protocol, name: string, take: Take, report: Report): Scenario {
  const nodes = everyNode(raw.nodes, report);
  return {
    name,
    title: raw.title ?? name,
    protocol: raw.protocol,
    topic: raw.topic ?? '',
    summary: raw.summary ?? '',
    learn: raw.learn ?? '',
    ...(raw.lesson === undefined ? {} : { lesson: resolveLesson(raw.lesson, protocol, take) }),
    nodes,
    model: raw.model ?? 'asynchronous',
    ...(raw.bound === undefined ? {} : { boundMs: take(parseDuration(raw.bound), ['bound'], 0) }),
    failures: raw.failures ?? 'crash-recovery',
    network: network(raw.network ?? {}, take),
    ...(raw.clocks === undefined ? {} : { clocks: resolveClocks(raw.clocks, raw.nodes, raw.seed ?? 1, take) }),
    parameters: resolveParameters(raw.parameters ?? {}, protocol, nodes, take),
    inputs: [
      ...(raw.inputs ?? []).map((input, i) => scheduledInput(input, protocol, ['inputs', i], take, report)),
      ...(raw.workload === undefined ? [] : workloadInputs(raw.workload, protocol, nodes, raw.seed ?? 1, take, report)),
    ],
    faults: (raw.faults ?? []).map((fault, i) => resolveFault(fault, ['faults', i], take, report)),
    budget: raw.budget ?? exploredBudget(raw.challenge?.budget ?? {}),
    expect: (raw.expect ?? []).map((each, i) => expectation(each, protocol, ['expect', i], take)),
    untilMs: raw.until === undefined ? DEFAULT_UNTIL_MS : take(parseDuration(raw.until), ['until'], DEFAULT_UNTIL_MS),
    seed: raw.seed ?? 1,
    ...(raw.challenge === undefined ? {} : { challenge: resolveChallenge(raw.challenge, protocol) }),
    ...(raw.valence === undefined ? {} : { valence: raw.valence }),
    ...(raw.constraint === undefined ? {} : { constraint: raw.constraint }),
  };
}

/** `P: { role: node, count: 3 }` is P1, P2 and P3. */
function everyNode(raw: RawScenario['nodes'], report: Report): Scenario['nodes'] {
  const nodes: Record<string, string> = {};
  const add = (id: string, role: string, key: string): void => {
    if (Object.hasOwn(nodes, id)) report(['nodes', key], `there are two nodes named ${quote(id)}`, 'key');
    nodes[id] = role;
  };
  for (const [name, what] of Object.entries(raw)) {
    if (typeof what === 'string') add(name, what, name);
    else for (let i = 1; i <= what.count; i++) add(`${name}${i}`, what.role, name);
  }
  return nodes;
}

function network(raw: NonNullable<RawScenario['network']>, take: Take): NetworkSetting {
  const latency = (value: unknown, path: Path) => take(parseDistribution(value), path, DEFAULT_LATENCY);
  const links = (raw.links ?? []).map((link, i): LinkSetting => {
    if (link.latency === undefined) return link as LinkSetting;
    return { ...link, latency: latency(link.latency, ['network', 'links', i, 'latency']) };
  });
  return {
    latency: raw.latency === undefined ? DEFAULT_LATENCY : latency(raw.latency, ['network', 'latency']),
    order: raw.order ?? 'unordered',
    loss: raw.loss ?? 0,
    duplicate: raw.duplicate ?? 0,
    ...(links.length === 0 ? {} : { links }),
  };
}

type RawInput = NonNullable<RawScenario['inputs']>[number];

function scheduledInput(raw: RawInput, protocol: Protocol, path: Path, take: Take, report: Report): ScheduledInput {
  const { at, node, input, anytime, ...data } = raw;
  if (at === undefined && anytime !== true) {
    report(path, 'the input has no `at`; say when it comes, as in `at: 0ms`, or `anytime: true`');
  }
  const defaults = Object.hasOwn(protocol.inputs, input) ? protocol.inputs[input]?.defaults : undefined;
  return {
    atMs: at === undefined ? 0 : take(parseDuration(at), [...path, 'at'], 0),
    node,
    input,
    data: { ...defaults, ...data } as JsonObject,
    ...(anytime === undefined ? {} : { anytime }),
  };
}

function expectation(
  raw: NonNullable<RawScenario['expect']>[number],
  protocol: Protocol,
  path: Path,
  take: Take,
): Expectation {
  if ('property' in raw) return { property: fullPropertyName(raw.property, protocol), verdict: raw.verdict };
  if (!('blocked' in raw)) return raw as Expectation;
  if (raw.before === undefined) return { blocked: raw.blocked };
  return { blocked: raw.blocked, beforeMs: take(parseDuration(raw.before), [...path, 'before'], 0) };
}

/** `agreement` for `atomic-commit/agreement`, when no other property ends so. */
export function fullPropertyName(name: string, protocol: Protocol): string {
  const endings = protocol.properties.filter((property) => property.name.endsWith(`/${name}`));
  const exact = protocol.properties.some((property) => property.name === name);
  return !exact && endings.length === 1 ? (endings[0] as { name: string }).name : name;
}

/** The `protocol` that a document names, before anything else of it is known. Throws `ScenarioError`. */
export function protocolNameIn(document: SourceDocument): string {
  const complain = (path: Path, what: string): never => {
    throw new ScenarioError([{ ...document.locate(path), what }]);
  };
  const value: Json = document.value;
  if (value === null) return complain([], 'the file is empty; a scenario needs at least `protocol` and `nodes`');
  if (!isObject(value)) return complain([], 'a scenario is a mapping: `protocol: ...`, `nodes: ...`');
  const name = value.protocol;
  if (typeof name === 'string' && name !== '') return name;
  // the shape says what is misspelt, or that it is missing
  throwAny(shapeMistakes(withPlainFieldNames(document)));
  return complain(['protocol'], '`protocol` is missing');
}
