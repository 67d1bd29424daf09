/** One of the threads that explore together. It does its share without a pause, and then says what it has found. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Scenario } from '../core/scenario.ts';
import { loadProtocolRef, type ProtocolRef } from '../scenario/protocols.ts';
import { Board } from './board.ts';
import { Breadth } from './breadth.ts';
import { SharedDictionary } from './dictionary.ts';
import { Ground, type Tally } from './ground.ts';
import { Untracked } from './judge.ts';
import type { Tracked } from './layout.ts';
import { CheckError, createModel, type ModelOptions } from './model.ts';
import type { Reductions } from './reductions.ts';
import { type Mailboxes, Share } from './share.ts';
import type { Findings } from './standing.ts';

export interface Briefing {
  readonly self: number;
  readonly source: ProtocolRef;
  readonly scenario: Scenario;
  /** names of the properties that are judged */
  readonly properties: readonly string[];
  readonly modelOptions: ModelOptions;
  readonly tracked: Tracked;
  readonly exact: boolean;
  readonly reductions: Reductions;
  readonly statesMax: number;
  readonly board: SharedArrayBuffer;
  readonly texts: SharedArrayBuffer;
  readonly mailboxes: Mailboxes;
}

export interface Report {
  readonly type: 'report';
  readonly states: number;
  /** parent and ordinal of each state of its share */
  readonly origins: Int32Array<ArrayBuffer>;
  readonly tally: Tally;
  readonly found: Findings;
  readonly machineSteps: number;
  readonly failures: readonly string[];
  readonly bytes: number;
}
export type Answer =
  | Report
  /** a property reads what states do not keep */
  | { readonly type: 'untracked'; readonly what: keyof Tracked }
  /** it cannot be explored, and why */
  | { readonly type: 'refused'; readonly why: string };

async function work(briefing: Briefing): Promise<Report> {
  const { self, source, scenario, properties, modelOptions, tracked, exact, reductions, statesMax, mailboxes } =
    briefing;
  const protocol = await loadProtocolRef(source);
  const judged = protocol.properties.filter(({ name }) => properties.includes(name));
  const model = createModel(scenario, { ...protocol, properties: judged }, modelOptions);
  const dictionary = new SharedDictionary(briefing.texts);
  const ground = new Ground(model, tracked, { exact, reductions }, dictionary);
  const share = new Share(self, new Board(briefing.board), mailboxes, dictionary);
  new Breadth(ground, share).runShared(share, statesMax);
  const { seen, tally, standing, transitions } = ground;
  const { bytes } = seen;
  return {
    type: 'report',
    states: seen.count,
    origins: seen.origins,
    tally,
    found: standing.record,
    machineSteps: transitions.steps.asked,
    failures: [...transitions.steps.failures],
    bytes,
  };
}

function answerFor(error: unknown): Answer {
  if (error instanceof Untracked) return { type: 'untracked', what: error.what };
  if (error instanceof CheckError) return { type: 'refused', why: error.message };
  throw error;
}

const answer: Answer = await work(workerData as Briefing).catch(answerFor);
parentPort?.postMessage(answer, answer.type === 'report' ? [answer.origins.buffer] : []);
