/** Changes a scenario before it is resolved: `--set path=value`, whose value is read as YAML, and a challenge's variants. */
import { isObject, type Json } from '../core/json.ts';
import { type Mistake, mistakeIn, quote, ScenarioError } from './errors.ts';
import { rightName } from './nearest.ts';
import { keysAt } from './shape.ts';
import { FORBIDDEN_KEYS, type Path, type Place, parseYaml, type SourceDocument } from './yaml-document.ts';

export interface Override {
  readonly path: Path;
  readonly value: Json;
  /** of a part of the value, for errors; the empty path is the whole */
  place(rest: Path, key?: 'key'): Place;
}

/** For what stands on the command line: errors call it by its text, `--set network.loss=7`. */
export const fromCommandLine = (path: Path, value: Json, source: string): Override => ({
  path,
  value,
  place: () => ({ file: source, line: null, column: null }),
});

const mistakeAt = ({ place }: Override, what: string): ScenarioError => {
  const { file, line, column } = place([], 'key');
  return mistakeIn(file, what, line, column);
};

/** `network.links.0.latency` as a path; null: an empty step, or one that means something to every JavaScript object. */
export function pathOf(text: string): Path | null {
  const steps = text.split('.');
  if (steps.some((step) => step === '' || FORBIDDEN_KEYS.includes(step))) return null;
  return steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

/** Splits `network.loss=0.1`. Throws `ScenarioError` for anything else. */
export function parseOverride(text: string): Override {
  const source = `--set ${text.length > 80 ? `${text.slice(0, 80)}…` : text}`;
  const equals = text.indexOf('=');
  const steps = text.slice(0, Math.max(0, equals)).trim().split('.');
  if (equals < 0 || steps.some((step) => step === '')) {
    throw mistakeIn(source, 'this is no setting; write path=value, as in parameters.voteTimeout=2s');
  }
  const bad = steps.find((step) => FORBIDDEN_KEYS.includes(step));
  if (bad !== undefined) throw mistakeIn(source, `the key ${quote(bad)} is not allowed`);
  const path = steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  return fromCommandLine(path, settingValue(text.slice(equals + 1), source), source);
}

function settingValue(text: string, source: string): Json {
  try {
    return parseYaml(text, source).value;
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const [first, ...rest] = error.errors.map((each): Mistake => ({ ...each, line: null, column: null }));
    throw new ScenarioError([first as Mistake, ...rest]);
  }
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
  if (overrides.length === 0 || !isObject(document.value)) return document;
  const value = structuredClone(document.value) as Record<string, unknown>;
  const set = overrides.map((override) => {
    const path = fullPath(override, parameters);
    setAt(value, path, override);
    return { path, place: override.place };
  });
  return {
    file: document.file,
    value: value as Json,
    locate: (path, key) => {
      const within = set.findLast((each) => startsWith(path, each.path));
      // what the file does not have, a setting has made on its way
      const setting =
        within ?? (has(document.value, path) ? undefined : set.find((each) => startsWith(each.path, path)));
      return setting === undefined ? document.locate(path, key) : setting.place(path.slice(setting.path.length), key);
    },
  };
}

const startsWith = (path: Path, start: Path): boolean => start.every((step, i) => path[i] === step);

function has(value: unknown, path: Path): boolean {
  const [first, ...rest] = path;
  if (first === undefined) return true;
  return (
    typeof value === 'object' && value !== null && Object.hasOwn(value, first) && has(Reflect.get(value, first), rest)
  );
}

function fullPath(override: Override, parameters: readonly string[]): Path {
  const { path } = override;
  const top = keysAt([]);
  const first = String(path[0]);
  if (top.includes(first)) return path;
  if (parameters.includes(first)) return ['parameters', ...path];
  throw mistakeAt(override, `there is no ${quote(first)} to set; ${rightName(first, [...parameters, ...top])}`);
}

function setAt(root: Record<string, unknown>, path: Path, override: Override): void {
  let inner: Record<string | number, unknown> = root;
  for (const [i, step] of path.entries()) {
    if (Array.isArray(inner) && (typeof step !== 'number' || step >= inner.length)) {
      const name = quote(path.slice(0, i).join('.'));
      throw mistakeAt(override, `${name} has ${inner.length} entries, counted from 0; it has no ${quote(step)}`);
    }
    if (i === path.length - 1) {
      inner[step] = override.value;
      return;
    }
    if (inner[step] === undefined || inner[step] === null) inner[step] = {};
    const next = inner[step];
    if (!isObject(next) && !Array.isArray(next)) {
      throw mistakeAt(
        override,
        `${quote(path.slice(0, i + 1).join('.'))} is one value; it has no ${quote(path[i + 1])}`,
      );
    }
    inner = next as Record<string | number, unknown>;
  }
}
