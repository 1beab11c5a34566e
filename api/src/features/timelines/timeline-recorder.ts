import { Injectable } from '@nestjs/common';
import { EpochManifest, type ManifestSegment, type TrackKind } from '@yike/contracts/control/manifest';
import type { LineageId } from '@yike/contracts/ids';
import { NotFound } from '../../domain/domain-error.ts';
import { recordedRanges, type RecordedSegment } from '../../domain/recording.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import type { EpochTrack } from './recorder-epoch.entity.ts';
import { TimelinesRepository } from './timelines.repository.ts';

export interface StoredTrack {
  readonly kind: TrackKind;
  readonly track: EpochTrack;
  readonly segments: readonly ManifestSegment[];
}

/** A manifest as it was read, with where it lies and its hash. */
export interface ReadManifest {
  readonly key: string;
  readonly sha256: string;
  readonly manifest: EpochManifest;
}

/** Writes the index while a recording runs, and anew from the manifests when it is complete. */
@Injectable()
export class TimelineRecorder {
  constructor(private readonly timelines: TimelinesRepository) {}

  async begin(id: LineageId, kind: 'recording' | 'asset', tx: Tx): Promise<void> {
    await this.timelines.insert({ id, kind, state: 'running', zeroAtMs: null }, tx);
  }

  /** The first epoch defines where the timeline's 0 is; later ones keep to it. */
  async defineZero(id: LineageId, zeroAtMs: number, tx: Tx): Promise<void> {
    await this.timelines.defineZero(id, zeroAtMs, tx);
  }

  /** Adds what storage has confirmed; what is known already, and what comes after the end, changes nothing. */
  async addSegments(id: LineageId, epoch: number, tracks: readonly StoredTrack[], tx: Tx): Promise<void> {
    const timeline = await this.timelines.lock(id, tx);
    if (timeline === null) throw new NotFound('there is no such recording');
    if (timeline.state === 'final') return;
    await this.timelines.ensureEpoch(id, epoch, tx);
    for (const { kind, track, segments } of tracks) {
      await this.timelines.setTrack(id, epoch, kind, track, tx);
      await this.timelines.insertSegments(id, { epoch, track: kind }, segments, tx);
    }
    const added = tracks.flatMap(({ kind, segments }) => asRecorded(epoch, kind, segments));
    await this.timelines.setRecorded(id, recordedRanges(added, timeline.recorded), tx);
  }

  /** Replaces the index of the manifests' epochs by what they say, and closes the timeline. Returns false if it was closed already. */
  async complete(
    id: LineageId,
    manifests: readonly ReadManifest[],
    degraded: boolean,
    tx: Tx,
  ): Promise<boolean> {
    const timeline = await this.timelines.lock(id, tx);
    if (timeline === null) throw new NotFound('there is no such recording');
    if (timeline.state === 'final') return false;
    for (const read of manifests) await this.replaceEpoch(id, read, tx);
    const segments = await this.timelines.segments(id, tx);
    await this.timelines.finish(id, { recorded: recordedRanges(segments), degraded }, tx);
    return true;
  }

  /**
   * Makes the index of a timeline anew from all its manifests, whether it knew of it or not. What is not known to be final is only
   * added to: its recorder may be ahead of its manifest.
   */
  async rebuild(
    id: LineageId,
    kind: 'recording' | 'asset',
    manifests: readonly ReadManifest[],
    tx: Tx,
  ): Promise<void> {
    const known = await this.timelines.lock(id, tx);
    if (known === null) await this.begin(id, kind, tx);
    const isWhole = manifests.every(({ manifest }) => manifest.state === 'final');
    const isOver = known === null ? isWhole : known.state === 'final';
    if (isOver)
      await this.timelines.deleteOtherEpochs(
        id,
        manifests.map(({ manifest }) => manifest.epoch),
        tx,
      );
    for (const read of manifests) {
      if (isOver) await this.replaceEpoch(id, read, tx);
      else await this.addManifest(id, read.manifest, tx);
    }
    const recorded = recordedRanges(await this.timelines.segments(id, tx));
    if (isOver) await this.timelines.finish(id, { recorded, degraded: known?.degraded ?? false }, tx);
    else await this.timelines.setRecorded(id, recorded, tx);
  }

  private async addManifest(
    id: LineageId,
    { epoch, timelineZeroAtMs, tracks }: EpochManifest,
    tx: Tx,
  ): Promise<void> {
    await this.timelines.defineZero(id, timelineZeroAtMs, tx);
    const stored = (['video', 'audio'] as const).flatMap((kind) => {
      const { [kind]: whole } = tracks;
      if (whole === undefined) return [];
      const { segments, ...track } = whole;
      return [{ kind, track, segments }];
    });
    await this.addSegments(id, epoch, stored, tx);
  }

  private async replaceEpoch(id: LineageId, { key, sha256, manifest }: ReadManifest, tx: Tx): Promise<void> {
    const { epoch } = manifest;
    await this.timelines.ensureEpoch(id, epoch, tx);
    await this.timelines.setManifest(id, epoch, { key, sha256 }, tx);
    await this.timelines.defineZero(id, manifest.timelineZeroAtMs, tx);
    for (const kind of ['video', 'audio'] as const) {
      const track = manifest.tracks[kind];
      await this.timelines.deleteOtherSegments(id, { epoch, track: kind }, track?.segments ?? [], tx);
      if (track === undefined) continue;
      const { segments, ...facts } = track;
      await this.timelines.setTrack(id, epoch, kind, facts, tx);
      await this.timelines.insertSegments(id, { epoch, track: kind }, segments, tx);
    }
  }
}

const asRecorded = (
  epoch: number,
  track: TrackKind,
  segments: readonly ManifestSegment[],
): RecordedSegment[] =>
  segments.map(({ seq, startMs, durationMs }) => ({ epoch, track, seq, startMs, durationMs }));
