import type { PlaybackId } from '@yike/contracts/ids';
import type { Interval } from '../../domain/intervals.ts';

/** One request of a segment that was answered with its address: a request, not yet a delivery. */
export interface SegmentRequest {
  readonly playbackId: PlaybackId;
  /** When that was opened, unix ms. */
  readonly openedAtMs: number;
  /** `<epoch>/<track>/<seq>`, as in the playlist and in a `SegmentProof`. */
  readonly segment: string;
  /** What it shows of the timeline. */
  readonly media: Interval;
  readonly atMs: number;
}

/** Remembers which segments a playback asked for, and when. The viewing feature provides it. */
export abstract class SegmentRequestSink {
  /** Called for every segment: it only takes note, and writes later. */
  abstract requested(request: SegmentRequest): void;
}
