import type { TrackKind } from '@yike/contracts/control/manifest';
import { initKey, segmentKey } from '@yike/storage/keys';
import type { ObjectStore } from '@yike/storage/object-store';
import type { Logger } from 'pino';
import { manifestSegment, trackHead } from './epoch-index.ts';
import { EpochSpool, type EpochSpoolOptions, type SpooledObject } from './epoch-spool.ts';
import { ManifestWriter } from './manifest-writer.ts';
import type { DraftEvent, EventSink } from './ports.ts';
import type { UploadLane } from './upload-lane.ts';

type StoredEvent = Extract<DraftEvent, { type: 'recording.segments-stored' }>;

export interface EpochRecordingDeps {
  readonly store: ObjectStore;
  readonly lanes: Record<TrackKind, UploadLane>;
  readonly events: EventSink;
  readonly event: Pick<StoredEvent, 'broadcastId' | 'recordingId'>;
  readonly logger: Logger;
}

/** One epoch from its first part to its final manifest in storage: spool, uploads, manifest, events. */
export class EpochRecording {
  readonly spool: EpochSpool;
  /** Nothing more will come; what was spooled may still be on its way. */
  readonly ended: Promise<undefined>;
  readonly #deps: EpochRecordingDeps;
  readonly #manifest: ManifestWriter;
  #isSpoilt = false;

  private constructor(
    deps: EpochRecordingDeps,
    options: Omit<EpochSpoolOptions, 'onObject' | 'onDamage' | 'onEnded'>,
    take: (options: EpochSpoolOptions) => EpochSpool,
  ) {
    this.#deps = deps;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.ended = promise;
    this.spool = take({
      ...options,
      onObject: (object) => this.#upload(object),
      onDamage: (error) => deps.logger.error({ err: error, ...options.place }, 'the spool refused media'),
      onEnded: () => resolve(undefined),
    });
    if (this.spool.index.ended !== null) resolve(undefined);
    this.#manifest = new ManifestWriter(deps.store, options.place, this.spool.index, deps.logger);
  }

  static begin(
    deps: EpochRecordingDeps,
    options: Omit<EpochSpoolOptions, 'onObject' | 'onDamage' | 'onEnded'>,
  ) {
    return new EpochRecording(deps, options, (all) => EpochSpool.create(all));
  }

  static recover(
    deps: EpochRecordingDeps,
    options: Omit<EpochSpoolOptions, 'onObject' | 'onDamage' | 'onEnded'>,
  ) {
    return new EpochRecording(deps, options, (all) => EpochSpool.recover(all));
  }

  get epoch(): number {
    return this.spool.place.epoch;
  }

  /** Media was lost that had been received: the disk was full, or a segment could not be stored. */
  get isDamaged(): boolean {
    return this.#isSpoilt || this.spool.index.damaged;
  }

  get hasMedia(): boolean {
    return Object.values(this.spool.index.tracks).some((track) => track.segments.length > 0);
  }

  get storedMs(): number {
    return this.spool.index.storedEndMs;
  }

  /**
   * Waits until everything is stored, and makes the manifest final.
   * @throws AbortError when `signal` gives it up
   */
  async finish(signal: AbortSignal): Promise<void> {
    await this.ended;
    const { video, audio } = this.#deps.lanes;
    await Promise.all([video.drained(), audio.drained()]);
    signal.throwIfAborted();
    const { index } = this.spool;
    if (!this.hasMedia || index.final) return;
    const { sha256, segments } = await this.#manifest.finalise(signal);
    this.spool.finalise(sha256, segments);
  }

  close(): void {
    this.#manifest.close();
    this.spool.close();
  }

  #upload(object: SpooledObject): void {
    const { kind, seq } = object;
    const place = this.spool.place;
    this.#deps.lanes[kind].push({
      key: seq === null ? initKey(place, kind) : segmentKey({ ...place, track: kind, seq }),
      file: object.file,
      bytes: object.bytes,
      sha256: object.sha256,
      contentType: kind === 'video' ? 'video/mp4' : 'audio/mp4',
      confirmed: async () => {
        await this.spool.confirm(object);
        this.#manifest.changed();
        this.#tell(kind, seq);
      },
      givenUp: () => {
        this.#isSpoilt = true;
      },
    });
  }

  #tell(kind: TrackKind, seq: number | null): void {
    const { place, index } = this.spool;
    const track = index.tracks[kind];
    if (!track || !index.anchor) return;
    const segment = track.segments.findLast((candidate) => candidate.seq === seq);
    const segments = segment ? [manifestSegment(place, kind, segment, index)] : [];
    this.#deps.events
      .emit({
        ...this.#deps.event,
        type: 'recording.segments-stored',
        epoch: place.epoch,
        timelineZeroAtMs: index.anchor.timelineZeroAtMs,
        tracks: [{ kind, track: trackHead(place, kind, track), segments }],
      })
      .catch((error: unknown) => {
        // The completion carries everything again; until then the live playlist lacks this segment.
        this.#deps.logger.error({ err: error }, 'the outbox did not take a stored segment');
      });
  }
}
