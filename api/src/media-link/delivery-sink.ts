import type { DeliveryLine } from '@yike/contracts/control/events';
import type { BroadcastId, RecordingId } from '@yike/contracts/ids';
import type { Tx } from '../platform/database/unit-of-work.ts';

export interface DeliveryReport {
  readonly broadcastId: BroadcastId;
  readonly recordingId: RecordingId;
  readonly atMs: number;
  readonly lines: readonly DeliveryLine[];
}

/** Takes what a media node says it has delivered live, in the transaction that takes the event. The viewing feature provides it. */
export abstract class DeliverySink {
  abstract delivered(report: DeliveryReport, tx: Tx): Promise<void>;
}
