import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { Clock } from '../platform/clock.ts';
import { UnitOfWork } from '../platform/database/unit-of-work.ts';
import { LOGGER } from '../platform/tokens.ts';
import { InboxRepository } from './inbox.repository.ts';

const EVERY_MS = 3_600_000;
/** A node that was away longer than this has lost its outbox. */
const KEEP_MS = 14 * 86_400_000;

/** Forgets events that no node can send again; what was parked stays. */
@Injectable()
export class InboxCleaner implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly inbox: InboxRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.clean(), EVERY_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private clean(): void {
    const before = new Date(this.clock.nowMs() - KEEP_MS);
    this.inbox
      .deleteTakenBefore(before, this.unitOfWork.reader)
      .catch((error: unknown) => this.log.warn({ err: error }, 'old events could not be deleted'));
  }
}
