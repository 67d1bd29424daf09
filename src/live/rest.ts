/** A pause of the loop between two events, which ends early when somebody wants something. */
export class Rest {
  #wake: (() => void) | null = null;

  take(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#wake = done;
    });
  }

  end(): void {
    this.#wake?.();
  }
}
