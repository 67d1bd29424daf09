/** What the picker offers: presets, and the runs that were recorded. Both are looked for when they are first asked for. */
import type { PresetInfo } from './app.ts';
import { noRuns, type Runs } from './runs.ts';

export interface Sources {
  presets(): readonly PresetInfo[] | Promise<readonly PresetInfo[]>;
  runs?(): Runs;
}

export class Choices {
  readonly #sources: Sources;
  readonly #changed: () => void;
  readonly #failed: (error: unknown) => void;
  #presets: readonly PresetInfo[] | null = null;
  #runs: Runs | null = null;

  constructor(sources: Sources, changed: () => void, failed: (error: unknown) => void) {
    this.#sources = sources;
    this.#changed = changed;
    this.#failed = failed;
  }

  get presets(): readonly PresetInfo[] {
    if (this.#presets !== null) return this.#presets;
    const found = this.#sources.presets();
    this.#presets = found instanceof Promise ? [] : found;
    if (found instanceof Promise)
      found.then((later) => {
        this.#presets = later;
        this.#changed();
      }, this.#failed);
    return this.#presets;
  }

  get runs(): Runs {
    this.#runs ??= this.#sources.runs?.() ?? noRuns;
    return this.#runs;
  }

  /** What has just been played is in the list once its recording is whole. */
  renewRuns(whole: Promise<unknown>): void {
    this.#runs = noRuns;
    whole.then(() => {
      this.#runs = null;
      this.#changed();
    });
  }
}
