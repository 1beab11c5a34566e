import { Injectable } from '@nestjs/common';
import type { LineageId } from '@yike/contracts/ids';
import { hull, type IntervalSet } from '../../domain/intervals.ts';
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
  async factsOfMany(ids: readonly LineageId[], tx: Tx = this.unitOfWork.reader): Promise<Map<LineageId, TimelineFacts>> {
    const timelines = await this.timelines.byIds(ids, tx);
    return new Map(timelines.map((timeline) => [timeline.id, factsOf(timeline)]));
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
