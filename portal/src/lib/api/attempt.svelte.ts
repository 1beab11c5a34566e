import { ApiProblem } from './call.ts';

/** One thing that a person tries, and what came of it: for buttons that wait and words that tell why not. */
export class Attempt {
  #isBusy = $state(false);
  #problem = $state.raw<ApiProblem | null>(null);

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Why the last try failed; null before the first, and while it is tried again. */
  get problem(): ApiProblem | null {
    return this.#problem;
  }

  /** Whether it came off. @throws whatever is no answer of the API */
  async run(work: () => Promise<void>): Promise<boolean> {
    this.#isBusy = true;
    this.#problem = null;
    try {
      await work();
      return true;
    } catch (cause) {
      if (!(cause instanceof ApiProblem)) throw cause;
      this.#problem = cause;
      return false;
    } finally {
      this.#isBusy = false;
    }
  }

  forget(): void {
    this.#problem = null;
  }
}
