/** The past of a run: exact at every event, bounded in memory, and without any effect on the run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { perform } from '../../src/core/commit.ts';
import { digestWorld } from '../../src/core/digest.ts';
import { History, type HistoryLimits, NotRepeatable } from '../../src/core/history.ts';
import { canonicalJson } from '../../src/core/json.ts';
import { lazyArray } from '../../src/core/lazy-array.ts';
import type { Protocol } from '../../src/core/protocol.ts';
import { refusal } from '../../src/core/refusal.ts';
import { nextInteger, streamOf } from '../../src/core/rng.ts';
import { advanceWorld } from '../../src/core/run.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import type { Act } from '../../src/core/session.ts';
import type { TraceEvent, World } from '../../src/core/world.ts';
import { createWorld } from '../../src/core/world-init.ts';
import { listPresets, loadScenario } from '../../src/scenario/load.ts';
import { chatter, chatterScenario } from '../fixtures/chatter.ts';

/** All of a world that the screen shows, whether or not it counts for the digest. */
const whole = (world: World): string =>
  canonicalJson({
    digest: digestWorld(world),
    nowMs: world.nowMs,
    nodes: world.nodes.map(({ state, ...node }) => ({ ...node, state: state?.value ?? null })),
    pending: [...world.pending.values()],
    faults: world.faults,
    costs: world.costs,
    assumptions: world.assumptions,
    blockedSets: world.blockedSets,
    properties: world.properties.map(({ settledAt, failure, memory }) => ({ settledAt, failure, memory })),
  });

interface Lived {
  readonly history: History;
  readonly trace: readonly TraceEvent[];
  /** what was seen when it was live, by the number of events */
  readonly seen: ReadonlyMap<number, { readonly digest: string; readonly whole: string | null }>;
}

/** Everything now and then, the digest always. */
const look = (world: World) => ({
  digest: digestWorld(world),
  whole: world.events % 8 === 0 ? whole(world) : null,
});

const usual: Partial<HistoryLimits> = { spacing: 12 };
/** so tight that a small run thins its copies and drops its events */
const tight: Partial<HistoryLimits> = { copies: 4, spacing: 4, events: 8 };

/** Lives a run through, with a person who does something now and then. */
function live(
  scenario: Scenario,
  protocol: Protocol,
  limits: Partial<HistoryLimits>,
  acts: boolean,
  most = 400,
): Lived {
  const world = createWorld(scenario, protocol);
  const history = new History(world, [], limits);
  const trace: TraceEvent[] = [];
  const seen = new Map([[0, look(world)]]);
  const random = streamOf(scenario.seed + 1);
  const happened = (events: readonly TraceEvent[]): void => {
    history.record(events);
    trace.push(...events);
    seen.set(world.events, look(world));
  };
  while (trace.length < most) {
    const act = acts && nextInteger(random, 0, 9) === 0 ? someAct(world, nextInteger(random, 0, 99)) : null;
    if (act !== null && refusal(world, act) === null) {
      happened(perform(world, act, 'person'));
      continue;
    }
    const events = advanceWorld(world);
    if (events === null) break;
    happened(events);
  }
  return { history, trace, seen };
}

function someAct({ ids, pending }: World, draw: number): Act {
  const node = ids[draw % ids.length] as string;
  const [message = 0] = pending.keys();
  const acts: readonly Act[] = [
    { type: 'crash', node },
    { type: 'restart', node },
    { type: 'pause', node },
    { type: 'resume', node },
    { type: 'partition', groups: [[node], ids.filter((id) => id !== node)] },
    { type: 'heal' },
    { type: 'traitor', node, behaviour: 'silent' },
    { type: 'duplicate', message },
    { type: 'delay', message, byMs: 100 },
    { type: 'skew', node, offsetMs: 50, rate: 1.1 },
  ];
  return acts[draw % acts.length] as Act;
}

/** Every index, in an order that jumps to and fro. */
const shuffled = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => (i * 7919) % count).filter((index, i, all) => all.indexOf(index) === i);

function assertExact({ history, trace, seen }: Lived): void {
  const before = whole(history.world);
  for (const index of shuffled(trace.length + 1)) {
    assert.deepEqual(look(history.at(index)), seen.get(history.moment(index)), `after ${index} events`);
  }
  assert.equal(whole(history.world), before, 'looking back changed the run');
}

for (const { id } of listPresets()) {
  test(`${id}: at every event the past is what it was when it was live`, async () => {
    const { scenario, protocol } = await loadScenario(id);
    assertExact(live(scenario, protocol, usual, false, 300));
    assertExact(live(scenario, protocol, tight, true, 100));
  });
}

const busy = (): Lived => live(chatterScenario(6), chatter, tight, true);

test('the trace reads like the array of all events, though most are no longer kept', () => {
  const { history, trace } = busy();
  assert.ok(trace.length > 40 && history.kept.events < trace.length / 2);
  assert.deepEqual([...history.trace], trace);
  assert.deepEqual(history.trace.slice(3, 9), trace.slice(3, 9));
  assert.equal(history.trace.at(-1), trace.at(-1));
  assert.deepEqual(
    history.trace.findLast(({ node }) => node === 'N1'),
    trace.findLast(({ node }) => node === 'N1'),
  );
  assert.equal(history.trace[trace.length], undefined);
  assert.deepEqual([...history.until(17)], trace.slice(0, history.moment(17)));
});

