/** The memory of a node as a tree, with what its last step changed. It is what a crash takes. */
import { sameJson } from '../../core/json.ts';
import type { Json, JsonObject } from '../../core/protocol.ts';
import type { NodeRecord } from '../../core/world.ts';
import { briefText } from '../event-text.ts';
import { clock } from '../format.ts';
import { keyOf } from '../keys/binding.ts';
import { line, piece } from '../text.ts';
import type { View } from '../view.ts';
import { type Body, type Row, rowOf } from './body.ts';
import { type Branch, changesOf } from './changes.ts';
import { treeRows } from './tree.ts';

/** What every machine is given: the same from its start to its end, and not worth the room. */
export function givenWords(view: View, branch: Branch): string | null {
  const { scenario } = view.world;
  if (branch.change !== 'same') return null;
  if (branch.name === 'parameters' && sameJson(branch.now, scenario.parameters)) return 'as in the scenario';
  if (branch.name === 'nodes' && sameJson(branch.now, scenario.nodes)) return 'all of the run, with their roles';
  return null;
}

const known = new WeakMap<object, { readonly before: object | null; readonly branches: readonly Branch[] }>();

/** Memories are never changed in place, so that the same two give the same answer. */
export function changesBetween(before: JsonObject | null, now: JsonObject): readonly Branch[] {
  const found = known.get(now);
  if (found !== undefined && found.before === before) return found.branches;
  const branches = changesOf((before ?? now) as Json, now);
  known.set(now, { before, branches });
  return branches;
}

/** The memory before the last step; null: there is nothing to compare with. */
const memoryBefore = ({ previous }: NodeRecord): JsonObject | null =>
  previous === null || Object.keys(previous.context).length === 0 ? null : previous.context;

export function memoryBody(view: View, room: number, folds: ReadonlySet<string>): Body {
  const { node } = view;
  const rows: Row[] = [];
  if (node.state === null) {
    const why =
      node.crash === null ? 'it has not started' : `lost with the crash at ${clock(node.crash.atMs)}: see storage`;
    return { rows: [rowOf(line(piece(`   ${why}`, 'dim')))], anchor: 0 };
  }
  const branches = changesBetween(memoryBefore(node), node.context);
  const { previous } = node;
  const step = previous === null ? undefined : view.trace[previous.index];
  if (step !== undefined) {
    const count = branches.filter(({ change }) => change !== 'same').length;
    const what =
      memoryBefore(node) === null
        ? 'began its memory'
        : count === 0
          ? 'changed nothing here'
          : `changed ${count} of ${branches.length}`;
    rows.push(
      rowOf(line(piece(`   #${step.index} ${what}: `, 'dim'), briefText(step)), {
        kind: 'event',
        index: step.index,
      }),
    );
  }
  const tree = treeRows(branches, {
    room,
    folds,
    openKey: keyOf(view, 'details'),
    hidden: (branch) => givenWords(view, branch),
  });
  if (tree.length === 0) tree.push(rowOf(line(piece('   it remembers nothing', 'dim'))));
  rows.push(...tree);
  return { rows, anchor: 0 };
}

/** How many of its fields the last step changed. */
export const changedInMemory = (node: NodeRecord): number =>
  node.state === null
    ? 0
    : changesBetween(memoryBefore(node), node.context).filter(({ change }) => change !== 'same').length;
