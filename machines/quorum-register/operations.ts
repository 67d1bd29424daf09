/** How registers are asked: messages, inputs, and a client that performs one operation after another, each in phases. */
import { operationItem } from '../../src/core/problems/operations.ts';
import type { CostFigures, Json, JsonObject } from '../../src/core/protocol.ts';

export const phaseField = { phase: 'text' } as const;
export const versionFields = { time: 'number', writer: 'text', value: 'value' } as const;
/** Between clients and those who keep copies. */
export const registerMessages = {
  query: { fields: phaseField, about: 'What is your version?' },
  version: { fields: { ...phaseField, ...versionFields }, about: 'This is my copy.' },
  update: { fields: { ...phaseField, ...versionFields }, about: 'Store this, unless yours is newer.' },
  stored: { fields: phaseField, about: 'I have this, or something newer.' },
} as const;
export const registerInputs = {
  write: {
    roles: ['client'],
    fields: { value: 'value' },
    defaults: { value: 'x' },
    about: 'Write this to the register.',
  },
  read: { roles: ['client'], about: 'Read the register.' },
} as const;

/** Every operation is invoked and ends: two items. */
export const messagesPerOperation = ({ items, messages }: CostFigures): number =>
  Math.round((200 * messages) / Math.max(1, items)) / 100;

export type Operation = { readonly f: 'read' | 'write'; readonly value: Json };
export type Asked = { readonly type: 'write'; readonly value: Json } | { readonly type: 'read' };

export interface Asking {
  /** which life of this node this is, and how many phases it has begun in it */
  life: number;
  phases: number;
  /** what it has been asked and has not answered yet, the operation under way first */
  queue: readonly Operation[];
}

/** A phase's name; no two phases of a node have the same, so that a late answer to an earlier one counts for nothing. */
export const phaseOf = ({ life, phases }: Asking): string => `${life}.${phases}`;
export const present = ({ queue }: Asking): Operation | undefined => queue[0];
export function enlisted({ queue }: Asking, event: Asked): Pick<Asking, 'queue'> {
  return { queue: [...queue, { f: event.type, value: event.type === 'write' ? event.value : null }] };
}
export const withoutPresent = ({ context }: { context: Asking }): readonly Operation[] => context.queue.slice(1);

/** To be delivered: the operation under way begins. */
export function invoked({ context }: { context: Asking }): { item: JsonObject } {
  const { f, value } = present(context) as Operation;
  return { item: operationItem('invoke', f, value) };
}
/** To be delivered: it has ended, with what was read or written. */
export const completed = (context: Asking, value: Json): { item: JsonObject } => ({
  item: operationItem('ok', present(context)?.f ?? '', value),
});
