/** Judges what a scenario expects, against the world at the end of a run. */
import { blockedNodes } from './blocked.ts';
import { nodeIn } from './draft.ts';
import { canonicalJson, sameJson } from './json.ts';
import type { PropertyReport } from './properties.ts';
import type { Expectation } from './scenario.ts';
import { isInState } from './state-path.ts';
import type { World } from './world.ts';

export interface ExpectationReport {
  /** the expectation in words */
  readonly name: string;
  /** null: unknown, because the run was stopped before it could be judged */
  readonly met: boolean | null;
  readonly why: string;
}

/** How far a run has come. */
export interface Stop {
  /** nothing is left to happen */
  readonly quiet: boolean;
  /** it is quiet, or has come to the scenario's own end; false: it was stopped before */
  readonly over: boolean;
  /** when the next event would be, virtual ms; infinite when there is none */
  readonly nextMs: number;
}

export const judgeExpectations = (
  world: World,
  properties: readonly PropertyReport[],
  stop: Stop,
): ExpectationReport[] => world.scenario.expect.map((expectation) => judge(world, properties, stop, expectation));

const durationText = (ms: number): string => (ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`);
const listText = (ids: readonly string[]): string => (ids.length === 0 ? 'nobody' : ids.join(', '));

function judge(
  world: World,
  properties: readonly PropertyReport[],
  stop: Stop,
  expectation: Expectation,
): ExpectationReport {
  const { quiet } = stop;
  if ('property' in expectation) return judgeProperty(properties, quiet, expectation);
  if ('blocked' in expectation) return judgeBlocked(world, stop, expectation);
  if ('decided' in expectation) return judgeDecided(world, quiet, expectation.decided);
  if ('reached' in expectation) return judgeReached(world, quiet, expectation.reached);
  const { messages, kind } = expectation;
  const count = kind === undefined ? world.costs.messages : (world.costs.byKind[kind] ?? 0);
  const name = `${messages} ${kind === undefined ? '' : `${kind} `}messages`;
  const undecided = !quiet && count < messages;
  return { name, met: count === messages ? true : undecided ? null : false, why: `${count} were sent` };
}

function judgeProperty(
  properties: readonly PropertyReport[],
  quiet: boolean,
  { property, verdict }: Extract<Expectation, { property: string }>,
): ExpectationReport {
  const name = `${property} ${verdict}`;
  const found = properties.find((report) => report.name === property);
  if (found === undefined) return { name, met: false, why: 'the protocol has no such property' };
  if (found.verdict === verdict) return { name, met: true, why: found.why };
  // what has not settled yet may still turn out as expected; what is settled may not
  const open =
    !quiet && found.at === null && verdict !== 'unknown' && (found.kind !== 'always' || verdict === 'violated');
  return { name, met: open ? null : false, why: `it is ${found.verdict}: ${found.why}` };
}

function judgeBlocked(
  world: World,
  { over, nextMs }: Stop,
  { blocked, beforeMs }: Extract<Expectation, { blocked: unknown }>,
): ExpectationReport {
  if (beforeMs === undefined) return judgeBlockedAtEnd(world, over, blocked);
  const settled = over || nextMs >= beforeMs;
  const name = `${listText(blocked)} blocked before ${durationText(beforeMs)}`;
  const sets = world.blockedSets.filter(({ atMs }) => atMs < beforeMs);
  if (blocked.length === 0) {
    const first = sets[0];
    if (first !== undefined) return { name, met: false, why: `${listText(first.nodes)} was` };
    return { name, met: settled ? true : null, why: 'nobody was' };
  }
  const found = sets.find(({ nodes }) => blocked.every((id) => nodes.includes(id)));
  if (found !== undefined) return { name, met: true, why: `together since ${found.atMs} ms` };
  const most = sets.map(({ nodes }) => listText(nodes)).join(' and then ');
  return {
    name,
    met: settled ? false : null,
    why: most === '' ? 'nobody was blocked by then' : `blocked by then were only ${most}`,
  };
}

function judgeBlockedAtEnd(world: World, over: boolean, blocked: readonly string[]): ExpectationReport {
  const now = blockedNodes(world).map(({ node }) => node);
  const met = blocked.length === 0 ? now.length === 0 : blocked.every((id) => now.includes(id));
  return {
    name: `${listText(blocked)} blocked at the end`,
    met: met || over ? met : null,
    why: `${listText(now)} ${now.length > 1 ? 'are' : 'is'} blocked at the end`,
  };
}

function judgeDecided(
  world: World,
  quiet: boolean,
  decided: Extract<Expectation, { decided: unknown }>['decided'],
): ExpectationReport {
  const name = `decided ${Object.entries(decided)
    .map(([id, value]) => `${id}=${canonicalJson(value)}`)
    .join(' ')}`;
  for (const [id, value] of Object.entries(decided)) {
    const decisions = nodeIn(world, id)?.decisions ?? [];
    const last = decisions.at(-1);
    if (value === null ? decisions.length === 0 : last !== undefined && sameJson(last, value)) continue;
    const why = last === undefined ? `${id} is undecided` : `${id} has decided ${canonicalJson(last)}`;
    return { name, met: !quiet && last === undefined ? null : false, why };
  }
  return { name, met: true, why: 'so they did' };
}

function judgeReached(
  world: World,
  quiet: boolean,
  { node, state }: { readonly node: string; readonly state: string },
): ExpectationReport {
  const name = `${node} reaches ${state}`;
  const paths = [...world.reached]
    .filter((entry) => entry.startsWith(`${node} `))
    .map((entry) => entry.slice(node.length + 1));
  const met = paths.some((path) => isInState(path, state));
  return { name, met: met ? true : quiet ? false : null, why: met ? 'it did' : `it was only in ${listText(paths)}` };
}
