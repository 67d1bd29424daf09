/**
 * The functions that a protocol's author wrote and that run outside of any step: tests, history variables, costs. When one
 * throws, the error says which; and what a test answers is a verdict, whatever plain JavaScript made of it.
 */
import { isObject } from './json.ts';
import type { Property, Protocol, Verdict } from './protocol.ts';

/** Something of the protocol's own threw. The message is for its author. */
export class AuthorError extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'AuthorError';
  }
}

/** Not thrown by an author's function but by what it was given to look at: it passes through as it is. */
export class NotTheirs extends Error {}

/** The protocol, with its functions named in what they throw. */
export function authored(protocol: Protocol): Protocol {
  const { id, properties, costs, bound, waitsFor } = protocol;
  const named = <Args extends unknown[], Result>(what: string, call: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      try {
        return call(...args);
      } catch (error) {
        if (error instanceof NotTheirs) throw error;
        const why = error instanceof Error ? error.message : String(error);
        throw new AuthorError(`protocol ${id}: ${what} threw: ${why}`);
      }
    };
  };
  const property = (each: Property): Property => {
    const { name, memory } = each;
    const test = named(`the test of ${name}`, (...args: Parameters<Property['test']>) => each.test(...args));
    return {
      ...each,
      test: (...args) => verdictOf(test(...args)),
      ...(memory === undefined ? {} : { memory: { ...memory, next: named(`the memory of ${name}`, memory.next) } }),
    };
  };
  return {
    ...protocol,
    properties: properties.map(property),
    ...(costs === undefined
      ? {}
      : {
          costs: costs.map((cost) => ({
            ...cost,
            expected: named(`\`expected\` of the cost ${cost.name}`, cost.expected),
            measured: named(`\`measured\` of the cost ${cost.name}`, cost.measured),
            ...(cost.caseOf === undefined ? {} : { caseOf: named(`\`caseOf\` of the cost ${cost.name}`, cost.caseOf) }),
          })),
        }),
    ...(bound === undefined
      ? {}
      : {
          bound: {
            ...bound,
            greatest: named('`greatest` of the bound', bound.greatest),
            ...(bound.caseOf === undefined ? {} : { caseOf: named('`caseOf` of the bound', bound.caseOf) }),
          },
        }),
    ...(waitsFor === undefined ? {} : { waitsFor: named('`waitsFor`', waitsFor) }),
  };
}

function verdictOf(answer: unknown): Verdict {
  if (typeof answer === 'boolean') return answer;
  if (isObject(answer) && typeof answer.why === 'string') {
    const { why, clause, nodes } = answer;
    return {
      why,
      ...(typeof clause === 'string' ? { clause } : {}),
      ...(Array.isArray(nodes) ? { nodes: nodes.map(String) } : {}),
    };
  }
  return {
    why: `its test answered ${isObject(answer) ? 'an object without `why`' : String(answer)}, which is no verdict`,
  };
}
