/** Nodes that are lost, and not by a fault of the script: by a mistake of their protocol, or by what runs them. */
import type { Draft } from './draft.ts';
import { blamedCrash } from './effects.ts';
import type { Effect } from './protocol.ts';
import type { NodeRecord, StepFailure, World } from './world.ts';

/** More messages than this on their way at once is a protocol that multiplies them without end. */
const inFlightMax = 100_000;

/** Why these effects cannot take place; null: they can. */
export function objectionTo({ protocol, pending }: World, effects: readonly Effect[]): string | null {
  const undeclared = effects.find(
    (effect) => effect.type === 'send' && protocol.messages[effect.message.type] === undefined,
  );
  if (undeclared?.type === 'send')
    return `sends \`${undeclared.message.type}\`, which the protocol's \`messages\` do not declare`;
  const most = pending.size + effects.length;
  return most > inFlightMax ? `there would be ${most} messages on their way: at most ${inFlightMax} can be` : null;
}

/** It stays in the run as failed, with the reason. */
export function failNode(world: World, node: NodeRecord, reason: string, draft: Draft): void {
  draft.notes.push(`${node.id} failed: ${reason}`);
  node.failure = reason;
  blamedCrash(world, node, null, draft);
  node.status = 'failed';
}

/** What was to run for it was lost while it was to come back by the script: that restart fails, whenever it strikes. */
export function failToRestart(world: World, node: NodeRecord, reason: string, draft: Draft): void {
  draft.notes.push(`${node.id} cannot restart: ${reason}`);
  Object.assign(node, { failure: reason, lostRestart: true });
  // one that the same moment of the script is still to bring down is up until then
  if (node.status === 'crashed') node.status = 'failed';
  world.versions.states += 1;
}

/** The outcome of a restart that is lost already; null: it is not. */
export function takeLostRestart(node: NodeRecord): StepFailure | null {
  if (!node.lostRestart) return null;
  node.lostRestart = false;
  return { failed: node.failure ?? 'it was lost' };
}
