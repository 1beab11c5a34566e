import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { LedgerAudit } from '@yike/contracts/http/bank';
import type { Logger } from 'pino';
import { Gauge } from 'prom-client';
import { Clock } from '../../platform/clock.ts';
import { Metrics } from '../../platform/health/metrics.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { LedgerService } from '../bank/ledger.service.ts';

/** Following every chain of a town takes minutes of one core, so: soon after the start, then four times a day. */
const FIRST_AFTER_MS = 60_000;
const EVERY_MS = 6 * 3_600_000;

/** Proves the ledger again and again, and says in metrics and log what came of it. Several processes may: it only reads. */
@Injectable()
export class LedgerWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #sums: Gauge<'asset'>;
  readonly #isVerified: Gauge;
  readonly #checkedAt: Gauge;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly ledger: LedgerService,
    private readonly clock: Clock,
    { registry }: Metrics,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    const registers = [registry];
    this.#sums = new Gauge({
      name: 'yike_ledger_sum_units',
      help: 'Sum of an asset over all accounts at the last check: anything but 0 is wrong. Unit: units (s of class time, milli-credits).',
      labelNames: ['asset'],
      registers,
    });
    this.#isVerified = new Gauge({
      name: 'yike_ledger_verified_ratio',
      help: 'Whether every chain of the ledger held at the last check: 1 or 0. Unit: ratio.',
      registers,
    });
    this.#checkedAt = new Gauge({
      name: 'yike_ledger_checked_timestamp_seconds',
      help: 'When the ledger was last checked to its end; 0 before. Unit: seconds since 1970.',
      registers,
    });
  }

  onApplicationBootstrap(): void {
    this.#again(FIRST_AFTER_MS);
  }

  onApplicationShutdown(): void {
    clearTimeout(this.#timer);
  }

  /** One check. @throws what the database throws; the figures then stay as they were, and grow old */
  async check(): Promise<LedgerAudit> {
    const audit = await this.ledger.audit();
    for (const { asset, sum } of audit.sums) this.#sums.set({ asset }, sum);
    this.#isVerified.set(audit.chain.verified ? 1 : 0);
    this.#checkedAt.set(this.clock.nowMs() / 1000);
    if (!isSound(audit)) this.log.error({ audit }, 'the ledger does not hold');
    return audit;
  }

  #again(afterMs: number): void {
    this.#timer = setTimeout(() => {
      this.check()
        .catch((error: unknown) => this.log.warn({ err: error }, 'the ledger could not be checked'))
        .finally(() => this.#again(EVERY_MS));
    }, afterMs).unref();
  }
}

const isSound = ({ sums, chain }: LedgerAudit): boolean =>
  chain.verified && sums.every(({ sum }) => sum === 0);
