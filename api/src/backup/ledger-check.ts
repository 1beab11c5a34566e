import type { LedgerAudit } from '@yike/contracts/http/bank';
import { pino } from 'pino';
import { createDataSource } from '../database/data-source.ts';
import { LedgerRepository } from '../features/bank/ledger.repository.ts';
import { LedgerService } from '../features/bank/ledger.service.ts';
import { SystemClock } from '../platform/clock.ts';
import { UnitOfWork } from '../platform/database/unit-of-work.ts';
import { Ids } from '../platform/ids.ts';

/** Sums every account and follows every chain, as the product itself does. */
export async function auditLedger(ownerUrl: string): Promise<LedgerAudit> {
  const dataSource = await createDataSource(ownerUrl, pino({ level: 'silent' })).initialize();
  try {
    const ids = new Ids();
    const ledger = new LedgerRepository(ids);
    return await new LedgerService(ledger, ids, new SystemClock(), new UnitOfWork(dataSource)).audit();
  } finally {
    await dataSource.destroy();
  }
}
