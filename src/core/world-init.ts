/** A world at its beginning: every node about to start, every scripted fault and input on the agenda. Copies of worlds. */

import { cloneAgenda, createAgenda, schedule } from './agenda.ts';
import { noVector } from './clocks.ts';
import { cloneCosts, noCosts } from './costs.ts';
import { clockFrom } from './local-clock.ts';
import { createPropertyStates, createView } from './properties.ts';
import type { Protocol } from './protocol.ts';
import { cloneStreams, createStreams } from './rng.ts';
import type { ClockSetting, Scenario } from './scenario.ts';
import type { NodeRecord, World } from './world.ts';

function createNode(id: string, role: string, index: number, count: number, clock?: ClockSetting): NodeRecord {
  return {
    id,
    role,
    index,
    status: 'up',
    honest: true,
    everCrashed: false,
    path: '',
    state: null,
    context: {},
    stable: {},
    decisions: [],
    delivered: [],
    lamport: 0,
    vector: noVector(count),
    depth: 0,
    writeDepth: 0,
    timers: [],
    waiting: [],
    pausedBy: null,
    treachery: null,
    crashAfter: null,
    crash: null,
    failure: null,
    lostRestart: false,
    clock: clockFrom(clock),
    sentBefore: [],
    blockedSinceMs: null,
    previous: null,
  };
}

const withView = (world: Omit<World, 'view'>): World => {
  const whole = world as World;
  (whole as { view: World['view'] }).view = createView(whole);
  return whole;
};

/** The world of a valid, resolved scenario before its first event. Every node starts at 0 ms, in scenario order. */
export function createWorld(scenario: Scenario, protocol: Protocol): World {
  const ids = Object.keys(scenario.nodes);
  const agenda = createAgenda();
  const triggers: World['triggers'] = [];
  scenario.faults.forEach((scheduled, script) => {
    if ('when' in scheduled) triggers.push({ script, scheduled, seen: 0 });
    else schedule(agenda, scheduled.at, scheduled.fault, -1, script);
  });
  // what is scripted for a moment is in force when the rest of that moment happens: a traitor at 0 ms lies from the start
  for (const node of ids) schedule(agenda, 0, { type: 'start', node });
  for (const { atMs, node, input, data } of scenario.inputs)
    schedule(agenda, atMs, { type: 'input', node, input, data });
  return withView({
    scenario,
    protocol,
    ids,
    indexOf: new Map(ids.map((id, index) => [id, index])),
    nowMs: 0,
    events: 0,
    nodes: ids.map((id, index) =>
      createNode(id, scenario.nodes[id] as string, index, ids.length, scenario.clocks?.[id]),
    ),
    pending: new Map(),
    nextMessageId: 1,
    nextToken: 1,
    agenda,
    streams: createStreams(scenario.seed),
    partition: null,
    cuts: [],
    rules: [],
    faults: [],
    triggers,
    inputs: [],
    properties: createPropertyStates(protocol.properties),
    costs: noCosts(),
    lastArrivalMs: new Map(),
    assumptions: [],
    forgeries: 0,
    anyFault: false,
    versions: { decisions: 0, states: 0, deliveries: 0, memory: 0, crashes: 0 },
    blockedSets: [],
    reached: new Set(),
  });
}

/** An independent copy. Immutable parts (states, envelopes, faults as data) are shared. */
export function cloneWorld(world: World): World {
  return withView({
    ...world,
    nodes: world.nodes.map((node) => ({
      ...node,
      vector: node.vector.slice(),
      timers: node.timers.slice(),
      waiting: node.waiting.slice(),
      sentBefore: node.sentBefore.slice(),
    })),
    pending: new Map(world.pending),
    agenda: cloneAgenda(world.agenda),
    streams: cloneStreams(world.streams),
    rules: world.rules.map((rule) => ({ ...rule })),
    faults: world.faults.map((record) => ({ ...record })),
    triggers: world.triggers.map((trigger) => ({ ...trigger })),
    inputs: world.inputs.slice(),
    properties: world.properties.map((state) => ({ ...state })),
    costs: cloneCosts(world.costs),
    lastArrivalMs: new Map(world.lastArrivalMs),
    assumptions: world.assumptions.slice(),
    versions: { ...world.versions },
    blockedSets: world.blockedSets.slice(),
    reached: new Set(world.reached),
  });
}
