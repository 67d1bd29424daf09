/** Checks faults and the moments that trigger them: nodes, message kinds, states, and groups that leave nobody out. */
import type { Fault } from '../core/faults.ts';
import type { NodeId } from '../core/protocol.ts';
import type { Trigger } from '../core/scenario.ts';
import type { Checker } from './check.ts';
import { quote } from './errors.ts';
import type { Path } from './yaml-document.ts';

/** Reports what is wrong with a fault; paths are those of its fields. */
export function checkFault(checker: Checker, fault: Fault, path: Path): void {
  const fields = fault as unknown as Record<string, unknown>;
  for (const field of ['node', 'from', 'to']) {
    if (fields[field] !== undefined) checker.node(fields[field], [...path, field]);
  }
  if (fields.from !== undefined && fields.from === fields.to) {
    checker.report([...path, 'to'], 'a message goes from one node to another; name two different nodes');
  }
  if (typeof fields.kind === 'string') checker.kind(fields.kind, [...path, 'kind']);
  if (fault.type === 'partition') checkGroups(checker, fault.groups, [...path, 'groups']);
  if (fault.type === 'skew' && fault.offsetMs === undefined && fault.rate === undefined) {
    checker.report(path, 'a skew needs an `offset`, a `rate`, or both');
  }
  if (fault.type === 'traitor') {
    for (const [i, id] of (fault.targets ?? []).entries()) checker.node(id, [...path, 'targets', i]);
    for (const [i, kind] of (fault.kinds ?? []).entries()) checker.kind(kind, [...path, 'kinds', i]);
  }
}

function checkGroups(checker: Checker, groups: readonly (readonly NodeId[])[], path: Path): void {
  const seen = new Set<NodeId>();
  let known = true;
  for (const [i, group] of groups.entries()) {
    for (const [j, id] of group.entries()) {
      known = checker.node(id, [...path, i, j]) && known;
      if (seen.has(id)) checker.report([...path, i, j], `${quote(id)} stands in the groups twice; name it once`);
      seen.add(id);
    }
  }
  const forgotten = checker.ids.filter((id) => !seen.has(id));
  // a misspelt name is the reason why another seems forgotten
  if (!known || forgotten.length === 0) return;
  const shown =
    forgotten.length > 8
      ? `${forgotten.slice(0, 8).join(', ')} and ${forgotten.length - 8} more`
      : forgotten.join(', ');
  checker.report(path, `the groups forget ${shown}; every node must be in exactly one`);
}

export function checkTrigger(checker: Checker, trigger: Trigger, path: Path): void {
  const known = checker.node(trigger.node, [...path, 'node']);
  const { on, what } = trigger;
  if (on === 'decides' || what === null) return;
  if (typeof what !== 'string') {
    const right = on === 'enters' ? 'a state' : 'a message kind';
    checker.report([...path, 'what'], `${quote(what)} must be ${right}, or any`);
  } else if (on === 'enters') {
    if (known) checker.state(trigger.node, what, [...path, 'what']);
  } else {
    checker.kind(what, [...path, 'what']);
  }
}
