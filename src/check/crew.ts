/**
 * Several threads that explore together: starts them, watches over them, and puts together what they have found. Each has
 * a share of the states; what is found does not depend on how many they are.
 */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { ProtocolRef } from '../scenario/protocols.ts';
import { Board, createBoard } from './board.ts';
import { SharedDictionary, sharedTexts } from './dictionary.ts';
import { Ground, type GroundOptions, type Searched, type Tally } from './ground.ts';
import { Untracked } from './judge.ts';
import type { Tracked } from './layout.ts';
import { CheckError, type Model } from './model.ts';
import type { Origins } from './seen.ts';
import { createMailboxes } from './share.ts';
import { Standing } from './standing.ts';
import type { Answer, Briefing, Report } from './worker.ts';

export interface CrewOptions extends GroundOptions {
  readonly threads: number;
  /** where each thread finds the protocol */
  readonly source: ProtocolRef;
}
/** asks this often whether it is to go on */
const askedEveryMs = 100;

/** Beside this file: as source in development, as a bundle of its own (perhaps one folder up from a chunk) when built. */
function workerEntry(): URL {
  const beside = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './check-worker.js', import.meta.url);
  return existsSync(beside) ? beside : new URL('../check-worker.js', import.meta.url);
}

export async function exploreTogether(model: Model, tracked: Tracked, options: CrewOptions): Promise<Searched> {
  const { threads, statesMax = Number.POSITIVE_INFINITY } = options;
  const texts = sharedTexts();
  const dictionary = new SharedDictionary(texts);
  const ground = new Ground(model, tracked, { reductions: options.reductions }, dictionary);
  // what its states do not keep is known before threads are started
  for (const { vector } of ground.roots) ground.standing.look(vector, 0);
  const buffer = createBoard(threads);
  const briefing: Omit<Briefing, 'self'> = {
    source: options.source,
    scenario: model.scenario,
    properties: model.protocol.properties.map(({ name }) => name),
    modelOptions: { network: model.network, ifTaken: model.ifTaken },
    tracked,
    exact: options.exact ?? false,
    reductions: options.reductions ?? new Set(),
    statesMax,
    board: buffer,
    texts,
    mailboxes: createMailboxes(threads),
  };
  const board = new Board(buffer);
  const crew = Array.from({ length: threads }, (_, self) => new Member({ ...briefing, self }));
  try {
    const watch = new Watch(board, options.between);
    const reports = await watch.during(Promise.all(crew.map(({ report }) => report)));
    dictionary.catchUp();
    const stopped = board.states >= statesMax ? `the limit of ${statesMax} states was reached` : watch.why;
    return together(ground, reports, stopped, options.exact ?? false);
  } finally {
    await Promise.all(crew.map((member) => member.end()));
  }
}

/** One thread, until it has reported. */
class Member {
  readonly report: Promise<Report>;
  readonly #worker: Worker;

  constructor(briefing: Briefing) {
    const { promise, resolve, reject } = Promise.withResolvers<Report>();
    this.report = promise;
    this.#worker = new Worker(workerEntry(), {
      workerData: briefing,
      // plain Node strips the types of our sources; a loader of the parent's would cost each thread its memory
      execArgv: [],
      stdout: true,
    });
    this.#worker.stdout.resume();
    this.#worker.on('message', (answer: Answer) => {
      if (answer.type === 'report') resolve(answer);
      else reject(answer.type === 'untracked' ? new Untracked(answer.what) : new CheckError(answer.why));
    });
    this.#worker.on('error', reject);
    this.#worker.on('exit', (code) => reject(new CheckError(`a thread of the exploration exited (code ${code})`)));
  }

  async end(): Promise<void> {
    this.report.catch(() => {});
    await this.#worker.terminate();
  }
}

/** Asks now and then whether the exploration is to go on, as long as the threads work. */
class Watch {
  readonly #board: Board;
  readonly #between: GroundOptions['between'];
  /** a reason to stop that came up */
  why: string | null = null;

  constructor(board: Board, between: GroundOptions['between']) {
    this.#board = board;
    this.#between = between;
  }

  async during<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = (): void => {
      isDone = true;
    };
    work.then(done, done);
    // the bell never rings: it is only good for waiting
    const bell = new Int32Array(new SharedArrayBuffer(4));
    while (!isDone) {
      await Promise.race([work, Atomics.waitAsync(bell, 0, 0, askedEveryMs).value]);
      if (isDone || this.why !== null) continue;
      const { states, transitions, depth, waiting } = this.#board;
      this.why = (await this.#between?.({ states, transitions, depth, waiting, bytes: 0 })) ?? null;
      if (this.why !== null) this.#board.stop();
    }
    return work;
  }
}

function together(ground: Ground, reports: readonly Report[], stopped: string | null, exact: boolean): Searched {
  const threads = reports.length;
  const of = (state: number): Int32Array => (reports[state % threads] as Report).origins;
  const origins: Origins = {
    parentOf: (state) => of(state)[Math.floor(state / threads) * 2] as number,
    ordinalOf: (state) => of(state)[Math.floor(state / threads) * 2 + 1] as number,
  };
  const lengthTo = (state: number): number => {
    let length = 0;
    for (let at = state; at >= 0; at = origins.parentOf(at)) length += 1;
    return length;
  };
  const standing = new Standing(ground.protocol.properties, ground.judge);
  for (const { found } of reports) standing.adopt(found, (state, than) => lengthTo(state) < lengthTo(than));
  const sum = (of: (report: Report) => number): number => reports.reduce((total, report) => total + of(report), 0);
  const tally: Tally = {
    transitions: sum((report) => report.tally.transitions),
    depth: Math.max(...reports.map((report) => report.tally.depth)),
    pruned: sum((report) => report.tally.pruned),
    ends: sum((report) => report.tally.ends),
    isCyclic: reports.some((report) => report.tally.isCyclic),
  };
  return {
    transitions: ground.transitions,
    roots: ground.roots,
    origins,
    standing,
    tally,
    states: sum(({ states }) => states),
    bytes: sum(({ bytes }) => bytes),
    machineSteps: sum(({ machineSteps }) => machineSteps),
    failures: [...new Set([...ground.transitions.steps.failures, ...reports.flatMap(({ failures }) => failures)])],
    exact,
    stopped,
  };
}
