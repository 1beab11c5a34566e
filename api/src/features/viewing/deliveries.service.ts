import { Injectable } from '@nestjs/common';
import { unite } from '../../domain/intervals.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { type DeliveryReport, DeliverySink } from '../../media-link/delivery-sink.ts';
import { EvidenceRepository } from './evidence.repository.ts';

/** Keeps when a media node sent bytes to each WebRTC viewer. The next beat, or the sweeper, judges by it. */
@Injectable()
export class Deliveries extends DeliverySink {
  constructor(private readonly evidence: EvidenceRepository) {
    super();
  }

  async delivered({ lines }: DeliveryReport, tx: Tx): Promise<void> {
    const sent = lines
      .filter(({ bytes }) => bytes > 0)
      .map(({ playbackId, windows, bytes }) => ({ playbackId, bytes, windows: unite(windows) }));
    const bySession = Map.groupBy(sent, ({ playbackId }) => playbackId);
    await this.evidence.addWindows(
      Array.from(bySession, ([playbackId, ofSession]) => ({
        playbackId,
        windows: unite(ofSession.flatMap(({ windows }) => windows)),
        bytes: ofSession.reduce((sum, { bytes }) => sum + bytes, 0),
      })),
      tx,
    );
  }
}
