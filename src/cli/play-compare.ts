/**
 * `play --compare a,b,c`: one fault script over several protocols for the same problem, side by side. A preset may stand in
 * the place of a protocol: it is that protocol with the preset's parameters.
 */
import type { JsonObject, Protocol } from '../core/protocol.ts';
import { type RunReport, reportRun } from '../core/report.ts';
import { createRun, runToEnd } from '../core/run.ts';
import type { Scenario } from '../core/scenario.ts';
import { translate, UntranslatableError } from '../core/translate.ts';
import { mistakeIn, quote } from '../scenario/errors.ts';
import { type LoadedScenario, listPresets, loadScenario } from '../scenario/load.ts';
import { rightName } from '../scenario/nearest.ts';
import { listProtocols, loadProtocol } from '../scenario/protocols.ts';
import { comparisonText, faultText } from './compare-text.ts';
import { exitCodes } from './exit-codes.ts';
import { print, printJson } from './output.ts';
import type { PlayOptions } from './play.ts';

/** What one column shows. */
export interface Candidate {
  /** as it was named: a protocol's id, or a preset's */
  readonly name: string;
  readonly protocol: Protocol;
  /** a preset's; null: those of the script, as far as they carry over */
  readonly parameters: JsonObject | null;
}
export interface Compared {
  readonly name: string;
  readonly protocol: string;
  readonly title: string;
  /** null: the script cannot be told in this protocol's terms */
  readonly report: RunReport | null;
  /** the largest set of nodes that was blocked at one moment, and the first such moment, virtual ms */
  readonly blockedMeanwhile: { readonly nodes: readonly string[]; readonly atMs: number } | null;
  /** when the last node decided, virtual ms */
  readonly decidedAtMs: number | null;
  /** what did not carry over, or why nothing did */
  readonly remarks: readonly string[];
}
export interface Comparison {
  readonly scenario: string;
  readonly seed: number;
  /** the script, in words */
  readonly faults: readonly string[];
  readonly protocols: readonly Compared[];
}

export async function playCompared(
  target: string | undefined,
  names: readonly string[],
  options: PlayOptions,
): Promise<number> {
  const candidates = await Promise.all(names.map((name) => candidateNamed(name, options.set)));
  const protocols = candidates.map(({ protocol }) => protocol);
  const stranger = protocols.find(({ problem }) => problem !== protocols[0]?.problem);
  if (stranger !== undefined) {
    const [first] = protocols;
    throw mistakeIn(
      '--compare',
      `${first?.id} solves ${first?.problem}, but ${stranger.id} solves ${stranger.problem}; name protocols for one problem`,
    );
  }
  const preset = candidates.find(({ parameters }) => parameters !== null)?.name;
  const loaded = await loadScenario(target ?? preset ?? (await commonScript(protocols)), {
    overrides: options.set,
    seed: options.seed,
  });
  const comparison = compare(loaded, candidates, options.until);
  if (options.json) printJson(comparison);
  else print(comparisonText(comparison));
  return exitCodeOf(comparison);
}

/** A violated `always`, where the scenario expects none, or a protocol that could not take part. */
function exitCodeOf({ protocols }: Comparison): number {
  if (protocols.some(({ report }) => report === null)) return exitCodes.invalid;
  const violated = protocols.some(({ report }) =>
    report?.properties.some(({ kind, verdict }) => kind === 'always' && verdict === 'violated'),
  );
  return violated ? exitCodes.notMet : exitCodes.success;
}

/** A protocol by its id, or else a preset by its name. Throws `ScenarioError`. */
export async function candidateNamed(name: string, overrides: readonly string[] = []): Promise<Candidate> {
  const protocols = listProtocols();
  if (protocols.includes(name)) return { name, protocol: await loadProtocol(name), parameters: null };
  const presets = listPresets().map(({ id }) => id);
  if (!presets.includes(name)) {
    const right = rightName(name, [...protocols, ...presets]);
    throw mistakeIn('--compare', `there is neither a protocol nor a preset ${quote(name)}; ${right}`);
  }
  const { protocol, scenario } = await loadScenario(name, { overrides });
  return { name, protocol, parameters: scenario.parameters };
}

export function compare(
  { scenario, protocol }: LoadedScenario,
  candidates: readonly Candidate[],
  untilMs?: number,
): Comparison {
  return {
    scenario: scenario.name,
    seed: scenario.seed,
    faults: scenario.faults.map(faultText),
    protocols: candidates.map((each) => compareOne(scenario, protocol, each, untilMs)),
  };
}

function compareOne(script: Scenario, from: Protocol, candidate: Candidate, untilMs?: number): Compared {
  const { name, parameters, protocol: to } = candidate;
  const { id, title } = to;
  try {
    const translation = translate(parameters === null ? script : { ...script, parameters: {} }, from, to);
    const { scenario } = translation;
    const run = createRun(parameters === null ? scenario : { ...scenario, parameters }, to);
    const quiet = runToEnd(run, untilMs);
    const report = reportRun(run.world, quiet, run.trace);
    const inert = report.faults.filter((fault) => fault.inert).length;
    const remarks = inert === 0 ? [] : [`${inert} of the faults touched nothing here`];
    const most = run.world.blockedSets.toSorted((a, b) => b.nodes.length - a.nodes.length)[0] ?? null;
    const decided = run.trace.findLast(({ effects }) => effects.some(({ type }) => type === 'decide'));
    return {
      name,
      protocol: id,
      title,
      report,
      blockedMeanwhile: most,
      decidedAtMs: decided?.atMs ?? null,
      remarks: [...translation.left, ...remarks],
    };
  } catch (error) {
    if (!(error instanceof UntranslatableError)) throw error;
    return {
      name,
      protocol: id,
      title,
      report: null,
      blockedMeanwhile: null,
      decidedAtMs: null,
      remarks: [error.message],
    };
  }
}

/** Without a scenario: the first preset of the first protocol with a fault script that all of them can play as it is. */
async function commonScript(protocols: readonly Protocol[]): Promise<string> {
  const [first] = protocols;
  for (const { id, protocol } of listPresets()) {
    if (protocol !== first?.id) continue;
    const { scenario } = await loadScenario(id);
    if (scenario.faults.length > 0 && protocols.every((to) => playsAsItIs(scenario, first, to))) return id;
  }
  throw mistakeIn(
    '--compare',
    `no preset of ${first?.id} is a script for all of these; name one: havoc play <preset> --compare ...`,
  );
}

function playsAsItIs(scenario: Scenario, from: Protocol, to: Protocol): boolean {
  try {
    return translate(scenario, from, to).left.length === 0;
  } catch (error) {
    if (error instanceof UntranslatableError) return false;
    throw error;
  }
}
