import { createContext } from 'svelte';

/** One line that tells what just happened, seen as a note and read out by screen readers. */
export class Announcer {
  #line = $state('');
  #timer: ReturnType<typeof setTimeout> | undefined;

  get line(): string {
    return this.#line;
  }

  /** Shows a line for a few seconds; a new one replaces it. */
  say(line: string): void {
    clearTimeout(this.#timer);
    this.#line = line;
    this.#timer = setTimeout(() => {
      this.#line = '';
    }, 6000);
  }
}

export const [useAnnouncer, provideAnnouncer] = createContext<Announcer>();
