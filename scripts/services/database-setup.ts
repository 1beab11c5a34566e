import { SetupFailure } from '../host/failure.ts';
import type { Options } from '../options.ts';
import { APP_ROLE, ensureDatabase, ensureRole, OWNER_ROLE, withClient } from './database.ts';
import type { DatabaseUrls } from './environments.ts';
import { type PostgresServer, SUPERUSER } from './postgres.ts';
import type { Secrets } from './secrets.ts';

const DATABASE = 'yike';

/** Makes the roles and the database of the embedded PostgreSQL; harmless where they are there. */
export async function setUpEmbedded(server: PostgresServer, secrets: Secrets): Promise<DatabaseUrls> {
  const superuser = { user: SUPERUSER, password: secrets.postgresPassword, database: 'postgres' };
  await withClient(server.urlFor(superuser), async (client) => {
    await ensureRole(client, OWNER_ROLE, secrets.ownerPassword);
    await ensureRole(client, APP_ROLE, secrets.appPassword);
    await ensureDatabase(client, DATABASE, OWNER_ROLE);
  });
  return {
    ownerUrl: server.urlFor({ user: OWNER_ROLE, password: secrets.ownerPassword, database: DATABASE }),
    appUrl: server.urlFor({ user: APP_ROLE, password: secrets.appPassword, database: DATABASE }),
  };
}

/**
 * The URLs for a given PostgreSQL. The API's role is made there, unless its URL is given too.
 * @throws SetupFailure where the database cannot be reached, or the role cannot be made
 */
export async function setUpGiven(
  { ownerUrl, appUrl }: NonNullable<Options['database']>,
  secrets: Secrets,
): Promise<DatabaseUrls> {
  await assertReachable(ownerUrl, 'DATABASE_URL');
  if (appUrl !== undefined) {
    await assertReachable(appUrl, 'DATABASE_APP_URL');
    return { ownerUrl, appUrl };
  }
  const made = new URL(ownerUrl);
  made.username = APP_ROLE;
  made.password = secrets.appPassword;
  try {
    await withClient(ownerUrl, (client) => ensureRole(client, APP_ROLE, secrets.appPassword));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SetupFailure(
      `The role ${APP_ROLE} cannot be made with DATABASE_URL (${reason}): make it, and give its address as DATABASE_APP_URL.`,
    );
  }
  return { ownerUrl, appUrl: made.href };
}

async function assertReachable(url: string, name: string): Promise<void> {
  try {
    await withClient(url, (client) => client.query('SELECT 1'));
  } catch (error) {
    const reason = error instanceof Error && error.message !== '' ? error.message : 'no answer';
    throw new SetupFailure(`The database that ${name} names cannot be used: ${reason}.`);
  }
}
