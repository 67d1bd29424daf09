/**
 * Checks a resolved scenario as a whole: every name in it must exist, every group must be complete, every number
 * possible. One checker for scenarios from YAML and from recordings; the caller knows where each part stood.
 */
import { stateNodes } from '../core/define-role.ts';
import type { NodeId, Protocol } from '../core/protocol.ts';
import type { Expectation, Scenario } from '../core/scenario.ts';
import { checkChallenge } from './check-challenge.ts';
import { checkFault, checkTrigger } from './check-faults.ts';
import { checkLesson } from './check-lesson.ts';
import { checkInputs, checkParameters } from './check-values.ts';
import { quote, textOf } from './errors.ts';
import { faultHelp } from './fault-names.ts';
import { nearest, rightName } from './nearest.ts';
import type { Report } from './shape-errors.ts';
import type { Path } from './yaml-document.ts';

const MOST_NODES = 10_000;
const NODE_NAME = /^\p{L}[\p{L}\p{N}_-]{0,31}$/u;
/** in the fail-stop model a crash is announced by this message */
const FAREWELL = 'farewell';

/** What the checks of single parts need to know of the whole. */
export class Checker {
  readonly scenario: Scenario;
  /** null: names of the protocol are not checked */
  readonly protocol: Protocol | null;
  readonly report: Report;
  readonly ids: readonly NodeId[];

  constructor(scenario: Scenario, protocol: Protocol | null, report: Report) {
    this.scenario = scenario;
    this.protocol = protocol;
    this.report = report;
    this.ids = Object.keys(scenario.nodes);
  }

  /** Is there such a node? If not, it is reported. */
  node(id: unknown, path: Path, key?: 'key'): boolean {
    if (typeof id === 'string' && Object.hasOwn(this.scenario.nodes, id)) return true;
    this.report(path, `there is no node ${quote(id)}; ${rightName(textOf(id), this.ids)}`, key);
    return false;
  }

  kind(kind: string, path: Path): void {
    if (this.protocol === null) return;
    const known = Object.keys(this.protocol.messages);
    if (this.scenario.failures === 'fail-stop') known.push(FAREWELL);
    if (known.includes(kind)) return;
    this.report(path, `${this.protocol.id} has no message ${quote(kind)}; ${rightName(kind, known)}`);
  }

  state(node: NodeId, state: string, path: Path): void {
    const role = this.scenario.nodes[node] as string;
    const machine = this.protocol?.roles[role];
    if (machine === undefined) return;
    const paths = stateNodes(machine)
      .slice(1)
      .map((each) => each.path.join('.'));
    if (paths.some((each) => each === state || each.endsWith(`.${state}`))) return;
    this.report(path, `a ${role} has no state ${quote(state)}; ${rightName(state, paths)}`);
  }
}

/** Reports every mistake; paths are those of the resolved scenario. */
export function checkScenario(scenario: Scenario, protocol: Protocol | null, report: Report): void {
  const checker = new Checker(scenario, protocol, report);
  checkNodes(checker);
  if (scenario.model === 'synchronous' && scenario.boundMs === undefined) {
    report(['model'], 'the synchronous model needs a bound on message delay: add `bound: 100ms`');
  }
  for (const [i, link] of (scenario.network.links ?? []).entries()) {
    const path = ['network', 'links', i];
    const known = [checker.node(link.from, [...path, 'from']), checker.node(link.to, [...path, 'to'])];
    if (known.every(Boolean) && link.from === link.to) report([...path, 'to'], 'a link joins two different nodes');
  }
  for (const node of Object.keys(scenario.clocks ?? {})) checker.node(node, ['clocks', node], 'key');
  checkParameters(checker, scenario.parameters, ['parameters']);
  checkInputs(checker);
  for (const [i, scheduled] of scenario.faults.entries()) {
    if ('when' in scheduled) checkTrigger(checker, scheduled.when, ['faults', i, 'when']);
    checkFault(checker, scheduled.fault, ['faults', i, 'fault']);
  }
  for (const fault of Object.keys(scenario.budget)) {
    if (Object.hasOwn(faultHelp, fault)) continue;
    report(['budget', fault], `there is no fault ${quote(fault)}; ${rightName(fault, Object.keys(faultHelp))}`, 'key');
  }
  for (const [i, expectation] of scenario.expect.entries()) checkExpectation(checker, expectation, ['expect', i]);
  checkLesson(checker);
  if (scenario.challenge !== undefined) checkChallenge(checker, scenario.challenge);
}

function checkNodes(checker: Checker): void {
  const { ids, protocol, report, scenario } = checker;
  if (ids.length === 0) report(['nodes'], 'there are no nodes; name at least one and its role');
  if (ids.length > MOST_NODES) report(['nodes'], `there are ${ids.length} nodes; at most ${MOST_NODES} are possible`);
  const roles = protocol === null ? null : Object.keys(protocol.roles);
  for (const id of ids.slice(0, MOST_NODES)) {
    const role = scenario.nodes[id] as string;
    if (!NODE_NAME.test(id)) {
      const right = 'a letter, then at most 31 letters, digits, _ or -';
      report(['nodes', id], `the node name ${quote(id)} is not possible; use ${right}`, 'key');
    }
    if (roles === null || roles.includes(role)) continue;
    report(['nodes', id], `${protocol?.id} has no role ${quote(role)}; ${rightName(role, roles)}`);
  }
}

function checkExpectation(checker: Checker, expectation: Expectation, path: Path): void {
  if ('property' in expectation) checkProperty(checker, expectation.property, [...path, 'property']);
  else if ('blocked' in expectation) {
    for (const [i, id] of expectation.blocked.entries()) checker.node(id, [...path, 'blocked', i]);
  } else if ('decided' in expectation) {
    for (const id of Object.keys(expectation.decided)) checker.node(id, [...path, 'decided', id], 'key');
  } else if ('reached' in expectation) {
    const { node, state } = expectation.reached;
    if (checker.node(node, [...path, 'reached', 'node'])) checker.state(node, state, [...path, 'reached', 'state']);
  } else if (expectation.kind !== undefined) {
    checker.kind(expectation.kind, [...path, 'kind']);
  }
}

export function checkProperty({ protocol, report }: Checker, name: string, path: Path): void {
  if (protocol === null) return;
  const known = protocol.properties.map((property) => property.name);
  if (known.includes(name)) return;
  const endings = known.filter((each) => each.endsWith(`/${name}`));
  if (endings.length > 1) {
    report(path, `${quote(name)} may mean ${endings.join(' or ')}; write the full name`);
    return;
  }
  const ends = known.map((each) => each.slice(each.lastIndexOf('/') + 1));
  const near = nearest(name, known) ?? known[ends.indexOf(nearest(name, ends) ?? '')];
  const right = near === undefined ? rightName(name, known) : `did you mean ${near}?`;
  report(path, `${protocol.id} has no property ${quote(name)}; ${right}`);
}
