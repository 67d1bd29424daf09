/** `--set path=value`: changes a scenario before it is resolved. The value is read as YAML. */
import { isObject, type Json } from '../core/json.ts';
import { type Mistake, mistakeIn, quote, ScenarioError } from './errors.ts';
import { rightName } from './nearest.ts';
import { keysAt } from './shape.ts';
import { FORBIDDEN_KEYS, type Path, parseYaml, type SourceDocument } from './yaml-document.ts';

export interface Override {
  readonly path: Path;
  readonly value: Json;
  /** what errors call it: `--set network.loss=7` */
  readonly source: string;
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
  return {
    source,
    path: steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step)),
    value: settingValue(text.slice(equals + 1), source),
  };
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
    return { path, source: override.source };
  });
  return {
    file: document.file,
    value: value as Json,
    locate: (path, key) => {
      const within = set.findLast((each) => startsWith(path, each.path));
      // what the file does not have, a setting has made on its way
      const setting = within ?? (has(document.value, path) ? undefined : set.find((each) => startsWith(each.path, path)));
      return setting === undefined ? document.locate(path, key) : { file: setting.source, line: null, column: null };
    },
  };
}

const startsWith = (path: Path, start: Path): boolean => start.every((step, i) => path[i] === step);

function has(value: unknown, path: Path): boolean {
  const [first, ...rest] = path;
  if (first === undefined) return true;
  return typeof value === 'object' && value !== null && Object.hasOwn(value, first) && has(Reflect.get(value, first), rest);
}

function fullPath({ path, source }: Override, parameters: readonly string[]): Path {
  const top = keysAt([]);
  const first = String(path[0]);
  if (top.includes(first)) return path;
  if (parameters.includes(first)) return ['parameters', ...path];
  throw mistakeIn(source, `there is no ${quote(first)} to set; ${rightName(first, [...parameters, ...top])}`);
}

function setAt(root: Record<string, unknown>, path: Path, { value, source }: Override): void {
  let inner: Record<string | number, unknown> = root;
  for (const [i, step] of path.entries()) {
    if (Array.isArray(inner) && (typeof step !== 'number' || step >= inner.length)) {
      const name = quote(path.slice(0, i).join('.'));
      throw mistakeIn(source, `${name} has ${inner.length} entries, counted from 0; it has no ${quote(step)}`);
    }
    if (i === path.length - 1) {
      inner[step] = value;
      return;
    }
    if (inner[step] === undefined || inner[step] === null) inner[step] = {};
    const next = inner[step];
    if (!isObject(next) && !Array.isArray(next)) {
      throw mistakeIn(source, `${quote(path.slice(0, i + 1).join('.'))} is one value; it has no ${quote(path[i + 1])}`);
    }
    inner = next as Record<string | number, unknown>;
  }
}
