/** What recordings are graded against: one challenge, or all of an assignment's. */
import { basename, extname } from 'node:path';
import type { Challenge } from '../core/challenge.ts';
import { instanceSeed } from '../core/instance.ts';
import type { Protocol } from '../core/protocol.ts';
import type { Scenario } from '../core/scenario.ts';
import { engineVersion } from '../core/version.ts';
import type { Engine } from '../record/format.ts';
import { mistakeIn, quote, ScenarioError } from '../scenario/errors.ts';
import { loadScenario } from '../scenario/load.ts';
import { protocolSha256 } from '../scenario/protocols.ts';
import { readTextFile } from '../scenario/text-file.ts';
import { parseYaml } from '../scenario/yaml-document.ts';
import { type AssignmentItem, isAssignment, isPlainId, readAssignment } from './assignment.ts';

export interface Task {
  readonly id: string;
  /** the challenge's name or file */
  readonly source: string;
  readonly title: string;
  readonly scenario: Scenario;
  readonly challenge: Challenge;
  readonly protocol: Protocol;
  /** what a recording must have been made with */
  readonly engine: Engine;
  /** of the instances: the assignment's, or else the challenge's own */
  readonly salt: string;
}

export interface Tasks {
  readonly title: string;
  /** an assignment's, in ISO 8601 */
  readonly due: string | null;
  readonly tasks: readonly Task[];
}

const largestBytes = 1024 * 1024;

/**
 * An assignment's file, or a challenge by its name or file. Throws `ScenarioError` or `ProtocolError`.
 * @param salt instead of the one that stands there
 */
export async function loadTasks(nameOrPath: string, salt: string | null = null): Promise<Tasks> {
  const text = ['.yaml', '.yml'].includes(extname(nameOrPath)) ? readTextFile(nameOrPath, largestBytes) : null;
  if (text === null || !isAssignment(parseYaml(text, nameOrPath).value)) {
    const task = await loadTask(nameOrPath, null, salt);
    return { title: task.title, due: null, tasks: [task] };
  }
  const { title, due, salt: itsSalt, items } = readAssignment(text, nameOrPath);
  const tasks: Task[] = [];
  for (const item of items) {
    const task = await loadTask(item.challenge, item, salt ?? itsSalt, nameOrPath);
    if (tasks.some(({ id }) => id === task.id)) {
      const what = `there are two challenges with the id ${quote(task.id)}; give one of them an \`id\` of its own`;
      throw mistakeIn(nameOrPath, what, item.line, item.column);
    }
    tasks.push(task);
  }
  return { title, due, tasks };
}

async function loadTask(
  nameOrPath: string,
  item: AssignmentItem | null,
  salt: string | null,
  assignment = nameOrPath,
): Promise<Task> {
  const wrong = (what: string) => mistakeIn(assignment, what, item?.line ?? null, item?.column ?? null);
  const { scenario, protocol, ref } = await loadScenario(nameOrPath).catch((error: unknown) => {
    // that there is no such challenge is the assignment's mistake; what stands in it is its own
    const isOwn = item === null || !(error instanceof ScenarioError) || error.line !== null;
    throw isOwn ? error : wrong(`${quote(basename(nameOrPath))}: ${error.errors[0]?.what}`);
  });
  if (scenario.challenge === undefined)
    throw wrong(`${quote(scenario.name)} is no challenge: it has no \`challenge:\` with a goal and points`);
  const id = item?.id ?? scenario.name;
  if (!isPlainId(id))
    throw wrong(`${quote(id)} cannot be an id; give it an \`id\` of letters, digits, dots, dashes and underscores`);
  return {
    id,
    source: nameOrPath,
    title: item?.title ?? scenario.title,
    scenario,
    challenge: item?.points == null ? scenario.challenge : { ...scenario.challenge, points: item.points },
    protocol,
    engine: { version: engineVersion, protocol: scenario.protocol, protocolSha256: protocolSha256(ref) },
    salt: salt ?? scenario.challenge.salt ?? '',
  };
}

/** What this student was to play: of a challenge that is the same for everybody, its scenario. */
export async function scenarioFor(task: Task, student: string | null): Promise<Scenario> {
  if (task.challenge.instance !== 'per-student' || student === null) return task.scenario;
  const instance = instanceSeed(task.salt, task.scenario.name, student);
  return (await loadScenario(task.source, { instance })).scenario;
}
