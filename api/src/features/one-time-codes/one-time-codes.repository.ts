import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { OneTimeCodeEntity } from './one-time-code.entity.ts';

export type CodeRow = Pick<OneTimeCodeEntity, keyof OneTimeCodeEntity>;

@Injectable()
export class OneTimeCodesRepository {
  /** Takes the place of the one before. */
  async replace(code: CodeRow, tx: Tx): Promise<void> {
    await tx.upsert(OneTimeCodeEntity, code, ['recipient']);
  }

  /** Locked until the transaction ends: tries that come at once are judged one after the other. */
  byRecipient(recipient: Buffer, tx: Tx): Promise<OneTimeCodeEntity | null> {
    return tx.findOne(OneTimeCodeEntity, { where: { recipient }, lock: { mode: 'pessimistic_write' } });
  }

  async takeTry(recipient: Buffer, tx: Tx): Promise<void> {
    await tx.decrement(OneTimeCodeEntity, { recipient }, 'triesLeft', 1);
  }

  async markUsed(recipient: Buffer, usedAt: Date, tx: Tx): Promise<void> {
    await tx.update(OneTimeCodeEntity, { recipient }, { usedAt });
  }

  async deleteExpired(before: Date, tx: Tx): Promise<void> {
    await tx.query('DELETE FROM one_time_codes WHERE expires_at <= $1', [before]);
  }
}
