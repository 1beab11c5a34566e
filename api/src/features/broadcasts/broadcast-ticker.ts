import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '../../platform/tokens.ts';
import { BroadcastsService } from './broadcasts.service.ts';

const EVERY_MS = 1_000;

/** Closes broadcasts whose time has come. Several processes may tick: each takes what no other has locked. */
@Injectable()
export class BroadcastTicker implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly broadcasts: BroadcastsService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setTimeout(() => this.tick(), EVERY_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.running;
  }

  private tick(): void {
    this.running = this.broadcasts
      .closeDue()
      .then(() => undefined)
      .catch((error: unknown) => this.log.warn({ err: error }, 'due broadcasts could not be closed'))
      .finally(() => {
        if (this.timer !== undefined) this.timer = setTimeout(() => this.tick(), EVERY_MS);
      });
  }
}
