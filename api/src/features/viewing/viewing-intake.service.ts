import { Injectable } from '@nestjs/common';
import type { ViewingSummary } from '@yike/contracts/http/viewing';
import type { UserId } from '@yike/contracts/ids';
import type { Beat, BeatAck } from '@yike/contracts/realtime/viewing';
import { Gather } from '../../platform/gather.ts';
import { type RateLimit, RateLimits } from '../../platform/shared/rate-limits.ts';
import { BeatRecorder, type RecordedBeats } from './beat-recorder.service.ts';
import { ViewingSummaries } from './viewing-summary.service.ts';

/**
 * Spans of a resident in a minute, over all tabs. A player makes some 30; one that was offline for ten minutes brings
 * 70 beats at once.
 */
const SPANS_PER_MINUTE = 2_400;
/** A batch counts for so many spans at least. */
const SPANS_OF_A_BATCH = 10;
const LEASES_PER_MINUTE = 60;
const OPENED_PER_MINUTE = 60;

/** The door for beats, by socket or by beacon: limits, then the recorder, then the answer. */
@Injectable()
export class ViewingIntake {
  readonly #spans: RateLimit;
  readonly #leases: RateLimit;
  readonly #opened: RateLimit;
  /** Beats are committed together; what their pages are told is read together, too. */
  readonly #summaries: Gather<RecordedBeats, ViewingSummary>;

  constructor(
    private readonly recorder: BeatRecorder,
    summaries: ViewingSummaries,
    limits: RateLimits,
  ) {
    this.#summaries = new Gather((recorded) => summaries.ofMany(recorded));
    const perMinute = (name: string, points: number): RateLimit =>
      limits.create({ name, points, seconds: 60 });
    this.#spans = perMinute('spans', SPANS_PER_MINUTE);
    this.#leases = perMinute('leases', LEASES_PER_MINUTE);
    this.#opened = perMinute('playbacks', OPENED_PER_MINUTE);
  }

  /** Answers after the commit. @throws NotFound, PlaybackClosed, TooManyRequests */
  async take(userId: UserId, beats: readonly Beat[]): Promise<BeatAck> {
    const recorded = await this.accept(userId, beats);
    const acknowledged = beats.map(({ playbackId, seq }) => ({ playbackId, seq }));
    return { acknowledged, summary: await this.#summaries.ask(recorded), holdsLease: recorded.holdsLease };
  }

  /** Without the summary: for a page that goes away. */
  async accept(userId: UserId, beats: readonly Beat[]): Promise<RecordedBeats> {
    const spans = beats.reduce((sum, beat) => sum + beat.spans.length, 0);
    await this.#spans.consume(userId, Math.max(SPANS_OF_A_BATCH, spans));
    return this.recorder.record(userId, beats);
  }

  countLease(userId: UserId): Promise<void> {
    return this.#leases.consume(userId);
  }

  countOpened(userId: UserId): Promise<void> {
    return this.#opened.consume(userId);
  }
}
