/** A stage for tests: a run in this process behind the Session interface, and the whole screen as text, without a terminal. */
import type { Claim } from '../../src/core/challenge.ts';
import { perform } from '../../src/core/commit.ts';
import { History } from '../../src/core/history.ts';
import type { Json, JsonObject, Protocol } from '../../src/core/protocol.ts';
import { refusal } from '../../src/core/refusal.ts';
import { advanceWorld } from '../../src/core/run.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { nextEntry } from '../../src/core/scheduler.ts';
import { type Act, type Branch, type Mark, Refusal, type Session, type Speed } from '../../src/core/session.ts';
import type { TraceEvent } from '../../src/core/world.ts';
import { createWorld } from '../../src/core/world-init.ts';
import { createApp, type PresetInfo } from '../../src/tui/app.ts';
import { frameOf } from '../../src/tui/frame.ts';
import { press } from '../../src/tui/input.ts';
import { createStore, initialUi } from '../../src/tui/store.ts';
import { plain } from '../../src/tui/text.ts';

/** Every default of the protocol's parameters, one level deep. */
export function defaultsOf(protocol: Protocol, nodes: Readonly<Record<string, string>>): JsonObject {
  const out: Record<string, Json> = {};
  for (const [name, spec] of Object.entries(protocol.parameters)) {
    if (spec.kind !== 'per-node') out[name] = spec.default;
    else {
      const ids = Object.keys(nodes).filter((id) => spec.role === undefined || nodes[id] === spec.role);
      out[name] = Object.fromEntries(ids.map((id) => [id, spec.of.default as Json]));
    }
  }
  return out;
}

export function scenarioOf(
  protocol: Protocol,
  nodes: Readonly<Record<string, string>>,
  change: Partial<Scenario> = {},
): Scenario {
  return {
    name: 'test-run',
    title: 'A run for tests',
    protocol: protocol.id,
    topic: 'tests',
    summary: 'A summary.',
    learn: 'A lesson.',
    nodes,
    model: 'asynchronous',
    failures: 'crash-recovery',
    network: { latency: { kind: 'uniform', minMs: 20, maxMs: 60 }, order: 'unordered', loss: 0, duplicate: 0 },
    parameters: defaultsOf(protocol, nodes),
    inputs: [],
    faults: [],
    budget: {},
    expect: [],
    untilMs: 30_000,
    seed: 42,
    ...change,
  };
}

/** Time moves only when the test says so. */
export class StillSession implements Session {
  readonly mode = 'live';
  readonly scenario: Scenario;
  readonly recording = 'recordings/test.jsonl';
  readonly troubles: string[] = [];
  readonly history: History;
  marks: readonly Mark[] = [];
  branches: readonly Branch[] = [];
  claims: readonly Claim[] = [];
  readonly notes: string[] = [];
  running = false;
  speed: Speed = 1;
  version = 0;
  closed = false;
  readonly #listeners = new Set<() => void>();

  constructor(scenario: Scenario, protocol: Protocol) {
    this.scenario = scenario;
    this.history = new History(createWorld(scenario, protocol));
  }
  get world() {
    return this.history.world;
  }
  get trace(): readonly TraceEvent[] {
    return this.history.trace;
  }
  get quiet(): boolean {
    return nextEntry(this.world) === null;
  }
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  #changed(): void {
    this.version += 1;
    for (const listener of this.#listeners) listener();
  }
  async act(act: Act): Promise<TraceEvent> {
    const why = refusal(this.world, act);
    if (why !== null) throw new Refusal(why);
    const events = perform(this.world, act, 'person');
    this.history.record(events);
    this.#changed();
    return events[0] as TraceEvent;
  }
  steps(count: number): void {
    for (let i = 0; i < count; i++) this.history.record(advanceWorld(this.world) ?? []);
    this.#changed();
  }
  async step(): Promise<boolean> {
    const events = advanceWorld(this.world);
    this.history.record(events ?? []);
    this.#changed();
    return events !== null;
  }
  async branch(count: number): Promise<void> {
    const from = this.world.events;
    const { events: to } = this.history.goBack(count);
    this.branches = [...this.branches, { from, to }];
    this.marks = this.marks.filter((mark) => mark.count <= to);
    this.#changed();
  }
  claim(claim: Claim): void {
    this.claims = [...this.claims, claim];
    this.#changed();
  }
  mark(count: number, text: string): void {
    this.marks = [...this.marks, { count, text }];
    this.#changed();
  }
  setRunning(running: boolean): void {
    this.running = running;
    this.#changed();
  }
  setSpeed(speed: Speed): void {
    this.speed = speed;
    this.#changed();
  }
  note(text: string): void {
    this.notes.push(text);
  }
  async close(): Promise<void> {
    this.closed = true;
  }
}

export function stageFor(
  session: StillSession | null,
  columns: number,
  rows: number,
  presets: readonly PresetInfo[] = [],
) {
  const store = createStore(initialUi(session === null ? 'picker' : 'stage', columns, rows));
  const outcome = { left: false };
  const opened: string[] = [];
  const app = createApp(
    {
      store,
      presets: () => presets,
      leave: () => {
        outcome.left = true;
      },
      async open(id) {
        opened.push(id);
        throw new Error(`no ${id} here`);
      },
    },
    session,
  );
  const lines = (): string[] => frameOf(app).map(plain);
  /** Keys by name, one after the other; what they set off has happened when it resolves. */
  const keys = async (...names: string[]): Promise<void> => {
    for (const name of names) {
      press(app, name);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const type = (text: string): Promise<void> =>
    keys(...text.split('').map((character) => (character === ' ' ? 'space' : character)));
  return { app, store, outcome, opened, lines, keys, type, text: () => lines().join('\n') };
}
