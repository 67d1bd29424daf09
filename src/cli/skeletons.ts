/** The texts that `havoc new` writes. Each plays at once. */

type Files = Readonly<Record<string, string>>;

export const protocolSkeleton = (name: string): Files => ({
  [`${name}.ts`]: protocolText(name),
  [`${name}.yaml`]: protocolScenarioText(name),
});

export const presetSkeleton = (name: string): Files => ({ [`${name}.yaml`]: presetText(name) });

const protocolText = (name: string): string => `/**
 * ${name}: a leader tells everybody a value, until all have acknowledged it.
 *
 * A role is an XState machine. It gets what it must know as its input, receives messages and inputs as events named
 * after their kind, and asks for effects with the actions \`send\`, \`broadcast\`, \`persist\`, \`decide\`, \`deliver\` and
 * \`note\`. Timeouts are \`after\`. Keep the context plain JSON: a crash loses it, and only what \`persist\` kept survives.
 */
import { defineProtocol, effects, type NodeInput, nodesWithRole } from 'havoc';
import { setup } from 'xstate';

type Parameters = { retryTimeout: number };
type Event =
  | { type: 'propose'; value: string }
  | { type: 'proposal'; from: string; value: string }
  | { type: 'acknowledge'; from: string };

const forLeader = setup({
  types: {} as {
    context: { value: string; waitsFor: string[]; retryTimeout: number };
    events: Event;
    input: NodeInput<Parameters>;
  },
  actions: effects,
  delays: { retryTimeout: ({ context }) => context.retryTimeout },
  guards: { isLast: ({ context, event }) => context.waitsFor.every((node) => 'from' in event && node === event.from) },
});
const tell = {
  type: 'send' as const,
  params: ({ context }: { context: { value: string; waitsFor: string[] } }) => ({
    to: context.waitsFor,
    message: { type: 'proposal', value: context.value },
  }),
};

const leader = forLeader.createMachine({
  id: 'leader',
  context: ({ input }) => ({
    value: '',
    waitsFor: nodesWithRole(input, 'follower'),
    retryTimeout: input.parameters.retryTimeout,
  }),
  initial: 'idle',
  states: {
    idle: {
      on: {
        propose: {
          target: 'proposing',
          actions: forLeader.assign({ value: ({ event }) => ('value' in event ? event.value : '') }),
        },
      },
    },
    proposing: {
      description: 'Tells those who have not acknowledged yet, again and again.',
      entry: tell,
      after: { retryTimeout: { target: 'proposing', reenter: true } },
      on: {
        acknowledge: [
          { guard: 'isLast', target: 'done', actions: { type: 'decide', params: ({ context }) => ({ value: context.value }) } },
          {
            actions: forLeader.assign({
              waitsFor: ({ context, event }) => context.waitsFor.filter((node) => !('from' in event) || node !== event.from),
            }),
          },
        ],
      },
    },
    done: { description: 'Everybody knows.' },
  },
});

const follower = setup({
  types: {} as { context: { knows: string | null }; events: Event; input: NodeInput<Parameters> },
  actions: effects,
}).createMachine({
  id: 'follower',
  context: ({ input }) => ({ knows: (input.stable.value as string | undefined) ?? null }),
  initial: 'listening',
  states: {
    listening: {
      on: {
        proposal: {
          actions: [
            { type: 'persist', params: ({ event }) => ({ key: 'value', value: event.value }) },
            { type: 'decide', params: ({ event }) => ({ value: event.value }) },
            { type: 'send', params: ({ event }) => ({ to: event.from, message: { type: 'acknowledge' } }) },
          ],
        },
      },
    },
  },
});

export default defineProtocol({
  id: '${name}',
  title: '${name}',
  roles: { leader, follower },
  messages: { proposal: { fields: { value: 'value' } }, acknowledge: {} },
  inputs: { propose: { roles: ['leader'], fields: { value: 'value' }, defaults: { value: 'blue' } } },
  parameters: { retryTimeout: { kind: 'duration', default: 300, about: 'how long the leader waits before it repeats itself' } },
  properties: [
    {
      name: 'agreement',
      kind: 'always',
      clauses: { agreement: 'no two honest nodes decide differently' },
      test: ({ honest }) => {
        const decided = new Set(honest.flatMap(({ decisions }) => decisions));
        return decided.size <= 1 || { clause: 'agreement', why: \`decided were \${[...decided].join(' and ')}\` };
      },
    },
    {
      name: 'everybody-decides',
      kind: 'eventually',
      clauses: { termination: 'every honest node that is up decides' },
      test: ({ honest }) => honest.every(({ status, decisions }) => status !== 'up' || decisions.length > 0),
    },
  ],
});
`;

const protocolScenarioText = (name: string): string => `title: A first look at ${name}
protocol: ./${name}.ts
summary: The leader's first proposal to F2 is lost, and it says it again.
learn: |
  What to watch, what to try, what to ask yourself.
  Crash a follower with c before it hears of the value, restart it with r: does it decide?
nodes: { L: leader, F1: follower, F2: follower }
model: asynchronous
failures: crash-recovery
network: { latency: 20ms..60ms, order: unordered }
parameters: { retryTimeout: 300ms }
inputs:
  - { at: 10ms, node: L, input: propose, value: blue }
faults:
  - { at: 0ms, do: drop, from: L, to: F2, count: 1 }
constraint: { copies: 1 } # what is resent for ever would make the space of \`havoc check\` endless
expect:
  - { property: agreement, verdict: holds }
  - { decided: { L: blue, F1: blue, F2: blue } }
seed: 1
`;

const presetText = (name: string): string => `title: ${name}
protocol: two-phase-commit
summary: What happens here, in one sentence.
learn: |
  What to watch, what to try, what to ask yourself. Shown with the key l.
nodes: { C: coordinator, P1: participant, P2: participant }
model: asynchronous
failures: crash-recovery
network: { latency: 20ms..60ms, order: unordered }
parameters: { votes: { P1: yes, P2: yes } }
inputs:
  - { at: 0ms, node: C, input: begin, transaction: t1 }
faults:
  - { when: { node: C, sends: commit, nth: 1 }, do: partition, groups: [[C, P1], [P2]] }
  - { at: 5s, do: heal }
constraint: { copies: 1 } # what is resent for ever would make the space of \`havoc check\` endless
expect:
  - { property: atomic-commit/agreement, verdict: holds }
  - { decided: { C: commit, P1: commit, P2: commit } }
seed: 1
`;
