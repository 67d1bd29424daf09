/** What the tests of live sessions share: sessions over threads and in process, and the digest of a plain run. */
import { fileURLToPath } from 'node:url';
import { digestWorld } from '../../src/core/digest.ts';
import type { Protocol } from '../../src/core/protocol.ts';
import { createRun, runToEnd } from '../../src/core/run.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { type LiveOptions, type LiveSession, openLiveSession } from '../../src/live/live-session.ts';
import { chatter } from '../fixtures/chatter.ts';
import troublesome from '../fixtures/live/troublesome.ts';

const fixture = (name: string): { file: string } => ({
  file: fileURLToPath(new URL(`../fixtures/live/${name}`, import.meta.url)),
});
export const chatterFile = fixture('chatter-file.ts');
export const troubleFile = fixture('troublesome.ts');

type Changes = Partial<LiveOptions>;
export const openChatter = (scenario: Scenario, changes: Changes = {}): Promise<LiveSession> =>
  openLiveSession({ scenario, protocol: chatter, source: chatterFile, paused: true, ...changes });
export const openTrouble = (scenario: Scenario, changes: Changes = {}): Promise<LiveSession> =>
  openLiveSession({ scenario, protocol: troublesome, source: troubleFile, paused: true, ...changes });

/** How a run in this process, without any session, ends. */
export function plainDigest(scenario: Scenario, protocol: Protocol): string {
  const run = createRun(scenario, protocol);
  runToEnd(run, scenario.untilMs);
  return digestWorld(run.world);
}
