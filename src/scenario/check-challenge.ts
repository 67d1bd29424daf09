/** Checks a challenge: every name in its goal must exist, every count be bounded, and the budget name what can be charged. */
import type { Challenge } from '../core/challenge.ts';
import { chargeNames } from '../core/challenge-budget.ts';
import type { Bounds, Counted, Goal, Occasion } from '../core/challenge-goal.ts';
import { faultHelp } from '../core/faults.ts';
import { isHappening, type SimpleCondition } from '../core/lesson.ts';
import { type Checker, checkProperty } from './check.ts';
import { checkPart } from './check-lesson.ts';
import { quote } from './errors.ts';
import { rightName } from './nearest.ts';
import type { Path } from './yaml-document.ts';

export function checkChallenge(checker: Checker, challenge: Challenge): void {
  const path = ['challenge'];
  checkGoal(checker, challenge.goal, [...path, 'goal']);
  for (const name of Object.keys(challenge.budget)) {
    if (chargeNames.includes(name)) continue;
    checker.report([...path, 'budget', name], chargeTrouble(name), 'key');
  }
  if (challenge.salt !== undefined && challenge.instance === undefined)
    checker.report([...path, 'salt'], 'there is a salt but no `instance: per-student` that it goes into', 'key');
  if (challenge.argument !== undefined && challenge.answer !== 'impossible')
    checker.report([...path, 'argument'], 'it is for challenges with `answer: impossible`', 'key');
}

function chargeTrouble(name: string): string {
  if (name === 'deliver-now' || name === 'reorder') return `${quote(name)} is charged as schedule: write schedule`;
  if (Object.hasOwn(faultHelp, name)) return `${quote(name)} ends a fault and costs nothing: leave it out`;
  return `nothing is charged as ${quote(name)}; ${rightName(name, chargeNames)}`;
}

function checkGoal(checker: Checker, goal: Goal, path: Path): void {
  if ('violated' in goal) checkProperty(checker, goal.violated, [...path, 'violated']);
  else if ('holds' in goal) checkProperty(checker, goal.holds, [...path, 'holds']);
  else if ('reached' in goal) {
    const { node, state } = goal.reached;
    if (checker.node(node, [...path, 'reached', 'node'])) checker.state(node, state, [...path, 'reached', 'state']);
  } else if ('decided' in goal) {
    for (const id of Object.keys(goal.decided)) checker.node(id, [...path, 'decided', id], 'key');
  } else if ('blocked' in goal) {
    for (const [i, id] of goal.blocked.entries()) checker.node(id, [...path, 'blocked', i]);
  } else if ('count' in goal) checkCount(checker, goal.count, [...path, 'count']);
  else if ('cut' in goal) {
    if (goal.crossing !== undefined) checkBounds(checker, goal.crossing, [...path, 'crossing']);
  } else if ('not' in goal) checkGoal(checker, goal.not, [...path, 'not']);
  else for (const [key, parts] of partsIn(goal)) checkParts(checker, parts, [...path, key]);
}

const partsIn = (goal: Goal): [string, readonly Occasion[]][] =>
  Object.entries(goal).filter((entry): entry is [string, readonly Occasion[]] => Array.isArray(entry[1]));

function checkParts(checker: Checker, parts: readonly Occasion[], path: Path): void {
  for (const [i, part] of parts.entries()) {
    if (isHappening(part as SimpleCondition)) checkPart(checker, part as SimpleCondition, [...path, i]);
    else checkGoal(checker, part as Goal, [...path, i]);
  }
}

function checkCount(checker: Checker, count: Counted & Bounds, path: Path): void {
  const { messages, enters, field } = count as { messages?: string; enters?: string; field?: string };
  if ((messages === undefined) === (enters === undefined))
    checker.report(path, 'count either `messages` (a kind, or any) or `enters` (a state)');
  else if (enters !== undefined && field !== undefined)
    checker.report([...path, 'field'], 'a field is one of messages: count `messages` instead of `enters`', 'key');
  const known = count.node === undefined || checker.node(count.node, [...path, 'node']);
  if (messages !== undefined && messages !== 'any') checker.kind(messages, [...path, 'messages']);
  if (messages !== undefined && field !== undefined) checkField(checker, messages, field, [...path, 'field']);
  if (enters !== undefined && count.node !== undefined && known) checker.state(count.node, enters, [...path, 'enters']);
  checkBounds(checker, count, path);
}

function checkField({ protocol, report }: Checker, kind: string, field: string, path: Path): void {
  if (protocol === null) return;
  const kinds = kind === 'any' ? Object.values(protocol.messages) : [protocol.messages[kind]];
  const known = [...new Set(kinds.flatMap((each) => Object.keys(each?.fields ?? {})))];
  if (known.includes(field)) return;
  const what = kind === 'any' ? 'no message' : kind;
  report(path, `${what} has ${kind === 'any' ? 'a' : 'no'} field ${quote(field)}; ${rightName(field, known)}`);
}

function checkBounds({ report }: Checker, bounds: Bounds, path: Path): void {
  const { 'at-least': least, 'at-most': most, exactly } = bounds;
  if (exactly !== undefined && (least !== undefined || most !== undefined))
    report([...path, 'exactly'], '`exactly` says it all: leave out at-least and at-most', 'key');
  else if (exactly === undefined && least === undefined && most === undefined)
    report(path, 'how many? add at-least, at-most or exactly');
  else if ((least ?? 0) > (most ?? Number.POSITIVE_INFINITY))
    report(path, `at least ${least} and at most ${most} is impossible`);
}
