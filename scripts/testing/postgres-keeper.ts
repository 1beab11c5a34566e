// Holds the PostgreSQL that the test processes of a checkout share. Each of them keeps a connection open here;
// soon after the last has closed, the server ends and its folder goes. Started by `startTestPostgres`.
import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { APP_ROLE, ensureRole, OWNER_ROLE, withClient } from '../services/database.ts';
import { type PostgresServer, startPostgres, SUPERUSER } from '../services/postgres.ts';
import { type Cluster, KEEPER_ADDRESS } from './postgres.ts';

const LINGER_MS = 5_000;
const IDLE_WITHOUT_USER_MS = 30_000;

const folder = mkdtempSync(path.join(tmpdir(), 'yike-test-'));
const users = new Set<Socket>();
let server: PostgresServer | undefined;
let idle = setTimeout(() => void end(), IDLE_WITHOUT_USER_MS);

const door = createServer((socket) => {
  users.add(socket);
  clearTimeout(idle);
  socket.on('error', () => undefined); // A user that was killed: 'close' follows.
  socket.on('close', () => leave(socket));
  socket.resume();
  void started.then((answer) => socket.write(`${JSON.stringify(answer)}\n`));
});
door.once('error', () => process.exit(0)); // Another process was quicker: its keeper serves all.
const opened = new Promise<void>((resolve) => door.listen(KEEPER_ADDRESS, resolve));
const started = opened.then(startCluster).catch((error: unknown) => ({ error: String(error) }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end());
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

async function startCluster(): Promise<Cluster> {
  const password = randomBytes(12).toString('hex');
  server = await startPostgres({
    dataFolder: path.join(folder, 'postgres'),
    superuserPassword: password,
    log: createWriteStream(path.join(folder, 'postgres.log')),
    // The data lives for minutes only: nothing needs to survive a crash of the machine.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  });
  const urlFor = (user: string): string => server?.urlFor({ user, password, database: 'postgres' }) ?? '';
  const cluster = {
    superuserUrl: urlFor(SUPERUSER),
    ownerUrl: urlFor(OWNER_ROLE),
    appUrl: urlFor(APP_ROLE),
  };
  await withClient(cluster.superuserUrl, async (client) => {
    await ensureRole(client, OWNER_ROLE, password);
    await ensureRole(client, APP_ROLE, password);
  });
  return cluster;
}

function leave(socket: Socket): void {
  users.delete(socket);
  if (users.size > 0) return;
  clearTimeout(idle);
  idle = setTimeout(() => void end(), LINGER_MS);
}

async function end(): Promise<void> {
  door.close();
  for (const user of users) user.destroy();
  await server?.stop();
  process.exit(0);
}
