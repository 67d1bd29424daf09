/** The explorer: states and transitions a second, on one thread and on two; bytes a state; how often XState was asked. */
import { fileURLToPath } from 'node:url';
import { type ExploreOptions, explore } from '../../src/check/explore.ts';
import type { Protocol } from '../../src/core/protocol.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { resolveScenarioText } from '../../src/scenario/load.ts';
import { actorPaxos, actorPaxosScenario } from '../check/actor-paxos.ts';
import { tlaScenario, tlaTwoPhase } from '../check/tla-two-phase.ts';
import type { Figure } from './measure.ts';

interface Subject {
  readonly name: string;
  readonly scenario: Scenario;
  readonly protocol: Protocol;
  readonly options: ExploreOptions;
  readonly aims: { readonly time: string; readonly states: string };
}

const tla = (managers: number): Subject => ({
  name: `TLA+ two-phase commit, ${managers} resource managers`,
  scenario: tlaScenario(managers),
  protocol: tlaTwoPhase,
  options: { network: 'set', source: { file: fileURLToPath(new URL('../check/tla-two-phase.ts', import.meta.url)) } },
  aims: { time: managers === 8 ? '<= 8' : '', states: '' },
});

const actors: Subject = {
  name: 'Paxos as actors, 3 servers and 3 clients',
  scenario: actorPaxosScenario(3),
  protocol: actorPaxos,
  options: {
    reductions: new Set(['noop']),
    source: { file: fileURLToPath(new URL('../check/actor-paxos.ts', import.meta.url)) },
  },
  aims: { time: '<= 18', states: '>= 300,000' },
};

async function paxos(): Promise<Subject> {
  const text = `protocol: paxos
nodes: { P1: proposer, P2: proposer, A1: acceptor, A2: acceptor, A3: acceptor }
parameters: { maxRound: 2 }
inputs: [{ at: 0ms, node: P1, input: propose, value: X }, { at: 0ms, node: P2, input: propose, value: Y }]`;
  const { scenario, protocol, ref } = await resolveScenarioText(text, 'paxos.yaml');
  return {
    name: 'Paxos, 2 proposers, 3 acceptors, 2 ballots each, the first million states',
    scenario,
    protocol,
    options: { statesMax: 1_000_000, source: ref },
    aims: { time: '', states: '>= 300,000' },
  };
}

export async function benchCheck(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const subject of [tla(6), tla(7), tla(8), actors, await paxos()]) figures.push(...(await measured(subject)));
  return figures;
}

async function measured({ name, scenario, protocol, options, aims }: Subject): Promise<Figure[]> {
  const take = async (workers: number) => {
    const startedMs = performance.now();
    const found = await explore(scenario, protocol, { ...options, workers });
    return { found, seconds: (performance.now() - startedMs) / 1000 };
  };
  const one = await take(1);
  const two = await take(2);
  const figure = (what: string, value: number, unit: string, aim = '', floor: number | null = null): Figure => ({
    name: `check, ${name}: ${what}`,
    value,
    floor,
    unit,
    ratio: floor === null ? null : value / floor,
    aim,
  });
  return [
    figure('time', one.seconds, 's', aims.time),
    figure('states', one.found.states / one.seconds, '/s', aims.states),
    figure('transitions', one.found.transitions / one.seconds, '/s'),
    figure('memory', one.found.bytesPerState, 'bytes a state', '<= 64'),
    figure('XState calls', one.found.machineSteps, ''),
    figure(
      'states by two workers, beside one',
      two.found.states / two.seconds,
      '/s',
      '> 1.5',
      one.found.states / one.seconds,
    ),
  ];
}
