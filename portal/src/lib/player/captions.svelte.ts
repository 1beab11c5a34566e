import { Locale } from '@yike/contracts/http/accounts';
import { captionsAddress, type Cue, readCues, textAt } from './captions.ts';

/** On this device: the language last chosen, or that none is wanted. */
const KEPT = 'yike-captions';
const NONE = 'none';

/** The captions of what is played: which are offered, which are wanted, and what they say. */
export class Captions {
  readonly #offered: () => readonly Locale[];
  readonly #pageLanguage: () => Locale;
  /** Null where none are wanted. */
  #wanted = $state<Locale | null>(null);
  #cues = $state.raw<readonly Cue[]>([]);

  constructor(offered: () => readonly Locale[], pageLanguage: () => Locale) {
    this.#offered = offered;
    this.#pageLanguage = pageLanguage;
  }

  get offered(): readonly Locale[] {
    return this.#offered();
  }

  /** Null where none are shown. */
  get shown(): Locale | null {
    return this.#wanted !== null && this.offered.includes(this.#wanted) ? this.#wanted : null;
  }

  /** What was chosen here before. In the browser alone. */
  recall(): void {
    this.#wanted = Locale.safeParse(localStorage.getItem(KEPT)).data ?? null;
  }

  choose(language: Locale | null): void {
    this.#wanted = language;
    localStorage.setItem(KEPT, language ?? NONE);
  }

  /** On in the page's language where there is one; off. */
  toggle(): void {
    const [first = null] = this.offered;
    const own = this.offered.find((language) => language === this.#pageLanguage()) ?? first;
    this.choose(this.shown === null ? own : null);
  }

  /** Fetches the captions that belong to a session; without them the film goes on. */
  async load(playlistUrl: string, language: Locale, signal: AbortSignal): Promise<void> {
    this.#cues = [];
    try {
      const file = await fetch(captionsAddress(playlistUrl, language), { signal });
      if (file.ok) this.#cues = readCues(await file.text());
    } catch (cause) {
      if (!signal.aborted) console.warn('the captions could not be had', cause);
    }
  }

  textAt(timelineMs: number): string {
    return textAt(this.#cues, timelineMs);
  }
}
