/** How many are answered together at most. */
const MOST = 1_000;

interface Waiting<Q, A> {
  readonly question: Q;
  readonly resolve: (answer: A) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers what is asked one by one within a turn of the event loop, and asks it together.
 * @example const names = new Gather((ids: Id[]) => repository.namesOf(ids)); await names.ask(id);
 */
export class Gather<Q, A> {
  readonly #answerAll: (questions: readonly Q[]) => Promise<readonly A[]>;
  #waiting: Waiting<Q, A>[] = [];

  /** @param answerAll gives the answers in the order of the questions; where it throws, everyone who asked is told */
  constructor(answerAll: (questions: readonly Q[]) => Promise<readonly A[]>) {
    this.#answerAll = answerAll;
  }

  ask(question: Q): Promise<A> {
    if (this.#waiting.length === 0) setImmediate(() => this.#flush());
    return new Promise((resolve, reject) => this.#waiting.push({ question, resolve, reject }));
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let from = 0; from < waiting.length; from += MOST)
      void this.#settle(waiting.slice(from, from + MOST));
  }

  async #settle(some: readonly Waiting<Q, A>[]): Promise<void> {
    try {
      const answers = await this.#answerAll(some.map(({ question }) => question));
      if (answers.length !== some.length) throw new Error('not everyone who asked was answered');
      // As many answers as questions.
      for (const [index, { resolve }] of some.entries()) resolve(answers[index] as A);
    } catch (error) {
      for (const { reject } of some) reject(error);
    }
  }
}
