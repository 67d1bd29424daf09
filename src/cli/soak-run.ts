/** Runs `soak`, prints what it found, and how to see each finding again. */

import { availableParallelism } from 'node:os';
import { nanoid } from 'nanoid';
import { digestWorld } from '../core/digest.ts';
import { createRun, runToEnd } from '../core/run.ts';
import type { Scenario } from '../core/scenario.ts';
import { engineVersion } from '../core/version.ts';
import { createRecorder } from '../record/writer.ts';
import { loadProtocol, protocolSha256 } from '../scenario/protocols.ts';
import { drawCase, type Field, protocolOf } from '../soak/case.ts';
import { eventsMax } from '../soak/evidence.ts';
import { gatherField } from '../soak/field.ts';
import { roundsOf, type Soaked, soak } from '../soak/soak.ts';
import { safe, value } from '../tui/format.ts';
import { exitCodes } from './exit-codes.ts';
import { columns, complain, print, printJson } from './output.ts';
import type { SoakOptions } from './soak.ts';
import { statusLine } from './status-line.ts';
import { refuseExisting, requirePlace } from './write-whole.ts';

/** as many as a person may want to read */
const findingsShown = 20;

export async function runSoak(options: SoakOptions): Promise<number> {
  if (options.record !== undefined) {
    refuseExisting(options.record);
    requirePlace(options.record);
  }
  const field = await gatherField();
  const seed = options.seed ?? Date.now() % 2 ** 31;
  const startedMs = performance.now();
  const watch = watchOver(options.seconds, startedMs);
  const soaked = await soak({
    field,
    seed,
    runs: options.runs ?? Number.MAX_SAFE_INTEGER - seed,
    threads: Math.max(1, options.threads ?? availableParallelism()),
    isOver: watch.isOver,
    onProgress: watch.show,
  }).finally(watch.end);
  const elapsedMs = Math.round(performance.now() - startedMs);
  if (options.json) printJson(asJson(soaked, seed, elapsedMs));
  else print(asText(soaked, field, seed, elapsedMs));
  const recorded = soaked.findings[0]?.seed ?? (soaked.runs === 1 ? seed : null);
  if (options.record !== undefined && recorded !== null) await writeRecording(field, recorded, options.record);
  if (soaked.findings.length > 0) return exitCodes.notMet;
  const isEnough = soaked.runs === options.runs || soaked.variants.every(isCaught);
  return isEnough ? exitCodes.success : exitCodes.unknown;
}

const isCaught = ({ isShown, caught }: Soaked['variants'][number]): boolean => isShown || caught > 0;
const again = (seed: number): string => `havoc soak --seed ${seed} --runs 1 --record found-${seed}.jsonl`;
const count = ({ findings }: Soaked, kind: string): number => findings.filter((each) => each.kind === kind).length;

function asJson(soaked: Soaked, seed: number, elapsedMs: number): object {
  const { runs, events, live, findings, variants } = soaked;
  return {
    seeds: { first: seed, last: seed + runs - 1 },
    runs,
    events,
    executedLive: live,
    elapsedMs,
    violations: count(soaked, 'violation'),
    mismatches: count(soaked, 'mismatch'),
    failures: count(soaked, 'failure'),
    variants: variants.map((variant) => ({ ...variant, isCaught: isCaught(variant) })),
    findings: findings.map((finding) => ({ ...finding, again: again(finding.seed) })),
  };
}

function asText(soaked: Soaked, field: Field, seed: number, elapsedMs: number): string {
  const { runs, events, live, findings, variants } = soaked;
  const protocols = Object.keys(field.grounds).length;
  const escaped = variants.filter((variant) => !isCaught(variant));
  const byChance = variants.filter(({ caught }) => caught > 0).length;
  const rows = escaped.map(({ protocol, parameters, breaks, tried }) => [
    `  not caught: ${protocol}`,
    safe(value(parameters)),
    `${safe(breaks)} was not broken in ${tried} runs`,
  ]);
  return [
    `seeds ${seed} to ${seed + runs - 1}: ${runs} runs, ${events} events, ${(elapsedMs / 1000).toFixed(1)} s`,
    `protocols ${protocols}, wrong variants ${variants.length}; each had ${roundsOf(field, runs)} turns or one more`,
    `each run executed twice, ${live} of them over threads and the bus as well`,
    `violations ${count(soaked, 'violation')}, mismatches ${count(soaked, 'mismatch')}, failed nodes ${count(soaked, 'failure')}`,
    `wrong variants caught: ${variants.length - escaped.length} of ${variants.length}, ${byChance} of them by these runs`,
    ...(rows.length > 0 ? [columns(rows)] : []),
    ...findings.slice(0, findingsShown).map(findingText),
    ...(findings.length > findingsShown ? [`and ${findings.length - findingsShown} more`] : []),
  ].join('\n');
}

const findingText = ({ seed, protocol, preset, kind, what }: Soaked['findings'][number]): string =>
  `${kind}: ${protocol} (${preset}), seed ${seed}: ${safe(what)}\n  again: ${again(seed)}`;

async function writeRecording(field: Field, seed: number, file: string): Promise<void> {
  const protocol = await loadProtocol(protocolOf(field, seed));
  const { scenario } = drawCase(field, seed, protocol);
  const recorder = createRecorder({
    file,
    header: {
      engine: { version: engineVersion, protocol: protocol.id, protocolSha256: protocolSha256({ id: protocol.id }) },
      scenario: { ...scenario, name: `${scenario.name}-${seed}` } satisfies Scenario,
      id: nanoid(),
      startedAt: new Date().toISOString(),
    },
    wallNowMs: () => 0,
    onTrouble: complain,
  });
  const run = createRun(scenario, protocol);
  runToEnd(run, scenario.untilMs, eventsMax);
  for (const { index, atMs, digest } of run.checkpoints) recorder.onCheckpoint(index, atMs, digest);
  const { events, nowMs } = run.world;
  recorder.onClose({ events, atMs: nowMs, digest: digestWorld(run.world) });
  complain(`recorded; to see it: havoc replay ${file}`);
}

/** Ends it at the time limit, or when it is interrupted; shows how far it has come, where someone looks. */
function watchOver(seconds: number | undefined, startedMs: number) {
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const status = statusLine();
  return {
    isOver: () => interrupted || (seconds !== undefined && performance.now() - startedMs >= seconds * 1000),
    show: ({ runs, events, findings }: Soaked): void =>
      status.show((tookMs) => {
        const perSecond = Math.round((runs / tookMs) * 1000);
        return `${runs} runs (${perSecond}/s), ${events} events, ${findings.length} findings`;
      }),
    end: (): void => {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
      status.end();
    },
  };
}
