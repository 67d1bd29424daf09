/** What one wants of a shared register besides consistency: that it answers, and that its copies are alike in the end. */
import { isLive, spoken } from '../../src/core/problems/decisions.ts';
import { historyEventOf } from '../../src/core/problems/operations.ts';
import type { Json, JsonObject, NodeView, Property, View } from '../../src/core/protocol.ts';

const kept = ({ context }: NodeView): string => spoken((context.copy as JsonObject | undefined)?.value ?? null);
const serving = (view: View): readonly NodeView[] =>
  view.honest.filter((node) => isLive(node) && !node.path.startsWith('copies.out'));

export const capProperties: readonly Property[] = [
  {
    name: 'cap/available',
    kind: 'always',
    clauses: {
      available: 'No replica that has never crashed refuses an operation (Gilbert and Lynch: no non-failing node).',
    },
    reads: ['memory', 'states'],
    memory: {
      initial: {},
      next(refused: Json, { node, honest, effect }) {
        const event = honest ? historyEventOf(node, effect) : null;
        return event?.type === 'fail' || event?.type === 'info'
          ? { [node]: event.f, ...(refused as JsonObject) }
          : refused;
      },
    },
    test(view, refused) {
      const [first] = Object.entries(refused as JsonObject).filter(([node]) => !view.node(node).everCrashed);
      if (first === undefined) return true;
      const [node, f] = first;
      return { clause: 'available', nodes: [node], why: `${node} refused a ${String(f)}` };
    },
  },
  {
    name: 'cap/answered',
    kind: 'sometimes',
    clauses: { reached: 'A replica answered an operation when something had gone wrong: it could have refused.' },
    memory: {
      initial: 0,
      next: (answers: Json, { node, effect }) =>
        historyEventOf(node, effect)?.type === 'ok' ? Number(answers) + 1 : answers,
    },
    test: (view, answers) => view.anyFault && Number(answers) > 0,
  },
  {
    name: 'cap/converged',
    kind: 'eventually',
    clauses: { converged: 'In the end all replicas that run and serve have the same value.' },
    test(view) {
      const [first, ...rest] = serving(view);
      const other = rest.find((node) => first !== undefined && kept(node) !== kept(first));
      if (first === undefined || other === undefined) return true;
      const why = `${first.id} has ${kept(first)}, and ${other.id} has ${kept(other)}`;
      return { clause: 'converged', nodes: [first.id, other.id], why };
    },
  },
  {
    name: 'cap/conflict',
    kind: 'sometimes',
    clauses: { reached: 'Two versions met of which neither had seen the other; one of them was given up.' },
    reads: ['memory'],
    memory: {
      initial: false,
      next: (met, { effect }) =>
        met === true || (effect.type === 'deliver' && Array.isArray((effect.item as JsonObject | null)?.conflict)),
    },
    test: (_, met) => met === true,
  },
];
