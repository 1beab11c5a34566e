/** Ms from nothing to the end of each step of a join; `picture` is the last. */
export type Steps = Readonly<Record<string, number>> & { readonly picture: number };

/** In a page: notes when the steps of a join end. */
export class Stopwatch {
  readonly #startedAt = performance.now();
  readonly #steps: Record<string, number> = {};

  note(step: string): void {
    this.#steps[step] ??= performance.now() - this.#startedAt;
  }

  /** @param pictureAt by the page's clock */
  stop(pictureAt: number): Steps {
    return { ...this.#steps, picture: pictureAt - this.#startedAt };
  }
}
