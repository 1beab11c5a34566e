import { Injectable } from '@nestjs/common';
import { unite } from '../../domain/intervals.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { type DeliveryReport, DeliverySink } from '../../media-link/delivery-sink.ts';
import { EvidenceRepository } from './evidence.repository.ts';

/** Keeps when a media node served each live viewer, and how that is known. The next beat, or the sweeper, judges by it. */
@Injectable()
export class Deliveries extends DeliverySink {
  constructor(private readonly evidence: EvidenceRepository) {
    super();
  }

  async delivered({ lines }: DeliveryReport, tx: Tx): Promise<void> {
    const served = lines.filter(({ by, bytes }) => by === 'reloads' || bytes > 0);
    const byKind = Map.groupBy(served, ({ playbackId, by }) => `${playbackId} ${by}`);
    await this.evidence.addWindows(
      [...byKind.values()].flatMap((ofKind) =>
        ofKind.slice(0, 1).map(({ playbackId, by }) => ({
          ...{ playbackId, by },
          windows: unite(ofKind.flatMap(({ windows }) => windows)),
          bytes: ofKind.reduce((sum, { bytes }) => sum + bytes, 0),
        })),
      ),
      tx,
    );
  }
}
