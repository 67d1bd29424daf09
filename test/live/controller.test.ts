/** The controller's order is its own: whoever takes the steps, and whenever the answers come, the run is the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestWorld } from '../../src/core/digest.ts';
import { takeStep } from '../../src/core/plan.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import type { Plan, StepFailure, StepResult, World } from '../../src/core/world.ts';
import { createWorld } from '../../src/core/world-init.ts';
import { Controller } from '../../src/live/controller.ts';
import { NodeLost, type Stepper } from '../../src/live/stepper.ts';
import { chatter, chatterScenario } from '../fixtures/chatter.ts';
import { plainDigest } from './sessions.ts';

type Answer = StepResult | StepFailure;
const constant = { latency: { kind: 'constant', ms: 20 }, order: 'unordered', loss: 0, duplicate: 0 } as const;

/** Holds every request of an instant back and answers the last one first, then the others. */
class Contrary implements Stepper {
  readonly parallel = true;
  readonly asked: string[] = [];
  readonly stopped: string[] = [];
  mostAtOnce = 0;
  readonly #world: World;
  readonly #lost: (plan: Plan) => string | null;
  #waiting: (() => void)[] = [];
  readonly #busy = new Set<string>();

  constructor(world: World, lost: (plan: Plan) => string | null = () => null) {
    this.#world = world;
    this.#lost = lost;
  }
  request(plan: Plan): Promise<Answer> {
    assert.ok(!this.#busy.has(plan.node), `${plan.node} is asked twice at once`);
    this.#busy.add(plan.node);
    this.asked.push(`${plan.node} ${plan.choice.type}`);
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#busy.size);
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#answerAll());
      this.#waiting.push(() => {
        this.#busy.delete(plan.node);
        const reason = this.#lost(plan);
        if (reason !== null) reject(new NodeLost(reason));
        else resolve(takeStep(this.#world, plan));
      });
    });
  }
  stop(node: string): void {
    this.stopped.push(node);
  }
  renew(): void {}
  async close(): Promise<void> {}
  #answerAll(): void {
    const waiting = this.#waiting.reverse();
    this.#waiting = [];
    for (const answer of waiting) answer();
  }
}

async function run(
  scenario: Scenario,
  lost?: (plan: Plan) => string | null,
): Promise<{ world: World; stepper: Contrary }> {
  const world = createWorld(scenario, chatter);
  const stepper = new Contrary(world, lost);
  const controller = new Controller(world, stepper);
  for (let turn = await controller.advance(); turn !== null; turn = await controller.advance()) {
    assert.ok(world.events < 10_000, 'the run does not end');
  }
  return { world, stepper };
}

test('nodes with a step at the same instant work side by side, and commit in agenda order', async () => {
  const scenario = chatterScenario(6, { network: constant });
  const { world, stepper } = await run(scenario);
  assert.equal(stepper.mostAtOnce, 6);
  assert.equal(digestWorld(world), plainDigest(scenario, chatter));
});

test('a step that an earlier event of the same instant has changed is asked for anew', async () => {
  const scenario = chatterScenario(6, {
    network: constant,
    faults: [
      { when: { node: 'N1', on: 'receives', what: 'word', nth: 1 }, fault: { type: 'crash', node: 'N3' } },
      { when: { node: 'N2', on: 'receives', what: 'word', nth: 1 }, fault: { type: 'pause', node: 'N4' } },
      { when: { node: 'N2', on: 'receives', what: 'word', nth: 2 }, fault: { type: 'restart', node: 'N3' } },
      { when: { node: 'N2', on: 'receives', what: 'word', nth: 3 }, fault: { type: 'resume', node: 'N4' } },
    ],
  });
  const { world, stepper } = await run(scenario);
  assert.equal(digestWorld(world), plainDigest(scenario, chatter));
  assert.deepEqual(stepper.stopped, ['N3']);
});

test('a node that is lost while a step is asked of it fails, and the choice stays due', async () => {
  const lost = (plan: Plan): string | null => (plan.node === 'N2' && plan.choice.type === 'deliver' ? 'it hung' : null);
  const { world, stepper } = await run(chatterScenario(4), lost);
  assert.equal(world.nodes[2]?.status, 'failed');
  assert.equal(world.nodes[2]?.failure, 'it hung');
  assert.deepEqual(stepper.stopped, ['N2']);
  assert.equal(stepper.asked.filter((asked) => asked === 'N2 deliver').length, 1);
  assert.equal(world.pending.size, 0);
});

test('a node that is lost at its start never starts, and the run ends', async () => {
  const { world } = await run(chatterScenario(3, { network: constant }), ({ node }) =>
    node === 'N1' ? 'no room' : null,
  );
  assert.equal(world.nodes[1]?.status, 'failed');
  assert.equal(world.nodes[2]?.status, 'up');
});

test('a node that is lost over a step that then never happens is not failed', async () => {
  let losses = 0;
  const scenario = chatterScenario(6, {
    network: constant,
    faults: [{ when: { node: 'N1', on: 'receives', what: 'word', nth: 1 }, fault: { type: 'crash', node: 'N3' } }],
  });
  const { world } = await run(scenario, ({ node, choice }) => {
    if (node !== 'N3' || choice.type !== 'deliver') return null;
    losses++;
    return 'gone';
  });
  assert.equal(losses, 1);
  assert.equal(world.nodes[3]?.status, 'crashed');
});

test('the step of a restart that an event sets off is taken by whoever takes steps, at its place among the events', async () => {
  for (const on of ['receives', 'sends'] as const) {
    const scenario = chatterScenario(5, {
      faults: [
        { at: 5, fault: { type: 'crash', node: 'N3' } },
        { when: { node: 'N1', on, what: 'word', nth: 2 }, fault: { type: 'restart', node: 'N3' } },
      ],
    });
    const { world, stepper } = await run(scenario);
    assert.equal(stepper.asked.filter((asked) => asked === 'N3 restart').length, 1);
    assert.equal(digestWorld(world), plainDigest(scenario, chatter));
  }
});

test('a node that a moment of the script brings down and up again restarts with what it wrote just before', async () => {
  const moment = { node: 'N3', on: 'sends', what: 'word', nth: 2 } as const;
  const scenario = chatterScenario(5, {
    faults: [
      { when: moment, fault: { type: 'crash', node: 'N3' } },
      { when: moment, fault: { type: 'restart', node: 'N3' } },
    ],
  });
  const { world, stepper } = await run(scenario);
  assert.ok(stepper.asked.includes('N3 restart'));
  assert.equal(digestWorld(world), plainDigest(scenario, chatter));
});
