/**
 * The package `havoc`: what a protocol of one's own is written with. A file that exports `defineProtocol({...})` runs in
 * the same workers, screen, recorder and explorer as the built-in protocols.
 */
export { atomicCommit } from './core/problems/atomic-commit.ts';
export { broadcast } from './core/problems/broadcast.ts';
export { byzantineGenerals } from './core/problems/byzantine-generals.ts';
export { clockSync } from './core/problems/clock-sync.ts';
export { consensus } from './core/problems/consensus.ts';
export { coordinatedAttack } from './core/problems/coordinated-attack.ts';
export { deadlock } from './core/problems/deadlock.ts';
export { detector } from './core/problems/detector.ts';
export { gossip } from './core/problems/gossip.ts';
export { interactiveConsistency } from './core/problems/interactive-consistency.ts';
export { leader } from './core/problems/leader.ts';
export { lease } from './core/problems/lease.ts';
export { logicalClocks } from './core/problems/logical-clocks.ts';
export { membership } from './core/problems/membership.ts';
export { multicast } from './core/problems/multicast.ts';
export { mutualExclusion } from './core/problems/mutual-exclusion.ts';
export { operationItem } from './core/problems/operations.ts';
export { register } from './core/problems/register.ts';
export { secretSharing } from './core/problems/secret-sharing.ts';
export { snapshot } from './core/problems/snapshot.ts';
export { totalOrder } from './core/problems/total-order.ts';
export {
  type Bound,
  type BroadcastParams,
  type Cost,
  type CostFigures,
  type Curve,
  defineProtocol,
  draw,
  type Effect,
  effects,
  type Failure,
  type Field,
  type FieldKind,
  firstWithRole,
  type InputKind,
  type Json,
  type JsonObject,
  type Lie,
  type LieContext,
  type Message,
  type MessageKind,
  type NodeId,
  type NodeInput,
  type NodeState,
  type NodeStatus,
  type NodeView,
  nodeCount,
  nodesWithRole,
  others,
  type ParameterSpec,
  type Property,
  type Protocol,
  type ProtocolDefinition,
  ProtocolError,
  placeOf,
  type Received,
  type RoleName,
  type SendParams,
  type Verdict,
  type View,
  type WaitsFor,
} from './core/protocol.ts';
