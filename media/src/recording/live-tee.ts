import type { TrackKind } from '@yike/contracts/control/manifest';
import type { Logger } from 'pino';
import type { EpochSpool } from './epoch-spool.ts';
import type { EpochSink, LiveOutput, MediaPart, RestoredTrack, TrackInit } from './ports.ts';

/** Hands an epoch to its spool first, then to those who watch. What goes wrong with these never harms the recording. */
export class LiveTee implements EpochSink {
  readonly #spool: EpochSpool;
  readonly #live: EpochSink;
  readonly #logger: Logger;

  constructor(spool: EpochSpool, live: LiveOutput, logger: Logger) {
    this.#spool = spool;
    this.#live = live.begin(spool.place.epoch, () => spool.index.anchor);
    this.#logger = logger;
  }

  started(zeroAtMs: number, kinds: readonly TrackKind[]): void {
    this.#spool.started(zeroAtMs);
    this.#tell(() => this.#live.started(zeroAtMs, kinds));
  }

  init(init: TrackInit): void {
    this.#spool.init(init);
    this.#tell(() => this.#live.init(init));
  }

  part(part: MediaPart): void {
    this.#spool.part(part);
    this.#tell(() => this.#live.part(part));
  }

  ended(how: 'finished' | 'killed'): void {
    this.#spool.ended(how);
    this.#tell(() => this.#live.ended(how));
  }

  #tell(say: () => void): void {
    try {
      say();
    } catch (error) {
      this.#logger.error({ err: error, ...this.#spool.place }, 'the live stream refused media');
    }
  }
}

/** Gives an epoch that was taken up from the spool to those who watch: all its segments, and the bytes of those that are still here. */
export function restoreLive(spool: EpochSpool, live: LiveOutput): void {
  const { index, place } = spool;
  if (!index.anchor) return;
  const tracks: Partial<Record<TrackKind, RestoredTrack>> = {};
  for (const kind of ['video', 'audio'] as const) {
    const track = index.tracks[kind];
    if (!track) continue;
    const bytes = spool.read(kind, null);
    const { codec, width, height } = track;
    const size = width === undefined || height === undefined ? {} : { width, height };
    tracks[kind] = {
      init: { kind, codec, ...size, bytes: bytes ?? Buffer.alloc(0) },
      segments: track.segments.map(({ seq, startMs, endMs, stored }) => {
        const isHere = bytes !== null && !stored;
        return { seq, startMs, endMs, bytes: isHere ? spool.read(kind, seq) : null };
      }),
    };
  }
  live.restore(place.epoch, index.anchor, tracks);
}
