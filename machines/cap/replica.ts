/** A replica: keeps one of the three registers, and takes the operations of its own clients. */
import { others } from '../../src/core/protocol.ts';
import { type Copy, empty } from '../quorum-register/words.ts';
import { forReplica } from './about.ts';
import { antiEntropy } from './anti-entropy.ts';
import { copies } from './copies.ts';
import { quorum } from './quorum.ts';
import type { Vector } from './words.ts';

export const replica = forReplica.createMachine({
  id: 'replica',
  description: 'Keeps a copy of the register, and takes the operations of its own clients.',
  context: ({ input }) => {
    const { vector = {}, ...copy } = (input.stable.copy ?? empty) as Copy & { vector?: Vector };
    return {
      parameters: input.parameters,
      self: input.self,
      others: others(input),
      life: Number(input.stable.life ?? 0) + 1,
      phases: 0,
      queue: [],
      invoked: false,
      copy,
      vector,
      answered: [],
      proposal: empty,
      heard: {},
      turn: 0,
      members: Object.keys(input.nodes),
      valid: true,
    };
  },
  entry: { type: 'persist', params: ({ context }) => ({ key: 'life', value: context.life }) },
  initial: 'starting',
  states: {
    starting: {
      always: [
        { guard: 'isCP', target: 'quorum' },
        { guard: 'isAP', target: 'antiEntropy' },
        { guard: 'wasDown', target: 'copies.out' },
        { target: 'copies' },
      ],
    },
    quorum,
    antiEntropy,
    copies,
  },
});
