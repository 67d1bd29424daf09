/** The roles: a resource manager alone, an acceptor alone, or a site, where both live on one node. */
import { accepting } from './acceptor.ts';
import { leading } from './leader.ts';
import { managing } from './resource-manager.ts';
import { forSite, initialContext } from './setup.ts';

export const rm = forSite.createMachine({
  id: 'rm',
  context: initialContext,
  ...managing,
  description: 'A resource manager, on a node of its own.',
});

export const acceptor = forSite.createMachine({
  id: 'acceptor',
  description: 'An acceptor, on a node of its own. It can lead, and the first one does.',
  context: initialContext,
  type: 'parallel',
  states: { accepting, leading },
});

export const site = forSite.createMachine({
  id: 'site',
  description: 'A resource manager that shares its node with an acceptor, which can lead.',
  context: initialContext,
  type: 'parallel',
  states: { managing, accepting, leading },
});
