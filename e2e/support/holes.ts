import type { Meters } from '../../media/src/testing/measure.ts';
import type { DownloadedReplay } from './replay-download.ts';
import { type CodedFrame, readTimeCodes } from './time-code.ts';

/** Missing media between two epochs. */
export interface Hole {
  readonly lengthMs: number;
}

/** What the playlist says is missing between the end of one epoch's picture and the beginning of the next one's. */
export function playlistHoles({ epochs, gaps }: DownloadedReplay): Hole[] {
  const tracks = epochs.map(({ tracks }) => tracks.video!);
  return tracks.slice(1).map(({ startsAtMs }, index) => {
    const before = tracks[index]!;
    const endMs = before.startsAtMs + before.durationMs;
    const stated = gaps.video.filter(({ fromMs, toMs }) => fromMs >= endMs - 5 && toMs <= startsAtMs + 5);
    return { lengthMs: stated.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0) };
  });
}

/** Where the playlists have neither picture nor sound, between epochs. */
export function silentAndDark({ gaps }: DownloadedReplay): Hole[] {
  return gaps.video.flatMap((dark) =>
    gaps.audio.flatMap((silent) => {
      const lengthMs = Math.min(dark.toMs, silent.toMs) - Math.max(dark.fromMs, silent.fromMs);
      return lengthMs > 0 ? [{ lengthMs }] : [];
    }),
  );
}

/**
 * What is really missing: from the wall clock drawn in the last picture of an epoch (and its length) to that in the first of the next.
 * @param nearMs a moment of the broadcast, unix ms
 */
export async function realHoles(
  meters: Meters,
  { epochs }: DownloadedReplay,
  nearMs: number,
): Promise<Hole[]> {
  const read = await Promise.all(
    epochs.map(({ tracks }) => readTimeCodes(meters, tracks.video!.file, nearMs)),
  );
  return read.slice(1).map((after, index) => {
    const before = read[index]!;
    return { lengthMs: drawnAt(after[0]) - drawnAt(before.at(-1)) - usualStepMs(before) };
  });
}

function drawnAt(frame: CodedFrame | undefined): number {
  if (frame?.drawnAtMs == null) throw new Error('the time code cannot be read');
  return frame.drawnAtMs;
}

/** The median time from one picture to the next. */
function usualStepMs(frames: readonly CodedFrame[]): number {
  const steps = frames.slice(1).map((frame, index) => drawnAt(frame) - drawnAt(frames[index]));
  return steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
}
