/** What properties look at, made by hand. */
import type { NodeView, View } from '../../src/core/protocol.ts';

/** A node that is up and honest, and to which nothing has happened. */
export const nodeView = (id: string, more: Partial<NodeView> = {}): NodeView => ({
  id,
  role: 'member',
  status: 'up',
  honest: true,
  everCrashed: false,
  path: '',
  context: {},
  stable: {},
  decisions: [],
  delivered: [],
  ...more,
});

export const viewOf = (nodes: readonly NodeView[], more: Partial<View> = {}): View => ({
  nodes,
  parameters: {},
  inputs: [],
  node: (id) => nodes.find((each) => each.id === id) as NodeView,
  honest: nodes.filter(({ honest }) => honest),
  anyFault: false,
  nowMs: 0,
  clockMs: () => 0,
  ...more,
});
