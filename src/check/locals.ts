/**
 * The local states of nodes, each known by a number: everything of a node that decides what it does next, and what a
 * property may see of it. Beside the number stands an object that is a `NodeView`, so that properties read it as it is.
 */
import { canonicalJson } from '../core/json.ts';
import type { Json, JsonObject, NodeId, NodeState, NodeStatus, NodeView, RoleName } from '../core/protocol.ts';
import { statePath } from '../core/state-path.ts';
import type { Dictionary } from './dictionary.ts';

export interface LocalTimer {
  readonly timer: string;
  /** milliseconds until it fires, in the synchronous model; else 0: it may fire at any time */
  readonly leftMs: number;
}

export interface LocalParts {
  readonly status: NodeStatus;
  readonly honest: boolean;
  readonly everCrashed: boolean;
  /** null: not started, or down */
  readonly state: NodeState | null;
  readonly stable: Readonly<Record<string, Json>>;
  readonly decisions: readonly Json[];
  readonly delivered: readonly Json[];
  /** by name */
  readonly timers: readonly LocalTimer[];
}

export interface Local extends LocalParts, NodeView {
  readonly number: number;
  /** equal for local states that have decided the same, in the same standing */
  readonly decided: number;
  readonly delivery: number;
}

const nothing: JsonObject = {};

/** A local state as one text; `partsOf` makes it anew from that. */
function textOf({ status, honest, everCrashed, state, stable, decisions, delivered, timers }: LocalParts, id: NodeId) {
  const machine = state === null ? null : [state.value, state.context, state.done];
  const running = timers.map(({ timer, leftMs }) => [timer, leftMs]);
  return canonicalJson([status, honest, everCrashed, machine, stable, decisions, delivered, running], id);
}

function partsOf(text: string): LocalParts {
  const [status, honest, everCrashed, machine, stable, decisions, delivered, running] = JSON.parse(text);
  const state = machine === null ? null : { value: machine[0], context: machine[1], done: machine[2] };
  const timers = (running as [string, number][]).map(([timer, leftMs]) => ({ timer, leftMs }));
  return { status, honest, everCrashed, state, stable, decisions, delivered, timers };
}

export class Locals {
  readonly id: NodeId;
  readonly role: RoleName;
  readonly all: Local[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #views = new Map<string, number>();
  readonly #dictionary: Dictionary;
  readonly #kind: number;

  /** @param kind of its texts in the dictionary */
  constructor(id: NodeId, role: RoleName, dictionary: Dictionary, kind: number) {
    this.id = id;
    this.role = role;
    this.#dictionary = dictionary;
    this.#kind = kind;
    dictionary.tell(kind, (text) => this.#add(text));
  }

  intern(parts: LocalParts): Local {
    const timers =
      parts.timers.length < 2 ? parts.timers : [...parts.timers].sort((a, b) => (a.timer < b.timer ? -1 : 1));
    const text = textOf(timers === parts.timers ? parts : { ...parts, timers }, this.id);
    const isKnown = (): boolean => this.#numbers.has(text);
    if (!isKnown() && this.#dictionary.enter(this.#kind, text, isKnown)) this.#add(text);
    return this.all[this.#numbers.get(text) as number] as Local;
  }

  /** What the machine gets is made from the text: it must not matter in which order the keys of its context came about. */
  #add(text: string): void {
    const parts = partsOf(text);
    const { status, honest, everCrashed, state, decisions, delivered } = parts;
    const standing = [status, honest, everCrashed];
    const number = this.all.length;
    this.#numbers.set(text, number);
    this.all.push({
      ...parts,
      number,
      decided: this.#view(canonicalJson([...standing, decisions])),
      delivery: this.#view(canonicalJson([...standing, delivered])),
      id: this.id,
      role: this.role,
      path: state === null ? '' : statePath(state.value),
      context: state === null ? nothing : state.context,
    });
  }

  #view(key: string): number {
    const known = this.#views.get(key) ?? this.#views.size;
    this.#views.set(key, known);
    return known;
  }
}
