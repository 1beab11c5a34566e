import { pino } from 'pino';
import { readPrepareConfig } from './config.ts';
import { createDataSource } from './database/data-source.ts';
import { AuditRepository } from './features/audit/audit.repository.ts';
import { verifyLog } from './features/audit/verify-log.ts';

/**
 * `node api/dist/verify-audit.js`, in the environment of `prepare.js`: follows the audit log from its first entry on. Exit code 1 and the number of
 * the first entry that is wrong where it was changed.
 */
const dataSource = createDataSource(readPrepareConfig().DATABASE_OWNER_URL, pino({ level: 'silent' }));
await dataSource.initialize();
try {
  const { isIntact, words } = await verifyLog(new AuditRepository(), dataSource.manager);
  process.stdout.write(`${words}\n`);
  process.exitCode = isIntact ? 0 : 1;
} finally {
  await dataSource.destroy();
}
