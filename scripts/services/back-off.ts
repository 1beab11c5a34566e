const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** A service that has run this long is taken for sound again: its earlier deaths are forgotten. */
export const STEADY_AFTER_MS = 60_000;

/**
 * How long to wait before a service is started again: not at all the first time, then twice as long each time.
 * @param deaths how often it has died since it was last steady, this time included
 */
export function restartDelayMs(deaths: number): number {
  return deaths <= 1 ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (deaths - 2), LONGEST_WAIT_MS);
}
