import { ApiProblem } from '#lib/api/call.ts';

/** Asks a person again who they are where an act needs it, and does the act then. Shown by `StepUpDialog`. */
export class StepUp {
  #isAsking = $state(false);
  #answer: ((isConfirmed: boolean) => void) | undefined;

  get isAsking(): boolean {
    return this.#isAsking;
  }

  /**
   * Does the act, after a second proof where the API asks for one.
   * @returns null where the person did not want to give it
   * @throws {ApiProblem} what the act is refused for otherwise
   */
  async run<T>(act: () => Promise<T>): Promise<T | null> {
    try {
      return await act();
    } catch (cause) {
      if (!(cause instanceof ApiProblem) || cause.code !== 'step-up-needed') throw cause;
    }
    const isConfirmed = await new Promise<boolean>((resolve) => {
      this.#answer = resolve;
      this.#isAsking = true;
    });
    return isConfirmed ? act() : null;
  }

  /** To be called by the dialog. */
  answer(isConfirmed: boolean): void {
    this.#isAsking = false;
    this.#answer?.(isConfirmed);
    this.#answer = undefined;
  }
}
