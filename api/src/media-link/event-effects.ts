import { Injectable } from '@nestjs/common';
import type { MediaEvent, MediaEventOf } from '@yike/contracts/control/events';
import { LineageId } from '@yike/contracts/ids';
import { NotFound } from '../domain/domain-error.ts';
import { BroadcastsService } from '../features/broadcasts/broadcasts.service.ts';
import { TimelineRecorder } from '../features/timelines/timeline-recorder.ts';
import type { Tx } from '../platform/database/unit-of-work.ts';
import { CompletionService } from './completion.service.ts';
import { DeliverySink } from './delivery-sink.ts';

/** What an event does: in the transaction that takes it, and once that is committed. */
export interface Effect {
  apply(tx: Tx): Promise<void>;
  afterCommit(): Promise<void>;
}

/** What each kind of event means here. */
@Injectable()
export class EventEffects {
  constructor(
    private readonly broadcasts: BroadcastsService,
    private readonly recorder: TimelineRecorder,
    private readonly completion: CompletionService,
    private readonly delivery: DeliverySink,
  ) {}

  /**
   * Reads what the event needs from object storage, before the transaction.
   * @throws NotFound for a broadcast that is not ours, ManifestWrong; a retryable StorageError
   */
  async prepare(event: MediaEvent): Promise<Effect> {
    await this.assertKnown(event);
    const { broadcastId } = event;
    const announced = (apply: (tx: Tx) => Promise<void>): Effect => ({
      apply,
      afterCommit: () => this.broadcasts.announce(broadcastId),
    });
    switch (event.type) {
      case 'publisher.joined':
      case 'publisher.left': {
        const command = event.type === 'publisher.joined' ? 'publisher-joined' : 'publisher-left';
        return announced((tx) => this.broadcasts.apply(broadcastId, { do: command, atMs: event.atMs }, tx));
      }
      case 'room.viewers':
        return announced((tx) => this.broadcasts.countViewers(broadcastId, event.viewers, tx));
      case 'recording.epoch-started':
        return quiet((tx) => this.recorder.defineZero(lineageOf(event), event.timelineZeroAtMs, tx));
      case 'recording.segments-stored':
        return quiet((tx) => this.segmentsStored(event, tx));
      case 'recording.completed': {
        const manifests = await this.completion.read(event);
        return announced((tx) => this.completion.complete(event, manifests, tx));
      }
      case 'delivery.report': {
        const { recordingId, atMs, lines } = event;
        return quiet((tx) => this.delivery.delivered({ broadcastId, recordingId, atMs, lines }, tx));
      }
    }
  }

  private async segmentsStored(event: MediaEventOf<'recording.segments-stored'>, tx: Tx): Promise<void> {
    await this.recorder.defineZero(lineageOf(event), event.timelineZeroAtMs, tx);
    await this.recorder.addSegments(lineageOf(event), event.epoch, event.tracks, tx);
  }

  private async assertKnown({ broadcastId, recordingId }: MediaEvent): Promise<void> {
    const broadcast = await this.broadcasts.view(broadcastId);
    if (broadcast?.recordingId !== recordingId)
      throw new NotFound('there is no such broadcast with this recording');
  }
}

const quiet = (apply: (tx: Tx) => Promise<void>): Effect => ({ apply, afterCommit: () => Promise.resolve() });

const lineageOf = ({ recordingId }: MediaEvent): LineageId => LineageId.parse(recordingId);
