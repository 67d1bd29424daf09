/** Solutions of challenges in which every student has other nodes, values or goals: read off the scenario, as its player does. */
import type { Challenge } from '../../src/core/challenge.ts';
import { type Goal, partsOfGoal } from '../../src/core/challenge-goal.ts';
import type { NodeId } from '../../src/core/protocol.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { acts, crash, dropping, partition, pause, restart, resume, traitor } from './acts.ts';
import type { Script } from './play.ts';
import { solutions } from './solutions.ts';

type Solve = (scenario: Scenario) => Script;

/** The nodes that the goal wants decided so. */
function decided({ challenge }: Scenario, value: string): NodeId[] {
  const parts = partsOfGoal((challenge as Challenge).goal);
  const wanted = parts.flatMap((part: Goal) => ('decided' in part ? Object.entries(part.decided) : []));
  return wanted.flatMap(([node, wants]) => (wants === value ? [node] : []));
}

const others = ({ nodes }: Scenario, ...these: readonly NodeId[]): NodeId[] =>
  Object.keys(nodes).filter((id) => !these.includes(id));
const words = (nodes: readonly NodeId[]): string => nodes.join(' ');
const asked = ({ inputs }: Scenario, i: number): NodeId => inputs[i]?.node as NodeId;

/** The coordinator and who is to commit on one side, when the commits are on their way. */
const cutAtCommit: Solve = (scenario) => {
  const [lone = ''] = decided(scenario, 'commit');
  return acts([{ node: 'C', sends: 'commit', nth: 1 }, partition(`C ${lone}`, words(others(scenario, 'C', lone)))]);
};

const own: Readonly<Record<string, Solve>> = {
  'one-side-commits': cutAtCommit,
  impatience: cutAtCommit,
  'timeouts-alone-challenge': (scenario) =>
    acts([{ node: 'C', receives: 'yes', nth: 2 }, crash('C', 1 + decided(scenario, 'commit').length)]),
  'last-messenger-challenge': ({ parameters }) => {
    const last = parameters.acknowledgements as number;
    // A orders, B acknowledges first, and so on in turns
    const [from, to] = last % 2 === 1 ? ['B', 'A'] : ['A', 'B'];
    const heard = Math.ceil(last / 2) - 1;
    const before = heard === 0 ? { receives: 'order' } : { receives: 'ack', nth: heard };
    const when = last === 1 ? 0 : { node: to as NodeId, ...before };
    return acts([when, { type: 'drop', from, to, count: 1 }]);
  },
  'minority-leader': (scenario) => {
    const leader = asked(scenario, 0);
    const all = Object.keys(scenario.nodes);
    const friend = all[all.indexOf(leader) + 1] as NodeId;
    return acts([600, partition(`${leader} ${friend}`, words(others(scenario, leader, friend)))]);
  },
  'two-leaders-of-one-term': (scenario) => {
    const [first, second] = [asked(scenario, 0), asked(scenario, 1)];
    const [forgetful = ''] = others(scenario, first, second);
    return acts(
      [0, dropping(`${first} ${forgetful}`, second)],
      [250, crash(forgetful)],
      [300, dropping(first, `${forgetful} ${second}`)],
      [350, restart(forgetful)],
    );
  },
  'stale-write': ({ network }) => {
    const sleeper = network.links?.[0]?.from === 'C1' ? 'C2' : 'C1';
    return acts([{ node: sleeper, sends: 'write' }, pause(sleeper)], [1850, resume(sleeper)]);
  },
  'both-sides-answer': (scenario) => {
    const reader = asked(scenario, 2);
    return acts([1200, dropping(words(others(scenario, reader)), reader)]);
  },
  'two-traitors-of-four': (scenario) => {
    const [victim = ''] = decided(scenario, 'retreat');
    const [second = ''] = others(scenario, 'C', victim, ...decided(scenario, 'attack'));
    return acts([0, traitor('C', 'wrong-value', [victim]), traitor(second, 'wrong-value', [victim])]);
  },
  'votes-without-witnesses': (scenario) => {
    const [waiter = ''] = decided(scenario, 'wait');
    const [liar = ''] = others(scenario, waiter, ...decided(scenario, 'attack'));
    return acts([0, traitor(liar, 'equivocate', [waiter])]);
  },
  'silence-is-enough': (scenario) => acts([{ node: asked(scenario, 0), input: 'tell' }, crash(asked(scenario, 0))]),
};

/** The challenges with a script that solves them. */
export const solved: readonly string[] = [...Object.keys(solutions), ...Object.keys(own)];

/** Of this challenge, as it stands in this scenario; undefined: none is known as a script. */
export const solutionOf = (id: string, scenario: Scenario): Script | undefined => own[id]?.(scenario) ?? solutions[id];
