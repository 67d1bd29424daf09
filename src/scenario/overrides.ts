/** `--set path=value`: changes a scenario before it is resolved. The value is read as YAML. */
import { isObject, type Json } from '../core/json.ts';
import { mistakeIn, quote } from './errors.ts';
import { rightName } from './nearest.ts';
import { keysAt } from './shape.ts';
import { type Path, parseYaml, type SourceDocument } from './yaml-document.ts';

const SOURCE = '--set';

export interface Override {
  readonly path: Path;
  readonly value: Json;
}

/** Splits `network.loss=0.1`. Throws `ScenarioError` for anything else. */
export function parseOverride(text: string): Override {
  const equals = text.indexOf('=');
  const steps = text.slice(0, Math.max(0, equals)).trim().split('.');
  if (equals < 0 || steps.some((step) => step === '')) {
    throw mistakeIn(SOURCE, `${quote(text)} is no setting; write path=value, as in parameters.voteTimeout=2s`);
  }
  const bad = steps.find((step) => ['__proto__', 'constructor', 'prototype'].includes(step));
  if (bad !== undefined) throw mistakeIn(SOURCE, `the key ${quote(bad)} is not allowed`);
  const value = parseYaml(text.slice(equals + 1), SOURCE).value;
  return { path: steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step)), value };
}

/**
 * The document with the overrides in it; mistakes in them are said to be in `--set`. A path may leave `parameters.` out.
 * Throws `ScenarioError` when a path leads nowhere.
 */
export function applyOverrides(
  document: SourceDocument,
  overrides: readonly Override[],
  parameters: readonly string[],
): SourceDocument {
  if (overrides.length === 0) return document;
  const value = structuredClone(document.value) as Record<string, unknown>;
  const paths = overrides.map((override) => {
    const path = fullPath(override.path, parameters);
    setAt(value, path, override.value);
    return path;
  });
  return {
    file: document.file,
    value: value as Json,
    locate: (path, key) =>
      paths.some((set) => set.every((step, i) => path[i] === step))
        ? { file: SOURCE, line: 1, column: 1 }
        : document.locate(path, key),
  };
}

function fullPath(path: Path, parameters: readonly string[]): Path {
  const top = keysAt([]);
  const first = String(path[0]);
  if (top.includes(first)) return path;
  if (parameters.includes(first)) return ['parameters', ...path];
  throw mistakeIn(SOURCE, `there is no ${quote(first)} to set; ${rightName(first, [...parameters, ...top])}`);
}

function setAt(root: Record<string, unknown>, path: Path, value: Json): void {
  let inner: Record<string | number, unknown> = root;
  for (const [i, step] of path.entries()) {
    if (Array.isArray(inner) && (typeof step !== 'number' || step >= inner.length)) {
      throw mistakeIn(
        SOURCE,
        `${quote(path.slice(0, i).join('.'))} has entries 0 to ${inner.length - 1}, not ${quote(step)}`,
      );
    }
    if (i === path.length - 1) {
      inner[step] = value;
      return;
    }
    if (inner[step] === undefined || inner[step] === null) inner[step] = {};
    const next = inner[step];
    if (!isObject(next) && !Array.isArray(next)) {
      throw mistakeIn(
        SOURCE,
        `${quote(path.slice(0, i + 1).join('.'))} is one value, so it has no ${quote(path[i + 1])}`,
      );
    }
    inner = next as Record<string | number, unknown>;
  }
}
