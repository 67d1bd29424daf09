/** The dealer: hides the secret in a polynomial, gives each server a point of it, and forgets it. */
import { setup } from 'xstate';
import { draw, effects, type NodeId, type NodeInput } from '../../src/core/protocol.ts';
import { drawnCount, type Parameters, placesOf, valueAt } from './words.ts';

interface Context {
  parameters: Parameters;
  places: Record<NodeId, number>;
  seed: number;
  /** in an earlier life: it deals once, or there would be shares of two polynomials */
  hasDealt: boolean;
}
type Split = { readonly type: 'split'; readonly secret: number };
interface About {
  context: Context;
  event: Split;
}

/** Is this a whole number modulo p? */
export const isInField = (value: unknown, p: number): boolean =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) < p;

/** What keeps the dealer from dealing, in words; null: nothing. */
function obstacle({ parameters: { k, p, coefficients }, places }: Context, { secret }: Split): string | null {
  if (!isInField(secret, p)) return `a secret is a whole number from 0 to ${p - 1}`;
  if (Object.keys(places).length >= p) return `there are fewer than ${p} different places for the servers`;
  const given: unknown = coefficients ?? [];
  const isRight = Array.isArray(given) && given.every((each) => isInField(each, p));
  if (!isRight || (coefficients !== null && coefficients.length !== k - 1))
    return `coefficients are ${k - 1} whole numbers from 0 to ${p - 1}`;
  return null;
}

/** What stands beside the secret. If it could be guessed, so could the secret, by those who hold a share. */
function coefficientsOf({ parameters, seed }: Context): readonly number[] {
  const { k, p, coefficients, mistake } = parameters;
  const all = coefficients ?? Array.from({ length: k - 1 }, (_, i) => Math.floor(draw(seed, i) * p));
  return mistake === 'constant' ? all.map(() => 1) : all.slice(0, drawnCount(parameters));
}

const forDealer = setup({
  types: {} as { context: Context; events: Split; input: NodeInput<Parameters> },
  actions: effects,
  guards: {
    canDeal: ({ context, event }: About) => obstacle(context, event) === null,
    hasDealt: ({ context }: About) => context.hasDealt,
  },
});

/** The only step that knows the secret: it is in no message and in no state. */
const deal = forDealer.enqueueActions(({ context, event, enqueue }) => {
  const polynomial = [event.secret, ...coefficientsOf(context)];
  enqueue({ type: 'persist', params: { key: 'dealt', value: true } });
  for (const [to, x] of Object.entries(context.places)) {
    const share = { x, y: valueAt(polynomial, x, context.parameters.p) };
    enqueue({ type: 'send', params: { to, message: { type: 'share', ...share } } });
  }
});

export const dealer = forDealer.createMachine({
  id: 'dealer',
  description: 'Splits a secret among the servers.',
  context: ({ input }) => ({
    parameters: input.parameters,
    places: placesOf(input),
    seed: input.seed,
    hasDealt: input.stable.dealt === true,
  }),
  initial: 'waiting',
  states: {
    waiting: {
      description: 'Nobody has told it a secret yet.',
      always: { guard: 'hasDealt', target: 'dealt' },
      on: {
        split: [
          { guard: 'canDeal', target: 'dealt', actions: deal },
          {
            actions: {
              type: 'note',
              params: ({ context, event }) => ({ text: `cannot split this: ${obstacle(context, event)}` }),
            },
          },
        ],
      },
    },
    dealt: { description: 'Has given a share to each server, and forgotten secret and polynomial.' },
  },
});
