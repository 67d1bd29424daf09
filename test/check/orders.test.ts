/** Depth first, random walks and several threads, against breadth first on one thread. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Exploration, type ExploreOptions, explore } from '../../src/check/explore.ts';
import { resolveScenarioText } from '../../src/scenario/load.ts';
import { scenarioOf } from './made.ts';
import { changRoberts, changRobertsScenario } from './published/chang-roberts.ts';
import { smallSpaces } from './small.ts';
import { tlaScenario, tlaTwoPhase } from './tla-two-phase.ts';

const verdicts = ({ properties }: Exploration) => properties.map(({ name, verdict }) => `${name} ${verdict}`);
const figures = ({ states, transitions, depth, complete, ends, pruned }: Exploration) => ({
  states,
  transitions,
  depth,
  complete,
  ends,
  pruned,
});
const lengthsOf = (found: Exploration) =>
  found.properties.map(({ state }) => (state === null ? null : found.path(state).moves.length));

const impatient = `protocol: two-phase-commit
nodes: { C: coordinator, P1: participant, P2: participant }
parameters: { requestLimit: 1, impatient: true }
inputs: [{ at: 0ms, node: C, input: begin, transaction: t1 }]`;
const patient = impatient.replace(', impatient: true', '');

test('depth first comes to the same states by the same transitions, and to the same verdicts', async () => {
  const { scenario, protocol } = await resolveScenarioText(`${patient}\nbudget: { drop: 1 }`, 'test.yaml');
  for (const [what, how, options] of [
    [scenario, protocol, {}],
    [tlaScenario(4), tlaTwoPhase, { network: 'set' as const }],
  ] as const) {
    const broad = await explore(what, how, options);
    const deep = await explore(what, how, { ...options, order: 'depth' });
    assert.deepEqual(
      [deep.states, deep.transitions, deep.complete, deep.ends],
      [broad.states, broad.transitions, broad.complete, broad.ends],
    );
    assert.deepEqual(verdicts(deep), verdicts(broad));
    assert.ok(deep.depth >= broad.depth);
  }
});

test('depth first and random walks find a violation, and a path that leads to it', async () => {
  const { scenario, protocol } = await resolveScenarioText(impatient, 'test.yaml');
  const broad = await explore(scenario, protocol);
  const [shortest = 0] = lengthsOf(broad).filter((length) => length !== null);
  for (const options of [{ order: 'depth' }, { walks: { count: 500, seed: 1, lengthMax: 100 } }] as const) {
    const found = await explore(scenario, protocol, options);
    const violated = found.properties.find(({ verdict }) => verdict === 'violated');
    assert.ok(violated !== undefined && violated.state !== null);
    assert.ok(found.path(violated.state).moves.length >= shortest);
  }
});

test('random walks are the same for the same seed, others for another, and never complete', async () => {
  const { scenario, protocol } = await resolveScenarioText(patient, 'test.yaml');
  const walk = (seed: number) => explore(scenario, protocol, { walks: { count: 20, seed, lengthMax: 30 } });
  const [one, same, other] = [await walk(1), await walk(1), await walk(2)];
  assert.deepEqual(figures(one), figures(same));
  assert.notDeepEqual(figures(one), figures(other));
  assert.equal(one.complete, false);
  assert.match(one.stopped ?? '', /20 random walks/);
  assert.ok(one.properties.every(({ kind, verdict }) => kind !== 'always' || verdict === 'unknown'));
});

test('a bound on the depth needs breadth first', async () => {
  const bounded = scenarioOf({ ...tlaScenario(2), constraint: { depth: 3 } });
  await assert.rejects(explore(bounded, tlaTwoPhase, { order: 'depth' }), /depth first does not find them/);
});

test('a reduction is refused where it might change a verdict', async () => {
  const plain = tlaScenario(2);
  const refused: readonly [Partial<typeof plain>, ExploreOptions, RegExp][] = [
    [{ model: 'synchronous' }, { reductions: new Set(['noop']) }, /noop goes with the asynchronous model only/],
    [{}, { network: 'fifo', reductions: new Set(['por']) }, /por does not go with fifo order/],
    [{ constraint: { messages: 3 } }, { reductions: new Set(['por']) }, /does not go with a constraint on messages/],
    [{}, { order: 'depth', reductions: new Set(['por']) }, /por goes breadth first only/],
  ];
  for (const [parts, options, why] of refused)
    await assert.rejects(explore({ ...plain, ...parts }, tlaTwoPhase, options), why);
});

const tlaFile = fileURLToPath(new URL('tla-two-phase.ts', import.meta.url));
const together = (workers: number, source: ExploreOptions['source']): ExploreOptions => ({ workers, source });

test('two threads count what one counts, over many levels, and find paths as short', async () => {
  const options: ExploreOptions = { network: 'set' };
  const alone = await explore(tlaScenario(5), tlaTwoPhase, options);
  for (const exact of [false, true]) {
    const both = await explore(tlaScenario(5), tlaTwoPhase, { ...options, exact, ...together(2, { file: tlaFile }) });
    assert.deepEqual(figures(both), figures(alone));
    assert.equal(both.states, 8832);
    assert.deepEqual(verdicts(both), verdicts(alone));
    assert.deepEqual(lengthsOf(both), lengthsOf(alone));
  }
});

test('messages wait until they are taken for two threads, too, and not in rounds', async () => {
  const scenario = changRobertsScenario([true, true, true]);
  const alone = await explore(scenario, changRoberts, {});
  const waiting = await explore(scenario, changRoberts, { ifTaken: true });
  const file = fileURLToPath(new URL('published/chang-roberts.ts', import.meta.url));
  const both = await explore(scenario, changRoberts, { ifTaken: true, ...together(2, { file }) });
  assert.deepEqual(figures(both), figures(waiting));
  assert.notDeepEqual(figures(alone), figures(waiting));
  const inRounds = explore({ ...scenario, model: 'synchronous' }, changRoberts, { ifTaken: true });
  await assert.rejects(inRounds, /in the synchronous model time waits until messages have arrived/);
});

test('two threads go by the partial order, too: the same states by fewer transitions', async () => {
  const options = { network: 'set' as const, reductions: new Set(['por', 'noop'] as const) };
  const both = await explore(tlaScenario(5), tlaTwoPhase, { ...options, ...together(2, { file: tlaFile }) });
  const whole = await explore(tlaScenario(5), tlaTwoPhase, { network: 'set' });
  assert.deepEqual([both.states, both.depth, both.ends], [whole.states, whole.depth, whole.ends]);
  assert.deepEqual(verdicts(both), verdicts(whole));
  assert.ok(both.transitions < 0.7 * whole.transitions, `${both.transitions} of ${whole.transitions}`);
});

test('two threads find a shortest violation', async () => {
  const { scenario, protocol, ref } = await resolveScenarioText(impatient, 'test.yaml');
  const alone = await explore(scenario, protocol);
  const both = await explore(scenario, protocol, together(2, ref));
  assert.equal(both.depth, alone.depth);
  const shortest = (found: Exploration) => {
    const violated = found.properties.find(({ verdict }) => verdict === 'violated');
    return found.path(violated?.state as number).moves.length;
  };
  assert.equal(shortest(both), shortest(alone));
});

test('threads stop at the limit of states, and when they are told to', async () => {
  const threads = together(2, { file: tlaFile });
  const full = await explore(tlaScenario(5), tlaTwoPhase, { network: 'set', statesMax: 1000, ...threads });
  assert.ok(!full.complete && full.states >= 1000 && full.states < 8832);
  assert.match(full.stopped ?? '', /limit of 1000 states/);
  const between = async (): Promise<string> => 'it is enough';
  const told = await explore(tlaScenario(8), tlaTwoPhase, { network: 'set', between, ...threads });
  assert.equal(told.stopped, 'it is enough');
});

/** all of them take a minute */
const inShort = ['two-phase-commit', 'paxos', 'flood-set', 'oral-messages'];

test('three threads count what one counts, and come to the same verdicts, for every protocol', async () => {
  const statesMax = 40_000;
  for (const { id, scenario, protocol, ref } of await smallSpaces(5)) {
    if (process.env.HAVOC_RUNS === undefined && !inShort.includes(id)) continue;
    const alone = await explore(scenario, protocol, { statesMax });
    // where a limit or a violation ended it, what else was counted depends on the order within a level
    if (!alone.complete) continue;
    const three = await explore(scenario, protocol, { statesMax, ...together(3, ref) });
    assert.deepEqual([id, figures(three), verdicts(three)], [id, figures(alone), verdicts(alone)]);
  }
});
