/** Scenarios for tests of the explorer: everything that a test does not say is as plain as can be. */
import type { Scenario } from '../../src/core/scenario.ts';

export const scenarioOf = (parts: Partial<Scenario> & Pick<Scenario, 'protocol' | 'nodes'>): Scenario => ({
  name: 'test',
  title: 'test',
  topic: '',
  summary: '',
  learn: '',
  model: 'asynchronous',
  failures: 'crash-recovery',
  network: { latency: { kind: 'constant', ms: 10 }, order: 'unordered', loss: 0, duplicate: 0 },
  parameters: {},
  inputs: [],
  faults: [],
  budget: {},
  expect: [],
  untilMs: 60_000,
  seed: 1,
  ...parts,
});
