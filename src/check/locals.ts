/**
 * The local states of nodes, each known by a number: everything of a node that decides what it does next, and what a
 * property may see of it. Beside the number stands an object that is a `NodeView`, so that properties read it as it is.
 */
import { canonicalJson } from '../core/json.ts';
import type { Json, JsonObject, NodeId, NodeState, NodeStatus, NodeView, RoleName } from '../core/protocol.ts';
import { statePath } from '../core/state-path.ts';

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

export class Locals {
  readonly id: NodeId;
  readonly role: RoleName;
  readonly all: Local[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #views = new Map<string, number>();

  constructor(id: NodeId, role: RoleName) {
    this.id = id;
    this.role = role;
  }

  intern(parts: LocalParts): Local {
    const { status, honest, everCrashed, state, stable, decisions, delivered } = parts;
    const timers =
      parts.timers.length < 2 ? parts.timers : [...parts.timers].sort((a, b) => (a.timer < b.timer ? -1 : 1));
    const standing = [status, honest, everCrashed];
    const key = canonicalJson(
      [
        ...standing,
        state === null ? null : [state.value, state.context, state.done],
        stable,
        decisions,
        delivered,
        timers.map(({ timer, leftMs }) => [timer, leftMs]),
      ],
      this.id,
    );
    const known = this.#numbers.get(key);
    if (known !== undefined) return this.all[known] as Local;
    const local: Local = {
      ...parts,
      timers,
      number: this.all.length,
      decided: this.#view(canonicalJson([...standing, decisions])),
      delivery: this.#view(canonicalJson([...standing, delivered])),
      id: this.id,
      role: this.role,
      path: state === null ? '' : statePath(state.value),
      context: state === null ? nothing : state.context,
    };
    this.#numbers.set(key, local.number);
    this.all.push(local);
    return local;
  }

  #view(key: string): number {
    const known = this.#views.get(key) ?? this.#views.size;
    this.#views.set(key, known);
    return known;
  }
}
