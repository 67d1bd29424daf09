/** What PBFT promises beyond the order itself: to its clients, and among its replicas. */
import type { Json, JsonObject, NodeView, Property, View } from '../../src/core/protocol.ts';
import { type Certificate, type Executed, nameOf } from './words.ts';

const correct = (view: View, role: string): readonly NodeView[] =>
  view.honest.filter((node) => node.role === role && !node.everCrashed);
const results = (client: NodeView): { command: Json; place: number }[] =>
  client.decisions.map((decision) => decision as { command: Json; place: number });
const certificatesOf = (node: NodeView): readonly Certificate[] =>
  Object.values((node.context.prepared ?? {}) as unknown as Record<string, Certificate>);

export const pbftProperties: readonly Property[] = [
  {
    name: 'pbft/one-prepared',
    kind: 'always',
    clauses: {
      'one-prepared': 'No two correct replicas have different requests prepared with the same number in the same view.',
    },
    reads: ['states'],
    test(view) {
      const first = new Map<string, { node: NodeView; digest: string }>();
      for (const node of correct(view, 'replica')) {
        for (const { prePrepare } of certificatesOf(node)) {
          const { view: number, sequence, digest } = prePrepare.statement;
          const other = first.get(`${number}/${sequence}`);
          if (other !== undefined && other.digest !== digest) {
            const nodes = [other.node.id, node.id];
            const why = `in view ${number}, number ${sequence}, ${nodes.join(' and ')} have prepared ${other.digest} and ${digest}`;
            return { clause: 'one-prepared', nodes, why };
          }
          first.set(`${number}/${sequence}`, { node, digest });
        }
      }
      return true;
    },
  },
  {
    name: 'pbft/prepared',
    kind: 'sometimes',
    clauses: { reached: 'Two correct replicas have something prepared, so that it could have been different.' },
    reads: ['states'],
    test: (view) => correct(view, 'replica').filter((node) => certificatesOf(node).length > 0).length > 1,
  },
  {
    name: 'pbft/true-results',
    kind: 'always',
    clauses: {
      'true-results': 'What a correct client believes, a correct replica has executed: this request, at this place.',
    },
    reads: ['decisions', 'deliveries', 'states'],
    test(view) {
      const executed = correct(view, 'replica').flatMap(({ delivered }) => delivered as unknown as Executed[]);
      for (const client of correct(view, 'client')) {
        const wrong = results(client).find(
          ({ command, place }) =>
            !executed.some((each) => each.client === client.id && each.place === place && each.command === command),
        );
        if (wrong === undefined) continue;
        const why = `${client.id} believes that ${String(wrong.command)} has place ${wrong.place}, and no correct replica says so`;
        return { clause: 'true-results', nodes: [client.id], why };
      }
      return true;
    },
  },
  {
    name: 'pbft/believed',
    kind: 'sometimes',
    clauses: { reached: 'A correct client believes a result, so that it could have been a lie.' },
    reads: ['decisions'],
    test: (view) => correct(view, 'client').some((client) => results(client).length > 0),
  },
  {
    name: 'pbft/view-changed',
    kind: 'sometimes',
    clauses: { reached: 'A correct replica has entered a later view.' },
    reads: ['states'],
    test: (view) => correct(view, 'replica').some(({ context }) => Number(context.entered) > 0),
  },
  {
    name: 'pbft/answers',
    kind: 'eventually',
    clauses: { answers: 'Every request of a correct client is answered by enough replicas to be believed.' },
    test(view) {
      const waiting = correct(view, 'client').find(({ context }) => ((context.queue ?? []) as Json[]).length > 0);
      if (waiting === undefined) return true;
      const { command } = (waiting.context.queue as readonly JsonObject[])[0] as JsonObject;
      return { clause: 'answers', nodes: [waiting.id], why: `${waiting.id} has no answer to ${String(command)}` };
    },
  },
];

/** What a correct replica has prepared, for its card: `3:x` in view order. */
export const preparedText = (prepared: Readonly<Record<string, Certificate>>): string =>
  Object.entries(prepared)
    .map(([sequence, { prePrepare }]) => {
      const { request } = prePrepare.statement;
      return `${sequence}:${request === null ? '·' : nameOf(request)}`;
    })
    .join(' ');
