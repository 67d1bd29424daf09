/**
 * What grading costs: a long recording against the same steps in bare XState, on one core; and a class of a thousand short
 * ones in threads, with the peak of memory.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { gradeBatch } from '../../src/cli/grade-batch.ts';
import { inputFor, plan } from '../../src/core/plan.ts';
import type { Protocol } from '../../src/core/protocol.ts';
import { createRun, stepRun } from '../../src/core/run.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { nextEntry } from '../../src/core/scheduler.ts';
import type { Plan } from '../../src/core/world.ts';
import { gradeRecording } from '../../src/grade/grade-recording.ts';
import { loadTasks } from '../../src/grade/task.ts';
import { record } from '../grade/made.ts';
import { type Figure, figure, median, perSecond } from './measure.ts';

const longEvents = 20_000;
const shortEvents = 500;
const students = 1000;

const challenge = `title: A log
protocol: raft
nodes: { S1: server, S2: server, S3: server, C1: client }
inputs: [{ at: 350ms, node: C1, input: request, command: a, to: S1 }]
challenge: { points: 1, goal: { holds: raft/log-matching }, budget: { crash: 1 } }
until: 1s
`;

interface Step {
  readonly node: string;
  readonly event: { readonly type: string };
}

/** The steps of the run, as events of each node. */
function stepsOf(scenario: Scenario, protocol: Protocol, events: number): Step[] {
  const run = createRun(scenario, protocol);
  const steps: Step[] = [];
  while (run.trace.length < events) {
    const entry = nextEntry(run.world);
    if (entry === null) break;
    const planned = plan(run.world, entry.choice, entry.atMs);
    if (planned?.event != null) steps.push({ node: planned.node, event: planned.event });
    stepRun(run);
  }
  return steps;
}

const nothing = (): void => {};

/** Events per second of the run, when nothing but the machines' steps is made. */
function bareXState(scenario: Scenario, protocol: Protocol, steps: readonly Step[]): number {
  const ref = { id: 'n', sessionId: 'n', send: nothing };
  const scope = {
    self: ref,
    id: 'n',
    sessionId: 'n',
    logger: nothing,
    defer: nothing,
    emit: nothing,
    stopChild: nothing,
    system: { _sendInspectionEvent: nothing, scheduler: { schedule: nothing, cancel: nothing }, get: nothing },
    actionExecutor: nothing,
  } as never;
  const { world } = createRun(scenario, protocol);
  const nodes = new Map(
    world.nodes.map((node) => {
      const machine = protocol.roles[node.role] as AnyStateMachine;
      const start = plan(world, { type: 'start', node: node.id }) as Plan;
      return [node.id, { machine, snapshot: machine.getInitialSnapshot(scope, inputFor(world, start)) }];
    }),
  );
  return perSecond(longEvents, () => {
    for (const { node, event } of steps) {
      const its = nodes.get(node) as { machine: AnyStateMachine; snapshot: AnyMachineSnapshot };
      its.snapshot = its.machine.transition(its.snapshot, event, scope);
    }
  });
}

export async function benchGrade(): Promise<Figure[]> {
  const place = mkdtempSync(join(tmpdir(), 'havoc-bench-'));
  const file = join(place, 'log.yaml');
  writeFileSync(file, challenge);
  const { tasks } = await loadTasks(file);
  const [task] = tasks as [(typeof tasks)[0]];
  const long = await record(join(place, 'long.jsonl'), { challenge: file, script: [], events: longEvents });
  const steps = stepsOf(task.scenario, task.protocol, longEvents);
  const submission = { file: long, student: null, challenge: null };
  const values: number[] = [];
  const floors: number[] = [];
  for (let round = 0; round < 4; round++) {
    const startMs = performance.now();
    const { outcome } = await gradeRecording(submission, tasks, {});
    if (outcome !== 'met') throw new Error(`the long recording was ${outcome}`);
    const value = (longEvents / (performance.now() - startMs)) * 1000;
    const floor = bareXState(task.scenario, task.protocol, steps);
    // the first time everything is compiled
    if (round === 0) continue;
    values.push(value);
    floors.push(floor);
  }
  const short = await record(join(place, 'short.jsonl'), { challenge: file, script: [], events: shortEvents });
  const quarter = await gradeClass(file, short, students / 4);
  const whole = await gradeClass(file, short, students);
  rmSync(place, { recursive: true });
  const events = { value: median(values), floor: median(floors) };
  return [
    figure(
      'grading a long recording, one core',
      'events/s',
      'at least a third of the same steps in bare XState',
      events,
    ),
    {
      name: `grading ${students} recordings of ${shortEvents} events, all cores`,
      unit: 'recordings/s',
      aim: 'a class in seconds',
      value: whole.perSecond,
      floor: null,
      ratio: null,
    },
    figure('its peak of memory, against a quarter of the recordings', 'MB', 'does not grow with the class', {
      value: whole.peakMb,
      floor: quarter.peakMb,
    }),
  ];
}

async function gradeClass(target: string, file: string, count: number): Promise<{ perSecond: number; peakMb: number }> {
  const submissions = Array.from({ length: count }, () => ({ file, student: null, challenge: null }));
  let peakMb = 0;
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, process.memoryUsage.rss() / 1e6);
  }, 20);
  const startMs = performance.now();
  await gradeBatch(submissions, { briefing: { target } });
  clearInterval(watch);
  return { perSecond: (count / (performance.now() - startMs)) * 1000, peakMb };
}
