import { Injectable } from '@nestjs/common';
import type { TrackKind } from '@yike/contracts/control/manifest';
import type { LineageId } from '@yike/contracts/ids';
import { hull, type IntervalSet } from '../../domain/intervals.ts';
import type { PlaylistEpoch, PlaylistSegment } from '../../domain/playlists.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import type { TimelineEntity } from './timeline.entity.ts';
import { TimelinesRepository } from './timelines.repository.ts';

export interface TimelineFacts {
  readonly lineageId: LineageId;
  readonly kind: 'recording' | 'asset';
  /** No more media will come. */
  readonly isFinal: boolean;
  /** Wall clock of timeline 0, unix ms; null before the first media. */
  readonly zeroAtMs: number | null;
  /** Where media exists, in timeline ms. */
  readonly recorded: IntervalSet;
  /** Where the last media ends. */
  readonly endMs: number;
}

/** What playlists are written from. */
export interface TimelineMedia {
  readonly facts: TimelineFacts;
  readonly epochs: readonly PlaylistEpoch[];
  readonly segments: readonly PlaylistSegment[];
}

/** What is known of timelines. */
@Injectable()
export class TimelinesService {
  constructor(
    private readonly timelines: TimelinesRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Null for an unknown lineage. */
  async facts(lineageId: LineageId, tx: Tx = this.unitOfWork.reader): Promise<TimelineFacts | null> {
    return (await this.factsOfMany([lineageId], tx)).get(lineageId) ?? null;
  }

  /** Those that exist, by id. */
  async factsOfMany(
    ids: readonly LineageId[],
    tx: Tx = this.unitOfWork.reader,
  ): Promise<Map<LineageId, TimelineFacts>> {
    const timelines = await this.timelines.byIds(ids, tx);
    return new Map(timelines.map((timeline) => [timeline.id, factsOf(timeline)]));
  }

  /** Null for an unknown lineage. */
  async media(lineageId: LineageId): Promise<TimelineMedia | null> {
    const tx = this.unitOfWork.reader;
    const facts = await this.facts(lineageId, tx);
    if (facts === null) return null;
    const [epochs, segments] = await Promise.all([
      this.timelines.epochs(lineageId, tx),
      this.timelines.segments(lineageId, tx),
    ]);
    return { facts, epochs, segments };
  }

  /** The key of an epoch's init segment; null where there is none. */
  async initKey(lineageId: LineageId, epoch: number, track: TrackKind): Promise<string | null> {
    const row = await this.timelines.epoch(lineageId, epoch, this.unitOfWork.reader);
    return row?.tracks[track]?.initKey ?? null;
  }
}

const factsOf = ({ id, kind, state, zeroAtMs, recorded }: TimelineEntity): TimelineFacts => ({
  lineageId: id,
  kind,
  isFinal: state === 'final',
  zeroAtMs,
  recorded,
  endMs: hull(recorded)?.toMs ?? 0,
});
