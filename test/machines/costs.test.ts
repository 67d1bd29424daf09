import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject, RoleName } from '../../src/core/protocol.ts';
import { listPresets, loadScenario } from '../../src/scenario/load.ts';
import { loadProtocol } from '../../src/scenario/protocols.ts';
import { published } from '../../src/tui/panes/properties.ts';
import { scenarioOf } from './drive.ts';

type Roles = Readonly<Record<RoleName, number>>;
const sites: Roles = { site: 5 };
const apart: Roles = { rm: 5, acceptor: 3 };
const generals: Roles = { commander: 1, lieutenant: 6 };

/** What stands in parentheses behind the measured cost; the numbers are those of the papers, or counted by hand. */
const cases: readonly (readonly [
  protocol: string,
  roles: Roles,
  parameters: JsonObject,
  cost: string,
  shown: string,
])[] = [
  ['two-phase-commit', { participant: 3 }, {}, 'messages', '3n = 9'],
  ['two-phase-commit', { participant: 3 }, { acks: true }, 'messages', '4n = 12'],
  ['two-phase-commit', { participant: 3 }, { initiator: 'participant' }, 'messages', '3n-1 = 8'],
  ['two-phase-commit', { participant: 3 }, { initiator: 'participant' }, 'message delays', '4'],
  ['two-phase-commit', { participant: 3 }, { logVote: false }, 'stable writes', '1 + n = 4'],
  ['three-phase-commit', { participant: 3 }, { acks: true }, 'messages', '6n = 18'],
  ['paxos-commit', apart, {}, 'messages', '(N+1)(F+3)-4 = 20'],
  ['paxos-commit', apart, { faster: true }, 'messages', 'N(2F+3)-1 = 24'],
  ['paxos-commit', sites, {}, 'messages', 'NF+3N-3 = 17'],
  ['paxos-commit', sites, { faster: true }, 'messages', '2NF-2F+3N-3 = 20'],
  ['paxos-commit', sites, { f: 0 }, 'messages', 'NF+3N-3 = 12'],
  ['paxos-commit', apart, {}, 'message delays', '5'],
  ['paxos-commit', sites, { faster: true }, 'message delays', '3'],
  ['oral-messages', generals, { m: 2 }, 'messages', '(n-1) + (n-1)(n-2) + ... = 156'],
  ['signed-messages', generals, { m: 0 }, 'messages', 'n-1 = 6'],
  ['signed-messages', generals, { m: 2 }, 'messages', '(n-1)² = 36'],
  ['signed-messages', generals, { m: 2, earlyStopping: true }, 'messages', '(n-1)² + (n-1)(n-2)(n-3) = 156'],
  ['interactive-consistency', { general: 4 }, {}, 'message delays', 'm + 1 rounds = 2'],
  [
    'interactive-consistency',
    { general: 3, commander: 1 },
    { solve: 'byzantine-generals' },
    'messages',
    'n times OM(m) + n-1 = 39',
  ],
  ['pbft', { replica: 4, client: 1 }, {}, 'messages a request between replicas', '2n(n-1) = 24'],
  ['pbft', { replica: 4, client: 1 }, { commitPhase: false }, 'messages a request between replicas', 'n(n-1) = 12'],
  ['mutual-exclusion', { process: 4 }, { algorithm: 'lamport' }, 'messages an entry', '3(n-1) = 9'],
  ['mutual-exclusion', { process: 4 }, { algorithm: 'ricart-agrawala' }, 'messages an entry', '2(n-1) = 6'],
  ['multicast', { member: 4 }, { order: 'abcast', chatter: 3 }, 'messages', '12 × 3(n-1) = 108'],
  ['multicast', { member: 4 }, { order: 'causal', chatter: 3 }, 'messages for the order', '0'],
  ['clock-sync', { master: 1, node: 3 }, { method: 'berkeley' }, 'messages', '3 × 3(n-1) = 27'],
  [
    'deadlock',
    { process: 2, resource: 2, detector: 1 },
    { detector: 'poll', rounds: 1 },
    'messages of the detector',
    '1 × 2(n-1) = 8',
  ],
  ['snapshot', { node: 4 }, {}, 'markers of one snapshot', 'n(n-1) on a complete graph = 12'],
  ['snapshot', { node: 4 }, { method: 'naive' }, 'markers of one snapshot', 'n-1 = 3'],
  ['cap', { replica: 3 }, { system: 'cp' }, 'messages an operation', '4(n-1) = 8'],
  ['cap', { replica: 3 }, { system: 'ca' }, 'messages an operation', 'write 3(n-1), read 0'],
];

for (const [id, roles, parameters, name, shown] of cases) {
  test(`${id} ${JSON.stringify(parameters)}: ${name} (${shown})`, async () => {
    const protocol = await loadProtocol(id);
    const cost = protocol.costs?.find((each) => each.name === name);
    assert.ok(cost !== undefined);
    const all = scenarioOf(protocol, {}, parameters).parameters;
    assert.equal(published(cost, roles, all), ` (${shown})`);
  });
}

test('in no preset a number stands beside a cost that is another', async () => {
  let numbers = 0;
  for (const { path } of listPresets()) {
    const { scenario, protocol } = await loadScenario(path);
    const roles: Record<RoleName, number> = {};
    for (const role of Object.values(scenario.nodes)) roles[role] = (roles[role] ?? 0) + 1;
    for (const cost of protocol.costs ?? []) {
      const shown = published(cost, roles, scenario.parameters);
      assert.doesNotMatch(shown, /\(\d+ = /, `${scenario.name}: ${cost.name}${shown}`);
      if (/\(\d+\)/.test(shown)) numbers += 1;
    }
  }
  assert.ok(numbers > 0);
});
