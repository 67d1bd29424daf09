/** Paths that an exploration found, carried out as runs and written as recordings. */
import { nanoid } from 'nanoid';
import { type PathRun, runBySchedule, runPath } from '../check/counterexample.ts';
import type { Exploration, Path } from '../check/explore.ts';
import { minimise } from '../check/minimise.ts';
import type { Finding } from '../check/standing.ts';
import { chargeAll } from '../core/challenge-budget.ts';
import { digestWorld } from '../core/digest.ts';
import { engineVersion } from '../core/version.ts';
import { createRecorder } from '../record/writer.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { protocolSha256 } from '../scenario/protocols.ts';
import type { SettledAt } from './check-text.ts';
import { complain } from './output.ts';

/** A least run that settles the property, carried out anew: what it claims must come about there too. */
export async function settledAt(
  { protocol }: LoadedScenario,
  exploration: Exploration,
  p: number,
  state: number,
  isEnough: () => Promise<boolean>,
): Promise<SettledAt> {
  const { model, tracked } = exploration;
  const finding = exploration.properties[p] as Finding;
  const found = exploration.path(state);
  const { path, minimal } =
    finding.verdict === 'violated'
      ? await minimise(model, tracked, found, p, { isEnough })
      : { path: found, minimal: false };
  const run = runPath(model, protocol, path);
  if (typeof run === 'string') return { at: path.moves.length - 1, run: null, minimal, missing: run };
  const { world } = run.run;
  const judged = world.properties.find(({ property }) => property.name === finding.name);
  const comesAbout =
    finding.kind === 'eventually'
      ? judged?.property.test(world.view, judged.memory) !== true
      : judged !== undefined && judged.settledAt !== null;
  if (comesAbout) {
    const isOver = finding.verdict === 'violated' && finding.kind === 'always' && excessOf(run) !== null;
    const answer = isOver ? answerWithin(exploration, path, finding.name) : null;
    if (answer !== null)
      return { at: answer.run.world.events - 1, run: answer, minimal: false, isScheduled: true, missing: null };
    return { at: world.events - 1, run, minimal, missing: null };
  }
  const missing = 'carried out as a run, it does not settle the property';
  return { at: path.moves.length - 1, run: null, minimal, missing };
}

/** Why the run is no answer to its challenge, by what was done in it; null: nothing speaks against it, or there is no challenge. */
export function excessOf({ scenario, run: { world, trace } }: PathRun): string | null {
  if (scenario.challenge === undefined) return null;
  const { exceeded } = chargeAll(scenario.challenge.budget, trace, world);
  return exceeded.map(({ name, used, allowed }) => `${name}: ${used}, but ${allowed} allowed`).join('; ') || null;
}

/** A run that settles the property within the challenge's budget: longer, for nothing in it comes ahead of its turn. */
function answerWithin({ model }: Exploration, path: Path, name: string): PathRun | null {
  const run = runBySchedule(model, model.protocol, path, ({ properties }) =>
    properties.some(({ property, settledAt }) => property.name === name && settledAt !== null),
  );
  return run !== null && excessOf(run) === null ? run : null;
}

export function writeRecording({ scenario, ref }: LoadedScenario, { run, acts, ...ran }: PathRun, file: string): void {
  const { world, checkpoints } = run;
  const recorder = createRecorder({
    file,
    header: {
      engine: { version: engineVersion, protocol: scenario.protocol, protocolSha256: protocolSha256(ref) },
      scenario: ran.scenario,
      id: nanoid(),
      startedAt: new Date().toISOString(),
    },
    wallNowMs: () => 0,
    onTrouble: complain,
  });
  const lines = [
    ...acts.map((act) => ({ at: act.i, write: () => recorder.onAct(act.i, act.atMs, act.act) })),
    // the checkpoint at 64 stands before the act at 64
    ...checkpoints.map(({ index, atMs, digest }) => ({
      at: index - 0.5,
      write: () => recorder.onCheckpoint(index, atMs, digest),
    })),
  ].sort((a, b) => a.at - b.at);
  for (const { write } of lines) write();
  recorder.onClose({ events: world.events, atMs: world.nowMs, digest: digestWorld(world) });
}
