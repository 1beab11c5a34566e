import { Injectable } from '@nestjs/common';
import type { TrackKind } from '@yike/contracts/control/manifest';
import type { LineageId } from '@yike/contracts/ids';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { TimelinesRepository } from './timelines.repository.ts';

/** A segment's name in playlists and proofs: `<epoch>/<track>/<seq>`. */
export const segmentName = ({
  epoch,
  track,
  seq,
}: {
  epoch: number;
  track: TrackKind;
  seq: number;
}): string => `${epoch}/${track}/${seq}`;

export interface IndexedSegment {
  readonly name: string;
  readonly track: TrackKind;
  /** Timeline ms, half-open. */
  readonly startMs: number;
  readonly endMs: number;
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly objectKey: string;
}

const NAME = /^(\d{1,7})\/(video|audio)\/(\d{1,7})$/;

/** Finds segments by the names that players use. */
@Injectable()
export class SegmentIndex {
  constructor(
    private readonly timelines: TimelinesRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Those that exist, by name, in one query. Names that are none are not found. */
  async find(
    lineageId: LineageId,
    names: readonly string[],
    tx: Tx = this.unitOfWork.reader,
  ): Promise<Map<string, IndexedSegment>> {
    const places = [...new Set(names)].flatMap((name) => {
      const [, epoch, track, seq] = NAME.exec(name) ?? [];
      // The expression lets only the two words through.
      return track === undefined
        ? []
        : [{ epoch: Number(epoch), track: track as TrackKind, seq: Number(seq) }];
    });
    const segments = await this.timelines.segmentsAt(lineageId, places, tx);
    return new Map(
      segments.map((segment) => {
        const name = segmentName(segment);
        const { track, startMs, durationMs, sha256, bytes, objectKey } = segment;
        const endMs = startMs + durationMs;
        return [name, { name, track, startMs, endMs, sha256: sha256.toString('hex'), bytes, objectKey }];
      }),
    );
  }
}
