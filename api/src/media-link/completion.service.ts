import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { MediaEventOf } from '@yike/contracts/control/events';
import { EpochManifest } from '@yike/contracts/control/manifest';
import { LineageId } from '@yike/contracts/ids';
import { NotFound as ObjectNotFound } from '@yike/storage/errors';
import type { ObjectStore } from '@yike/storage/object-store';
import { DomainError, NotFound } from '../domain/domain-error.ts';
import { replayCut } from '../domain/recording.ts';
import { type BroadcastView, BroadcastsService } from '../features/broadcasts/broadcasts.service.ts';
import { LecturesService } from '../features/lectures/lectures.service.ts';
import { ReplaysService } from '../features/library/replays.service.ts';
import { type ReadManifest, TimelineRecorder } from '../features/timelines/timeline-recorder.ts';
import { TimelinesService } from '../features/timelines/timelines.service.ts';
import type { Tx } from '../platform/database/unit-of-work.ts';
import { OBJECT_STORE } from '../platform/tokens.ts';

type Completed = MediaEventOf<'recording.completed'>;

/** The manifest in storage is not the one that the event names. */
class ManifestWrong extends DomainError {
  readonly code = 'conflict';
}

/** The end of a recording: its index is made anew from the manifests, and its replay can be played. */
@Injectable()
export class CompletionService {
  constructor(
    private readonly broadcasts: BroadcastsService,
    private readonly lectures: LecturesService,
    private readonly recorder: TimelineRecorder,
    private readonly timelines: TimelinesService,
    private readonly replays: ReplaysService,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  /** The manifests that the event names, checked. @throws ManifestWrong; a retryable StorageError */
  read(event: Completed): Promise<ReadManifest[]> {
    return Promise.all(event.epochs.map((epoch) => this.readOne(event, epoch)));
  }

  async complete(event: Completed, manifests: readonly ReadManifest[], tx: Tx): Promise<void> {
    const lineageId = LineageId.parse(event.recordingId);
    const isNew = await this.recorder.complete(lineageId, manifests, event.degraded, tx);
    if (!isNew) return;
    const broadcast = await this.broadcasts.complete(event.broadcastId, tx);
    await this.publishReplay(broadcast, lineageId, tx);
  }

  private async publishReplay(broadcast: BroadcastView, lineageId: LineageId, tx: Tx): Promise<void> {
    const timeline = await this.timelines.facts(lineageId, tx);
    const lecture = await this.lectures.facts(broadcast.lectureId, tx);
    if (timeline === null || lecture === null) throw new NotFound('the lecture of the recording is gone');
    const trimMs =
      broadcast.trimAt === null || timeline.zeroAtMs === null
        ? null
        : broadcast.trimAt.getTime() - timeline.zeroAtMs;
    const cut = replayCut(timeline.recorded, trimMs);
    if (cut.length === 0) return; // Nothing was recorded: there is nothing to play.
    const courseId = await this.replays.publish({ lecture, lineageId, cut }, tx);
    await this.lectures.replayPublished(lecture.id, courseId, tx);
  }

  private async readOne(event: Completed, named: Completed['epochs'][number]): Promise<ReadManifest> {
    const bytes = await this.store.getBuffer(named.manifestKey).catch((error: unknown) => {
      if (error instanceof ObjectNotFound)
        throw new ManifestWrong(`there is no ${named.manifestKey}`, { cause: error });
      throw error;
    });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (sha256 !== named.manifestSha256) throw new ManifestWrong(`${named.manifestKey} has another hash`);
    const manifest = parseManifest(bytes, named.manifestKey);
    const isThis = manifest.recordingId === String(event.recordingId) && manifest.epoch === named.epoch;
    if (!isThis) throw new ManifestWrong(`${named.manifestKey} is of another recording or epoch`);
    return { key: named.manifestKey, sha256, manifest };
  }
}

function parseManifest(bytes: Buffer, key: string): EpochManifest {
  try {
    return EpochManifest.parse(JSON.parse(bytes.toString('utf8')));
  } catch (error) {
    throw new ManifestWrong(`${key} is no manifest`, { cause: error });
  }
}
