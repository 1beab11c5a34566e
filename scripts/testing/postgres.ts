import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Client, escapeIdentifier } from 'pg';
import { CHECKOUT, shortHash } from '../host/paths.ts';
import { APP_ROLE, OWNER_ROLE, withClient } from '../services/database.ts';

/** A database of its own on the shared test cluster. */
export interface TestPostgres {
  /** As the role that owns the database and migrates it. */
  ownerUrl: string;
  /** As the role under which the API runs. */
  appUrl: string;
  /** Drops the database, whoever is still connected. */
  close(): Promise<void>;
}

/** A schema that is built once per cluster and then copied, which is quicker than migrating for each file. */
export interface Template {
  /** Names what `build` makes; another key, another template. */
  key: string;
  /** Fills an empty database. */
  build: (urls: Pick<TestPostgres, 'ownerUrl' | 'appUrl'>) => Promise<void>;
}

/** What the keeper tells each of its users, as one JSON line. */
export interface Cluster {
  superuserUrl: string;
  ownerUrl: string;
  appUrl: string;
}

/** The keeper's address: an abstract Unix socket, which needs no cleaning up and is gone with its process. */
export const KEEPER_ADDRESS = `\0yike-test-postgres-${shortHash(`${CHECKOUT} ${process.getuid?.() ?? ''}`)}`;

const KEEPER_WITHIN_MS = 60_000;
const TEMPLATE_LOCK = 7_133_001;

/**
 * A fresh, empty database (or a copy of the template) with the roles of the product. All test processes of a
 * checkout share one PostgreSQL, which the first one starts and which ends by itself soon after the last one.
 * @example
 * const postgres = await startTestPostgres();
 * afterAll(() => postgres.close());
 */
export async function startTestPostgres(options: { template?: Template } = {}): Promise<TestPostgres> {
  const { cluster, lease } = await leaseCluster();
  const name = `test_${randomBytes(6).toString('hex')}`;
  const template = options.template && (await ensureTemplate(cluster, options.template));
  await withClient(cluster.superuserUrl, (client) => createDatabase(client, name, template));
  const drop = `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`;
  return {
    ownerUrl: onDatabase(cluster.ownerUrl, name),
    appUrl: onDatabase(cluster.appUrl, name),
    close: async () => {
      await withClient(cluster.superuserUrl, (client) => client.query(drop));
      lease.destroy();
    },
  };
}

async function createDatabase(client: Client, name: string, template = 'template0'): Promise<void> {
  const [database, owner, from] = [name, OWNER_ROLE, template].map(escapeIdentifier);
  await client.query(`CREATE DATABASE ${database} OWNER ${owner} TEMPLATE ${from}`);
  await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${escapeIdentifier(APP_ROLE)}`);
}

/** Builds the template where it is missing; several processes may ask at once, one builds. */
async function ensureTemplate(cluster: Cluster, { key, build }: Template): Promise<string> {
  const name = `template_${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
  await withClient(cluster.superuserUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount !== 0) return;
    const unfinished = `${name}_unfinished`;
    await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(unfinished)} WITH (FORCE)`);
    await createDatabase(client, unfinished);
    await build({
      ownerUrl: onDatabase(cluster.ownerUrl, unfinished),
      appUrl: onDatabase(cluster.appUrl, unfinished),
    });
    await client.query(`ALTER DATABASE ${escapeIdentifier(unfinished)} RENAME TO ${escapeIdentifier(name)}`);
  });
  return name;
}

function onDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** The connection to the keeper is the lease: while one is open, the cluster runs. */
async function leaseCluster(): Promise<{ cluster: Cluster; lease: Socket }> {
  const deadline = Date.now() + KEEPER_WITHIN_MS;
  let lease = await dialKeeper();
  if (lease === undefined) startKeeper();
  while (lease === undefined) {
    if (Date.now() > deadline) throw new Error('the test PostgreSQL did not start within 60 s');
    await sleep(50);
    lease = await dialKeeper();
  }
  const line = await firstLine(lease);
  if (line === undefined) return leaseCluster(); // It was just ending: the next one is ours to start.
  lease.unref();
  const answer = JSON.parse(line) as Cluster | { error: string };
  if ('error' in answer) throw new Error(answer.error);
  return { cluster: answer, lease };
}

function dialKeeper(): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ path: KEEPER_ADDRESS });
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}

async function firstLine(socket: Socket): Promise<string | undefined> {
  socket.on('error', () => undefined); // Readline ends then, too.
  for await (const line of createInterface({ input: socket })) return line;
  return undefined;
}

function startKeeper(): void {
  spawn(process.execPath, [fileURLToPath(new URL('postgres-keeper.ts', import.meta.url))], {
    detached: true,
    stdio: 'ignore',
    cwd: '/',
  }).unref();
}
