import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explore } from '../../src/check/explore.ts';
import { canonicalJson } from '../../src/core/json.ts';
import type { World } from '../../src/core/world.ts';
import { resolveScenarioText } from '../../src/scenario/load.ts';
import { exploreSlowly } from './reference.ts';

/** Two nodes that propose against each other, for ever, on ballots that grow. */
const duel = `protocol: paxos
nodes: { P1: proposer, P2: proposer, A1: acceptor }
inputs:
  - { at: 0ms, node: P1, input: propose, value: X }
  - { at: 0ms, node: P2, input: propose, value: Y }
`;

/** A participant that waits asks again and again. */
const commit = `protocol: two-phase-commit
nodes: { C: coordinator, P: participant }
inputs: [{ at: 0ms, node: C, input: begin, transaction: t1 }]
`;

const said = (world: World): string[] =>
  [...world.pending.values()].map(({ from, to, body }) => canonicalJson([from, to, body]));
const mostCopies = (texts: readonly string[]): number =>
  Math.max(0, ...texts.map((text) => texts.filter((other) => other === text).length));
const mostOnALink = ({ pending }: World): number =>
  mostCopies([...pending.values()].map(({ from, to }) => `${from}>${to}`));
const highestPromise = (world: World): number =>
  Math.max(0, ...world.nodes.map(({ state }) => Number(state?.context.promised ?? 0)));

const bounds: readonly { constraint: string; isOutside: (world: World) => boolean; system?: string }[] = [
  { constraint: 'messages: 3', isOutside: (world) => said(world).length > 3 },
  { constraint: 'perLink: 1', isOutside: (world) => mostOnALink(world) > 1 },
  { constraint: 'copies: 1', isOutside: (world) => mostCopies(said(world)) > 1, system: commit },
  { constraint: 'context: { promised: 2 }', isOutside: (world) => highestPromise(world) > 2 },
];

for (const { constraint, isOutside, system = duel } of bounds) {
  test(`what \`constraint: { ${constraint} }\` leaves out is left out by the slow explorer, too`, async () => {
    const text = `${system}constraint: { depth: 6, ${constraint} }`;
    const { scenario, protocol } = await resolveScenarioText(text, 'test.yaml');
    const properties = protocol.properties.map((each) => ({ ...each, kind: 'sometimes' as const }));
    const fast = await explore(scenario, { ...protocol, properties });
    const slow = exploreSlowly(scenario, protocol, true, 6, isOutside);
    const all = exploreSlowly(scenario, protocol, true, 6);
    assert.deepEqual({ states: fast.states, depth: fast.depth }, { states: slow.states, depth: slow.depth });
    assert.ok(slow.states < all.states && fast.pruned > 0, 'the bound leaves nothing out');
  });
}

const mistakes: readonly (readonly [constraint: string, sentence: RegExp])[] = [
  ['{ mesages: 3 }', /test\.yaml:6:15: unknown key `mesages` in `constraint`; did you mean messages\?/],
  ['{ depth: 0 }', /test\.yaml:6:22: `depth` is `0`, but must be 1 or more/],
  ['{ context: { promised: high } }', /test\.yaml:6:36: `promised` is `high`, but must be a number/],
];
for (const [constraint, sentence] of mistakes) {
  test(`\`constraint: ${constraint}\` is a mistake at its place`, async () => {
    await assert.rejects(resolveScenarioText(`${duel}constraint: ${constraint}`, 'test.yaml'), sentence);
  });
}

test('a field that no context has is a mistake, with the nearest that one has', async () => {
  const { scenario, protocol } = await resolveScenarioText(
    `${duel}constraint: { context: { promise: 2 } }`,
    'test.yaml',
  );
  await assert.rejects(explore(scenario, protocol), /no context has a field promise; did you mean promises\?/);
});
