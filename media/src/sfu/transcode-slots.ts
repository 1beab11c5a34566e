import { availableParallelism } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import type { Producer } from 'mediasoup/types';
import { CONFIG, type MediaConfig } from '../config.ts';
import { videoTraits } from '../core/codecs.ts';
import { Refusal } from '../platform/refusal.ts';

/** A quarter of a core for a calm picture of 1280 x 720, half of one for a lively (measured, ADR 12). */
const CORES_A_TRANSCODE = 0.5;
/** Of the machine; the rest is for rooms, recorders and storage. */
const MOST_SHARE_OF_CORES = 0.25;

/** How many pictures this node may encode anew for their recording: those of publishers that cannot send H.264. */
@Injectable()
export class TranscodeSlots {
  readonly #most: number;
  readonly #taken = new Set<Producer>();

  constructor(@Inject(CONFIG) { MAX_TRANSCODES }: Pick<MediaConfig, 'MAX_TRANSCODES'>) {
    this.#most = MAX_TRANSCODES ?? defaultSlots(availableParallelism());
  }

  /** Keeps a place for a producer as long as it is there; one whose picture is copied needs none. @throws Refusal `transcoder-full` */
  take(producer: Producer): void {
    if (!needsTranscode(producer)) return;
    if (this.#taken.size >= this.#most)
      throw new Refusal('transcoder-full', 'send H.264, or sound alone', { retryAfterSeconds: 60 });
    this.#taken.add(producer);
    producer.observer.once('close', () => this.#taken.delete(producer));
  }
}

/** At least one: a lecture that cannot be recorded is none. */
export const defaultSlots = (cores: number): number =>
  Math.max(1, Math.floor((cores * MOST_SHARE_OF_CORES) / CORES_A_TRANSCODE));

function needsTranscode({ rtpParameters: { codecs } }: Producer): boolean {
  return codecs.some(({ mimeType }) => videoTraits(mimeType)?.treatment === 'transcode');
}
