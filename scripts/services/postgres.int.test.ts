import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import { isAlive } from '../host/processes.ts';
import { ensureDatabase, ensureRole, withClient } from './database.ts';
import { type PostgresServer, startPostgres, SUPERUSER } from './postgres.ts';

const home = mkdtempSync(path.join(tmpdir(), 'yike 学习 '));
const dataFolder = path.join(
  home,
  'a rather long name, so that a socket in here would not do '.repeat(2),
  'postgres',
);
let server: PostgresServer | undefined;

const start = async (): Promise<PostgresServer> => {
  const log = new PassThrough();
  log.resume();
  server = await startPostgres({ dataFolder, superuserPassword: 'p@ss w/örd', log });
  return server;
};
const superuserOf = (of: PostgresServer): string =>
  of.urlFor({ user: SUPERUSER, password: 'p@ss w/örd', database: 'postgres' });

afterEach(() => server?.stop());

it('starts in a long, Chinese path with spaces, and keeps its data over a stop', async () => {
  const first = await start();
  await withClient(superuserOf(first), async (client) => {
    await ensureRole(client, 'yike_owner', "it's");
    await ensureDatabase(client, 'yike', 'yike_owner');
    await ensureDatabase(client, 'yike', 'yike_owner');
  });
  const owner = { user: 'yike_owner', password: "it's", database: 'yike' };
  await withClient(first.urlFor(owner), (client) => client.query('CREATE TABLE kept AS SELECT 42 AS answer'));
  await first.stop();
  await first.stop();

  const second = await start();
  const { rows } = await withClient(second.urlFor(owner), (client) =>
    client.query('SELECT answer FROM kept'),
  );
  expect(rows).toEqual([{ answer: 42 }]);
  await expect(
    withClient(second.urlFor({ ...owner, password: 'wrong' }), () => Promise.resolve('in')),
  ).rejects.toThrow('password authentication failed');
});

it('ends the instance that a killed start has left behind', async () => {
  const left = await start();
  const next = await start();
  expect(isAlive(left.pid)).toBe(false);
  expect(next.pid).not.toBe(left.pid);
});

it('recovers after kill -9, also when the process id has become that of another process', async () => {
  const killed = await start();
  process.kill(killed.pid, 'SIGKILL');
  expect(await killed.exited).toEqual({ code: null, signal: 'SIGKILL' });
  writeFileSync(path.join(dataFolder, 'postmaster.pid'), `${process.pid}\n${dataFolder}\n`);
  const next = await start();
  expect(isAlive(next.pid)).toBe(true);
  await next.stop();
  rmSync(home, { recursive: true });
});
