import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import { readMigrationConfig } from '../config.ts';
import { createDataSource } from './data-source.ts';
import { MIGRATIONS } from './migrations.ts';

/**
 * Brings the schema up to date, as the owner of the database, and returns the names of what ran. The role of the API is made
 * where it is missing; it has no password then, and cannot log in before an operator gives it one.
 * @param upTo names of the migrations to run and no others: the schema of an earlier version
 */
export async function migrate(
  ownerUrl: string,
  { upTo }: { upTo?: readonly string[] } = {},
): Promise<string[]> {
  const wanted = MIGRATIONS.filter(({ name }) => upTo?.includes(name) ?? true);
  const dataSource = createDataSource(ownerUrl, pino({ level: 'silent' }));
  await dataSource.setOptions({ migrations: wanted }).initialize();
  try {
    await dataSource.query(`
      DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'yike_app') THEN CREATE ROLE yike_app LOGIN; END IF;
      END $$`);
    const ran = await dataSource.runMigrations();
    // Whoever serves must be able to tell whether the schema is the one he was written for.
    await dataSource.query('GRANT SELECT ON migrations TO yike_app');
    return ran.map(({ name }) => name);
  } finally {
    await dataSource.destroy();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const ran = await migrate(readMigrationConfig().ownerUrl);
  process.stdout.write(`${ran.length === 0 ? 'the schema is up to date' : `migrated: ${ran.join(', ')}`}\n`);
}
