/** Loudness of a moment, both 0–1 of full scale. */
export interface Level {
  readonly peak: number;
  readonly rms: number;
}

/** The meter's quiet end; speech is about -30 to -10 dBFS. */
const FLOOR_DB = -60;

/** How far the meter is filled, 0–1: loudness is heard in decibels, so a linear bar would lie at the bottom. */
export function fillOf(rms: number): number {
  if (rms <= 0) return 0;
  return Math.min(1, Math.max(0, 1 - (20 * Math.log10(rms)) / FLOOR_DB));
}

/** `silent`: nothing arrives at all (a muted or dead microphone); `loud`: it clips. */
export type LoudnessVerdict = 'silent' | 'quiet' | 'good' | 'loud';

/** @param recent the last few seconds of levels, oldest first */
export function judgeLoudness(recent: readonly Level[]): LoudnessVerdict {
  const peak = Math.max(0, ...recent.map((level) => level.peak));
  if (peak < 0.0015) return 'silent';
  if (recent.filter((level) => level.peak >= 0.995).length > recent.length / 10) return 'loud';
  return peak < 0.02 ? 'quiet' : 'good';
}
