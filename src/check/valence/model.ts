/**
 * The model in which decisions are looked for. In the asynchronous model without order any message may be late for
 * ever, and any node slow for ever; so crashes, losses and partitions lead to no decision that could not be reached
 * without them, and are left out. (A crash counts where the others are told of it, or where nodes come back.) Messages are
 * never used up: one may arrive again later. For protocols that ignore what they have heard before, as those here do,
 * that changes no valence, and it makes the spaces a hundred times smaller, since states need not remember what arrived.
 */
import type { Protocol } from '../../core/protocol.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { Tracked } from '../layout.ts';
import { createModel, type Model } from '../model.ts';

export function valenceModel(scenario: Scenario, protocol: Protocol): Model {
  // history variables would make states differ that have the same future
  const bare = { ...protocol, properties: [] };
  const { constraint: _, ...unbounded } = scenario;
  if (scenario.model === 'synchronous' || scenario.network.order === 'fifo') return createModel(unbounded, bare);
  const { crash = 0, restart = 0, traitor = 0 } = scenario.budget;
  const matters = scenario.failures === 'fail-stop' || restart > 0;
  const links = scenario.network.links?.map((link) => ({ ...link, loss: 0, duplicate: 0 }));
  const network = { ...scenario.network, loss: 0, duplicate: 0, ...(links === undefined ? {} : { links }) };
  const budget = { crash: matters ? crash : 0, restart, traitor };
  return createModel({ ...unbounded, network, budget }, bare, { network: 'set' });
}

/** No property is judged, so states need not keep what only properties look at. */
export const untracked: Tracked = { inputs: false, anyFault: false };
