import type { MediaEvent } from '@yike/contracts/control/events';
import type { TrackKind } from '@yike/contracts/control/manifest';

/** A track's `ftyp` + `moov`, served unchanged. */
export interface TrackInit {
  readonly kind: TrackKind;
  /** RFC 6381, read from the init itself. */
  readonly codec: string;
  readonly width?: number;
  readonly height?: number;
  readonly bytes: Buffer;
}

/**
 * One CMAF part of a track: `moof` + `mdat`. Times are integer milliseconds of the epoch's media clock, rounded from absolute
 * media time, so that one part's `endMs` is the next one's `startMs` and nothing drifts.
 */
export interface MediaPart {
  readonly kind: TrackKind;
  readonly startMs: number;
  readonly endMs: number;
  /** Begins with a key frame; always so for audio. */
  readonly independent: boolean;
  /** The first part of a new segment: whatever came before it in this track is a whole segment now. */
  readonly opensSegment: boolean;
  readonly bytes: Buffer;
}

/** Where an epoch's media goes. Called in order: `started` once, `init` once a track, then parts; `ended` once. */
export interface EpochSink {
  /**
   * @param zeroAtMs wall clock of media time 0 of both tracks, ms since 1970
   * @param kinds the tracks that will come
   */
  started(zeroAtMs: number, kinds: readonly TrackKind[]): void;
  init(init: TrackInit): void;
  part(part: MediaPart): void;
  /** No part follows. `killed`: the process died, what is here is all there is. */
  ended(how: 'finished' | 'killed'): void;
}

/** Where an epoch lies. */
export interface EpochAnchor {
  readonly timelineZeroAtMs: number;
  /** Timeline ms of its media time 0. */
  readonly epochStartMs: number;
}

/** A track of an epoch that an earlier process has recorded. Times are ms of the epoch's media clock. */
export interface RestoredTrack {
  readonly init: TrackInit;
  readonly segments: readonly {
    readonly seq: number;
    readonly startMs: number;
    readonly endMs: number;
    /** Null where only storage has them. */
    readonly bytes: Buffer | null;
  }[];
}

/** Where one broadcast's media goes beside its recording, for those who watch it now. */
export interface LiveOutput {
  /**
   * The next epoch's media, which the spool has had already.
   * @param anchor null until the epoch is placed
   */
  begin(epoch: number, anchor: () => EpochAnchor | null): EpochSink;
  /** What an earlier process has recorded: epochs in order, before the first `begin`. */
  restore(epoch: number, anchor: EpochAnchor, tracks: Partial<Record<TrackKind, RestoredTrack>>): void;
  /** The broadcast is over; idempotent. */
  end(): void;
}

/** The live side of all broadcasts of a node. */
export interface LiveOutputs {
  open(broadcastId: string): LiveOutput;
}

type OwnFields = 'id' | 'nodeId' | 'n' | 'atMs';
/** An event before the outbox gives it its id, its number and the time. */
export type DraftEvent = MediaEvent extends infer E
  ? E extends MediaEvent
    ? Omit<E, OwnFields>
    : never
  : never;

/** The durable outbox as the recorder sees it: resolved when the event is on disk. */
export interface EventSink {
  emit(event: DraftEvent): Promise<void>;
}
