import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { CodePurpose, CodeSent } from '@yike/contracts/http/codes';
import type { ApiConfig } from '../../config.ts';
import {
  CODE_PAUSE_SECONDS,
  CODE_TRIES,
  CODE_VALID_MS,
  CodeSpent,
  CodeWrong,
  judgeCode,
  printCode,
} from '../../domain/one-time-code.ts';
import { Clock } from '../../platform/clock.ts';
import { deriveKey, randomToken } from '../../platform/crypto/secrets.ts';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { CONFIG } from '../../platform/tokens.ts';
import { type Asker, CodeLimits } from './code-limits.ts';
import { CodeSender } from './code-sender.ts';
import { OneTimeCodesRepository } from './one-time-codes.repository.ts';

const CODES = 1_000_000;
/** So long one is told that a code is spent rather than wrong. */
const KEPT_AFTERWARDS_MS = 86_400_000;

/** A phone, and what its code is for. The phone is normalised. */
export interface Recipient {
  readonly phone: string;
  readonly purpose: CodePurpose;
}

/** Where a request comes from. */
export type Origin = Omit<Asker, 'recipient'>;

/**
 * Codes of six digits: one at a time for each phone and purpose, five minutes, five tries, one use. Neither sending nor judging asks
 * whether the phone belongs to somebody, so neither can tell.
 */
@Injectable()
export class OneTimeCodesService {
  private readonly key: Buffer;

  constructor(
    @Inject(CONFIG) config: ApiConfig,
    private readonly codes: OneTimeCodesRepository,
    private readonly limits: CodeLimits,
    private readonly sender: CodeSender,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {
    this.key = deriveKey(config.APP_SECRET, 'yike/one-time-codes');
  }

  /** @throws TooManyRequests, MessageNotSent */
  async send(to: Recipient, from: Origin): Promise<CodeSent> {
    const recipient = this.recipientOf(to);
    const asker = { ...from, recipient: recipient.toString('base64url') };
    await this.limits.countSending(asker);
    const digits = printCode(randomInt(CODES));
    await this.keep(to, recipient, digits);
    const validMinutes = CODE_VALID_MS / 60_000;
    try {
      await this.sender.send({ id: randomToken(), digits, validMinutes, ...to });
    } catch (error) {
      await this.limits.forgiveSending(asker);
      throw error;
    }
    return {
      validSeconds: CODE_VALID_MS / 1000,
      nextAfterSeconds: CODE_PAUSE_SECONDS,
      ...(this.sender.isShownOnPage && { demoCode: digits }),
    };
  }

  /**
   * Uses the code up.
   * @throws CodeWrong, CodeSpent, TooManyRequests
   */
  async use(to: Recipient, digits: string, from: Pick<Origin, 'address'>): Promise<void> {
    await this.limits.countTry(from.address);
    const recipient = this.recipientOf(to);
    const verdict = await this.judge(recipient, this.hashOf(recipient, digits));
    if (verdict === 'wrong') throw new CodeWrong('these are not the digits of the code');
    if (verdict === 'spent') throw new CodeSpent('the code is used, too old, or was tried too often');
  }

  private judge(recipient: Buffer, typed: Buffer): Promise<ReturnType<typeof judgeCode>> {
    const now = this.clock.now();
    // A wrong try must be kept: the transaction ends well, whatever the verdict.
    return this.unitOfWork.run(async (tx) => {
      const row = await this.codes.byRecipient(recipient, tx);
      const code = row && {
        hash: row.hash,
        expiresAtMs: row.expiresAt.getTime(),
        triesLeft: row.triesLeft,
        isUsed: row.usedAt !== null,
      };
      const verdict = judgeCode(code, now.getTime(), (hash) => timingSafeEqual(hash, typed));
      if (verdict === 'right') await this.codes.markUsed(recipient, now, tx);
      if (verdict === 'wrong') await this.codes.takeTry(recipient, tx);
      return verdict;
    });
  }

  private keep({ purpose }: Recipient, recipient: Buffer, digits: string): Promise<void> {
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + CODE_VALID_MS);
    const hash = this.hashOf(recipient, digits);
    return this.unitOfWork.run(async (tx) => {
      await this.codes.deleteExpired(new Date(now.getTime() - KEPT_AFTERWARDS_MS), tx);
      await this.codes.replace(
        { recipient, purpose, hash, triesLeft: CODE_TRIES, expiresAt, usedAt: null },
        tx,
      );
    });
  }

  private recipientOf({ phone, purpose }: Recipient): Buffer {
    return createHmac('sha256', this.key).update(`${purpose}\n${phone}`).digest();
  }

  private hashOf(recipient: Buffer, digits: string): Buffer {
    return createHmac('sha256', this.key).update(recipient).update(digits).digest();
  }
}
