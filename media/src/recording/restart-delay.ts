const DELAYS_MS = [0, 500, 1_000, 2_000, 5_000] as const;

/** How long to wait before the next recorder, after so many that died within 10 s of their start. */
export function restartDelayMs(deaths: number): number {
  return DELAYS_MS[Math.min(deaths, DELAYS_MS.length - 1)] ?? 0;
}
