import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { Clock } from '../../platform/clock.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { LibraryService } from '../library/library.service.ts';
import { CoveragesRepository } from './coverages.repository.ts';
import { EvaluationService } from './evaluation.service.ts';
import { PlaybacksRepository } from './playbacks.repository.ts';
import { PlaybacksService } from './playbacks.service.ts';

const EVERY_MS = 1_000;
/** A session that beats is judged by its beats. */
const JUDGED_BEFORE_MS = 15_000;
const SESSIONS_AT_ONCE = 200;

/**
 * Judges what waits: evidence that came without a beat, recordings that were completed, sessions that fell silent; and posts what a
 * crash or a publication left to be posted. Several processes may sweep: the residents' rows are locked, and everything happens once.
 */
@Injectable()
export class ViewingSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly playbacks: PlaybacksService,
    private readonly sessions: PlaybacksRepository,
    private readonly coverages: CoveragesRepository,
    private readonly evaluation: EvaluationService,
    private readonly library: LibraryService,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.library.onPublished(async ({ lineageId }, tx) => {
      await this.sessions.reopen(lineageId, tx);
      await this.coverages.askEvaluation(lineageId, tx);
    });
    this.timer = setTimeout(() => this.tick(), EVERY_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.running;
  }

  /** One round: a batch of waiting sessions, a batch of marked residents. */
  async sweep(): Promise<void> {
    await this.playbacks.sweep(this.clock.nowMs() - JUDGED_BEFORE_MS, SESSIONS_AT_ONCE);
    await this.evaluation.sweep();
  }

  private tick(): void {
    this.running = this.sweep()
      .catch((error: unknown) => this.log.warn({ err: error }, 'waiting sessions could not be judged'))
      .finally(() => {
        if (this.timer !== undefined) this.timer = setTimeout(() => this.tick(), EVERY_MS);
      });
  }
}
