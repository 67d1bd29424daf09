/** Every protocol, in a small space, against the slow explorer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExploreOptions, explore } from '../../src/check/explore.ts';
import type { Property, Protocol } from '../../src/core/protocol.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { exploreSlowly } from './reference.ts';
import { smallSpaces } from './small.ts';

/** The slow explorer takes about a millisecond for a state. */
const statesMax = process.env.HAVOC_RUNS === undefined ? 60 : 1500;
const depthMax = 12;

const refuted =
  ({ test: succeeds }: Property): Property['test'] =>
  (view, memory) =>
    succeeds(view, memory) !== true;

/** A violation must not end it: both count everything. */
const withoutEnd = (protocol: Protocol): Protocol => ({
  ...protocol,
  properties: protocol.properties.map((each) =>
    each.kind === 'always' ? { ...each, kind: 'sometimes' as const, test: refuted(each) } : each,
  ),
});

/** As deep as there are not too many states. */
async function deepest(scenario: Scenario, protocol: Protocol, options: ExploreOptions) {
  let depth = 1;
  let found = await explore({ ...scenario, constraint: { depth } }, protocol, options);
  while (depth < depthMax) {
    const next = await explore({ ...scenario, constraint: { depth: depth + 1 } }, protocol, {
      ...options,
      statesMax,
    });
    if (!next.complete || next.depth === found.depth) break;
    depth += 1;
    found = next;
  }
  return { depth, found };
}

const spaces = await smallSpaces(1);

test('there are spaces of nearly all protocols', () => assert.ok(spaces.length > 20));

for (const { id, scenario, protocol } of spaces) {
  test(`the slow explorer agrees on ${id}, as ${scenario.name} has it`, async () => {
    const judged = withoutEnd(protocol);
    const { depth, found } = await deepest(scenario, judged, {});
    const slow = exploreSlowly(scenario, protocol, found.tracked.anyFault, depth);
    const settled = found.properties.flatMap(({ name, kind, verdict }) =>
      kind === 'sometimes' && verdict === 'holds' ? [name] : [],
    );
    assert.deepEqual(
      [found.states, found.transitions, found.depth, settled.sort()],
      [slow.states, slow.transitions, slow.depth, [...slow.violated, ...slow.reached].sort()],
    );
  });
}
