import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../scripts/testing/postgres.ts';

const built = (file: string): string => fileURLToPath(new URL(`../dist/${file}`, import.meta.url));
const checkout = fileURLToPath(new URL('../../', import.meta.url));

let postgres: TestPostgres;
let api: ChildProcess;
let port: number;

beforeAll(async () => {
  const build = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'api'], {
    cwd: checkout,
    encoding: 'utf8',
  });
  if (build.status !== 0) throw new Error(build.stdout);
  [postgres, port] = await Promise.all([startTestPostgres(), freePort()]);
});
afterAll(async () => {
  api.kill('SIGKILL');
  await postgres.close();
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as AddressInfo; // it listens on TCP
      server.close(() => resolve(free));
    });
  });
}

it('the built API migrates, gets ready, and ends when it is told to', async () => {
  const migrated = spawnSync(process.execPath, [built('database/migrate.js')], {
    env: { DATABASE_OWNER_URL: postgres.ownerUrl },
    encoding: 'utf8',
  });
  expect(migrated).toMatchObject({ status: 0, stderr: '' });
  expect(migrated.stdout).toMatch(/^migrated: Accounts/);

  api = spawn(process.execPath, [built('main.js')], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: {
      NODE_ENV: 'production',
      PORT: String(port),
      DATABASE_URL: postgres.appUrl,
      S3_ENDPOINT: 'http://127.0.0.1:9',
      S3_ACCESS_KEY: 'none',
      S3_SECRET_KEY: randomBytes(24).toString('hex'),
      MEDIA_NODE_SECRET: randomBytes(24).toString('hex'),
      APP_SECRET: randomBytes(24).toString('hex'),
      PERSONAL_DATA_KEYS: randomBytes(24).toString('hex'),
      PERSONAL_DATA_INDEX_KEY: randomBytes(24).toString('hex'),
      YIKE_PARENT_WATCH: '1',
    },
  });
  // There is no object storage here, which not everything needs.
  await vi.waitFor(
    async () =>
      expect(await (await fetch(`http://127.0.0.1:${port}/ready`)).json()).toMatchObject({
        status: 'degraded',
      }),
    { timeout: 30_000, interval: 200 },
  );
  const ended = new Promise((resolve) => api.once('exit', resolve));
  api.stdin?.end(); // As when the supervisor dies.
  expect(await ended).toBe(0);
});
