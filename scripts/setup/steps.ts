/** Where lines for a person go. */
export type Say = (line: string) => void;

/** One finished step of a set-up. */
export interface Step {
  name: string;
  seconds: number;
  /** What was done, in a few words; empty where the name says it all. */
  note: string;
}

/** Names and times the steps of a set-up, on the console and for a table. Steps may run side by side. */
export class Steps {
  readonly finished: Step[] = [];
  readonly #say: Say;

  constructor(say: Say) {
    this.#say = say;
  }

  /**
   * Runs one step and prints its name, time and note when it is done. What fails, fails the set-up.
   * @param work may return its result with a note: `[result, note]`
   */
  async run<T>(name: string, work: (say: Say) => Promise<[result: T, note: string]>): Promise<T> {
    const begun = performance.now();
    const [result, note] = await work((line) => this.#say(`  … ${line}`));
    const step = { name, seconds: (performance.now() - begun) / 1_000, note };
    this.finished.push(step);
    this.#say(formatStep(step));
    return result;
  }
}

/** One line of the table: `  ✓ database            1.4 s  migrated`. */
export function formatStep({ name, seconds, note }: Step): string {
  return `  ✓ ${name.padEnd(16)} ${seconds.toFixed(1).padStart(6)} s  ${note}`.trimEnd();
}

/** Reads a line of the table back (the `setup` bench watches a real start); `undefined` for any other line. */
export function parseStep(line: string): Step | undefined {
  const match = /^ {2}✓ (.+?) +(\d+\.\d) s(?: {2}(.*))?$/.exec(line);
  if (match === null) return undefined;
  return { name: match[1] ?? '', seconds: Number(match[2]), note: match[3] ?? '' };
}
