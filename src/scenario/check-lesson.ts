/** Checks the steps of a lesson: every name in their conditions must exist, and a question must have its answer. */
import { type Condition, type LessonStep, momentNames, partsOf, type SimpleCondition } from '../core/lesson.ts';
import { type Checker, checkProperty } from './check.ts';
import { checkParameters } from './check-values.ts';
import { quote } from './errors.ts';
import { rightName } from './nearest.ts';
import type { Path } from './yaml-document.ts';

export function checkLesson(checker: Checker): void {
  for (const [i, step] of (checker.scenario.lesson ?? []).entries()) checkStep(checker, step, ['lesson', i]);
}

function checkStep(checker: Checker, step: LessonStep, path: Path): void {
  if (step.ask !== undefined && step.answer === undefined) {
    checker.report([...path, 'ask'], 'the question has no answer; add `answer`', 'key');
  }
  if (step.answer !== undefined && step.ask === undefined) {
    checker.report([...path, 'answer'], 'the answer has no question; add `ask`', 'key');
  }
  if (step.when === undefined) return;
  for (const [i, part] of partsOf(step.when).entries())
    checkPart(checker, part, partPath(step.when, [...path, 'when'], i));
}

function partPath(condition: Condition, path: Path, i: number): Path {
  if ('all' in condition) return [...path, 'all', i];
  return 'any' in condition ? [...path, 'any', i] : path;
}

/** One condition, or one thing that happens. */
export function checkPart(checker: Checker, part: SimpleCondition, path: Path): void {
  const { protocol } = checker;
  const fields = part as Readonly<Record<string, unknown>>;
  const known = fields.node === undefined || checker.node(fields.node, [...path, 'node']);
  if ('in' in part) {
    if (known) checker.state(part.node, part.in, [...path, 'in']);
  } else if ('blocked' in part) {
    for (const [i, id] of part.blocked.entries()) checker.node(id, [...path, 'blocked', i]);
  } else if ('decided' in part) {
    for (const id of Object.keys(part.decided)) checker.node(id, [...path, 'decided', id], 'key');
  } else if ('violated' in part) checkProperty(checker, part.violated, [...path, 'violated']);
  else if ('achieved' in part) checkProperty(checker, part.achieved, [...path, 'achieved']);
  else if ('parameters' in part) checkParameters(checker, part.parameters, [...path, 'parameters']);
  else if ('inspecting' in part) checker.node(part.inspecting, [...path, 'inspecting']);
  else if ('bound' in part && protocol !== null && protocol.bound === undefined) {
    checker.report([...path, 'bound'], `${protocol.id} states no bound that could be exceeded`);
  } else if ('input' in part && protocol !== null) {
    const names = Object.keys(protocol.inputs);
    if (names.includes(part.input)) return;
    const right = rightName(part.input, names);
    checker.report([...path, 'input'], `${protocol.id} has no input ${quote(part.input)}; ${right}`);
  } else checkMoment(checker, fields, known, path);
}

function checkMoment(checker: Checker, fields: Readonly<Record<string, unknown>>, known: boolean, path: Path): void {
  const moments = momentNames.filter((name) => Object.hasOwn(fields, name));
  const [name] = moments;
  if (name === undefined || name === 'decides' || name === 'delivers') return;
  const what = fields[name];
  if (what === null) return;
  if (typeof what !== 'string') {
    checker.report(
      [...path, name],
      `${quote(what)} must be ${name === 'enters' ? 'a state' : 'a message kind'}, or any`,
    );
  } else if (name !== 'enters') checker.kind(what, [...path, name]);
  else if (known) checker.state(fields.node as string, what, [...path, name]);
}