test('copies thin out: their number is bounded and their distance doubles', () => {
  const { scenario, protocol } = { scenario: chatterScenario(8), protocol: chatter };
  const world = createWorld(scenario, protocol);
  const history = new History(world, [], { copies: 8, spacing: 2, events: 8 });
  let most = 0;
  for (let events = advanceWorld(world); events !== null; events = advanceWorld(world)) {
    history.record(events);
    most = Math.max(most, history.kept.copies);
    assert.ok(history.kept.events <= 10);
    assert.ok(history.kept.spacing * 8 >= world.events / 2, 'they reach over the whole run');
  }
  assert.ok(world.events > 60 && history.kept.spacing >= 8);
  assert.equal(most, 8);
});

test('a node that the runtime lost is lost in the past as well, from the moment on', () => {
  const world = createWorld(chatterScenario(4), chatter);
  const history = new History(world, [], tight);
  for (let i = 0; i < 12; i++) history.record(advanceWorld(world) ?? []);
  world.nowMs += 3;
  history.record(perform(world, { type: 'fail', node: 'N1', reason: 'its thread hung' }, 'runtime'));
  for (let i = 0; i < 12; i++) history.record(advanceWorld(world) ?? []);
  assert.equal(history.at(12).nodes[1]?.status, 'up');
  assert.equal(history.at(13).nodes[1]?.status, 'failed');
  assert.equal(history.at(20).nodes[1]?.failure, 'its thread hung');
  assert.deepEqual(history.landmarks.of('fault'), [12]);
});

test('an event and what it set off are one moment, forth and back', async () => {
  const { scenario, protocol } = await loadScenario('partition-during-commit');
  const { history, trace } = live(scenario, protocol, usual, false);
  const setOff = trace.findIndex(({ choice }) => choice.type === 'partition');
  assert.equal(trace[setOff]?.origin, 'script');
  assert.equal(history.moment(setOff), setOff + 1);
  assert.equal(history.momentBefore(setOff + 1), setOff - 1);
  assert.equal(history.at(setOff).events, setOff + 1);
  const back: number[] = [];
  for (let moment = trace.length; moment > 0; moment = history.momentBefore(moment)) back.push(moment);
  const forth: number[] = [];
  for (let moment = 0; moment < trace.length; moment = history.moment(moment + 1))
    forth.push(history.moment(moment + 1));
  assert.deepEqual(back.reverse(), forth);
});

test('a moment is found by its virtual time', () => {
  const { history, trace } = busy();
  for (const ms of [-1, 0, 1, 15, 40, 100, 333, 1e9]) {
    assert.equal(history.momentAt(ms), trace.filter(({ atMs }) => atMs <= ms).length, `${ms} ms`);
  }
});

test('gone back, the run goes on as if what came after had never happened', () => {
  for (const count of [0, 5, 17, 33]) {
    const { history, trace } = busy();
    const world = history.goBack(count);
    const same = new History(createWorld(world.scenario, chatter), [], tight);
    same.record([]);
    assert.equal(history.world, world);
    assert.deepEqual([...history.trace], trace.slice(0, world.events));
    for (let i = 0; i < 40; i++) {
      const act: Act = { type: 'crash', node: 'N2' };
      history.record(
        i === 3 && refusal(world, act) === null ? perform(world, act, 'person') : (advanceWorld(world) ?? []),
      );
    }
    const now = whole(world);
    assert.equal(whole(history.at(world.events)), now);
    const again = new History(world, [...history.trace], tight);
    for (let index = 0; index <= world.events; index += 5) {
      assert.equal(whole(history.at(index)), whole(again.at(index)), `from ${count}, at ${index}`);
    }
    assert.equal(whole(world), now);
  }
});

test('landmarks name faults, decisions and violations, and forget what was abandoned', async () => {
  const { scenario, protocol } = await loadScenario('impatient-participant');
  const { history, trace } = live(scenario, protocol, usual, false);
  const { landmarks } = history;
  const faults = trace.filter(({ fault }) => fault !== null).map(({ index }) => index);
  assert.ok(faults.length > 0);
  assert.deepEqual(landmarks.of('fault'), faults);
  const decided = trace.filter(({ effects }) => effects.some(({ type }) => type === 'decide'));
  assert.deepEqual(
    landmarks.of('decision'),
    decided.map(({ index }) => index),
  );
  const [violation] = landmarks.of('violation');
  assert.ok(violation !== undefined && (trace[violation]?.violated.length ?? 0) > 0);
  history.goBack(violation);
  assert.deepEqual(landmarks.of('violation'), []);
});

test('a machine that does not repeat itself is found out instead of shown wrongly', () => {
  const world = createWorld(chatterScenario(3), chatter);
  const history = new History(world);
  for (let i = 0; i < 10; i++) history.record(advanceWorld(world) ?? []);
  const event = history.event(6) as { lamport: number };
  event.lamport += 1;
  assert.throws(() => history.at(8), NotRepeatable);
  assert.equal(history.at(5).events, 5);
});

test('a lazy array is an array to whoever reads it, and cannot be written', () => {
  const asked: number[] = [];
  const squares = lazyArray(
    () => 5,
    (index) => {
      asked.push(index);
      return index * index;
    },
  );
  assert.deepEqual([...squares], [0, 1, 4, 9, 16]);
  assert.deepEqual(squares, [0, 1, 4, 9, 16]);
  assert.equal(JSON.stringify(squares), '[0,1,4,9,16]');
  assert.deepEqual([squares.length, squares.indexOf(9), squares[7], Array.isArray(squares)], [5, 3, undefined, true]);
  assert.deepEqual(Object.keys(squares), ['0', '1', '2', '3', '4']);
  asked.length = 0;
  assert.equal(squares.at(-2), 9);
  assert.deepEqual(asked, [3], 'only what is read is fetched');
  assert.throws(() => (squares as number[]).push(1), TypeError);
});
