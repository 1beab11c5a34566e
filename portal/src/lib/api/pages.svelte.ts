import { ApiProblem } from './call.ts';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** A paged list that grows as the reader asks for more; what is there stays when a page cannot be fetched. */
export class Pages<Item> {
  #items = $state.raw<readonly Item[]>([]);
  #nextCursor = $state<string | null>(null);
  #isFetching = $state(false);
  #problem = $state.raw<ApiProblem | null>(null);
  readonly #fetchPage: (cursor: string) => Promise<Page<Item>>;

  /** @param fetchPage throws {@link ApiProblem} only */
  constructor(first: Page<Item>, fetchPage: (cursor: string) => Promise<Page<Item>>) {
    this.#items = first.items;
    this.#nextCursor = first.nextCursor;
    this.#fetchPage = fetchPage;
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  get hasMore(): boolean {
    return this.#nextCursor !== null;
  }

  get isFetching(): boolean {
    return this.#isFetching;
  }

  get problem(): ApiProblem | null {
    return this.#problem;
  }

  async more(): Promise<void> {
    if (this.#nextCursor === null || this.#isFetching) return;
    this.#isFetching = true;
    this.#problem = null;
    try {
      const page = await this.#fetchPage(this.#nextCursor);
      this.#items = [...this.#items, ...page.items];
      this.#nextCursor = page.nextCursor;
    } catch (cause) {
      if (!(cause instanceof ApiProblem)) throw cause;
      this.#problem = cause;
    } finally {
      this.#isFetching = false;
    }
  }
}
