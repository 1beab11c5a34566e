import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { debianPackages } from '../../scripts/host/debian-packages.ts';
import { inCheckout } from '../../scripts/host/paths.ts';
import { freePortRow, freePorts } from '../../scripts/host/ports.ts';
import { ensureDatabase, withClient } from '../../scripts/services/database.ts';
import { chooseIdentity, giveFolder, type Identity } from '../../scripts/services/identity.ts';
import { LogFile } from '../../scripts/services/log-file.ts';
import { startNodeService } from '../../scripts/services/node-service.ts';
import { startPostgres, SUPERUSER } from '../../scripts/services/postgres.ts';
import { endChild, exitOf, type Running } from '../../scripts/services/running.ts';
import { testEnvironment } from '../../scripts/testing/env.ts';
import { startTestRedis } from '../../scripts/testing/redis.ts';

const READY_WITHIN_MS = 30_000;
const DATABASE = 'yike';

/** A deployment as docker-compose.yml describes it, by hand: the same proxy's file, two API nodes, one media node. */
export interface Deployment {
  /** `https://localhost:<port>`, by a certificate of Caddy's own authority. */
  readonly origin: string;
  /** The authority's certificate, PEM. */
  readonly authority: string;
  /** The API nodes, as the proxy reaches them. */
  readonly nodes: readonly [string, string];
  readonly ownerUrl: string;
  /** Adds an account by the command for it. @returns its password */
  addAccount(username: string, role: string): string;
  /** SIGTERM, as an upgrade does; resolves when the process is gone. */
  stopNode(node: 0 | 1): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Does what the compose file says, step by step and in its order: secrets by `make-secrets.sh`, each handed over as a file; PostgreSQL (the
 * embedded one), Redis and Caddy from Debian's packages (unpacked in the cache folder, not installed), `prepare.js`, then the processes
 * with NODE_ENV=production. Only object storage is our embedded server, which is not for production and does not know that it is in it.
 */
export async function startDeployment(): Promise<Deployment> {
  const folder = mkdtempSync(path.join(tmpdir(), 'yike-deployment-'));
  chmodSync(folder, 0o755);
  const started: Pick<Running, 'stop'>[] = [];
  try {
    return await start(folder, started);
  } catch (error) {
    await stopAll(folder, started);
    throw error;
  }
}

async function start(folder: string, started: Pick<Running, 'stop'>[]): Promise<Deployment> {
  const { ffmpegPath, workerBin } = testEnvironment();
  const identity = chooseIdentity({ ffmpegPath, workerBin }, folder, () => undefined);
  const [s3 = 0, apiA = 0, apiB = 0, media = 0, https = 0, http = 0, admin = 0, metrics = 0] =
    await freePorts(8);
  const rtcPort = await freePortRow(1, '127.0.0.1');
  const origin = `https://localhost:${https}`;
  const secret = makeSecrets(folder, identity);
  const aborted = new AbortController().signal;

  const postgres = await startPostgres({
    dataFolder: path.join(folder, 'postgres'),
    superuserPassword: secret.read('database_owner_password'),
    log: log(folder, 'postgres').stream(),
  });
  started.push(postgres);
  const owner = { user: SUPERUSER, password: secret.read('database_owner_password') };
  await withClient(postgres.urlFor({ ...owner, database: 'postgres' }), (client) =>
    ensureDatabase(client, DATABASE, SUPERUSER),
  );
  const ownerUrl = postgres.urlFor({ ...owner, database: DATABASE });
  const redis = await startTestRedis();
  started.push(redis);

  const storage = {
    S3_ENDPOINT: `http://127.0.0.1:${s3}`,
    S3_ACCESS_KEY_FILE: secret.file('s3_access_key'),
    S3_SECRET_KEY_FILE: secret.file('s3_secret_key'),
  };
  const node = async (name: string, script: string[], env: Record<string, string>, readyUrl: string) => {
    const running = await startNodeService(
      {
        name,
        script: inCheckout(...script),
        env: { PATH: process.env.PATH ?? '', HOME: folder, NODE_ENV: 'production', ...env },
        log: log(folder, name),
        ready: { url: readyUrl, withinMs: READY_WITHIN_MS, anyStatus: name === 's3' },
        graceMs: 10_000,
        user: identity.user,
      },
      aborted,
    );
    started.push(running);
    return running;
  };
  giveFolder(path.join(folder, 's3'), identity.user);
  await node(
    's3',
    ['storage', 'dist', 'embedded', 'main.js'],
    {
      NODE_ENV: '',
      PORT: String(s3),
      S3_FOLDER: path.join(folder, 's3'),
      S3_ACCESS_KEY: secret.read('s3_access_key'),
      S3_SECRET_KEY: secret.read('s3_secret_key'),
    },
    storage.S3_ENDPOINT,
  );

  const database = {
    DATABASE_URL: withUser(ownerUrl, 'yike_app'),
    DATABASE_PASSWORD_FILE: secret.file('database_app_password'),
  };
  const production = { PATH: process.env.PATH ?? '', NODE_ENV: 'production', ...storage, ...database };
  const prepare = [inCheckout('api', 'dist', 'prepare.js')];
  execFileSync(process.execPath, prepare, { env: { ...production, DATABASE_OWNER_URL: ownerUrl } });

  const apiEnvironment = {
    ...storage,
    ...database,
    PUBLIC_ORIGIN: origin,
    S3_PUBLIC_URL: origin,
    REDIS_URL: redis.url,
    MEDIA_NODE_SECRET_FILE: secret.file('media_node_secret'),
    APP_SECRET_FILE: secret.file('app_secret'),
    PERSONAL_DATA_KEYS_FILE: secret.file('personal_data_keys'),
    PERSONAL_DATA_INDEX_KEY_FILE: secret.file('personal_data_index_key'),
  };
  const api = (name: string, port: number) =>
    node(name, ['api', 'dist', 'main.js'], { ...apiEnvironment, PORT: String(port) }, `${local(port)}/ready`);
  const nodes = await Promise.all([api('api', apiA), api('api-2', apiB)]);

  giveFolder(path.join(folder, 'spool'), identity.user);
  await node(
    'media',
    ['media', 'dist', 'main.js'],
    {
      ...storage,
      PORT: String(media),
      MEDIA_NODE_ID: 'media',
      MEDIA_NODE_SECRET_FILE: secret.file('media_node_secret'),
      API_URL: local(apiA),
      PUBLIC_PATH: '/media/media',
      ALLOWED_ORIGINS: origin,
      SPOOL_DIR: path.join(folder, 'spool'),
      RTC_LISTEN_IP: '127.0.0.1',
      RTC_PORT: String(rtcPort),
      MEDIASOUP_NUM_WORKERS: '1',
      MEDIASOUP_WORKER_BIN: identity.workerBin,
      FFMPEG_PATH: identity.ffmpegPath,
      ...(identity.childUser && {
        CHILD_UID: String(identity.childUser.uid),
        CHILD_GID: String(identity.childUser.gid),
      }),
    },
    `${local(media)}/ready`,
  );

  const caddy = await startCaddy(folder, {
    YIKE_SITE: origin,
    YIKE_TLS: 'internal',
    YIKE_API_NODES: `127.0.0.1:${apiA} 127.0.0.1:${apiB}`,
    YIKE_MEDIA_NODE: `127.0.0.1:${media}`,
    YIKE_STORAGE: `127.0.0.1:${s3}`,
    YIKE_BUCKET: 'yike',
    YIKE_HLS_CACHE: '127.0.0.1:1', // not there, as without its profile
    YIKE_METRICS: `:${metrics}`,
    YIKE_HTTP_PORT: String(http),
    YIKE_ADMIN_PORT: String(admin),
  });
  started.push(caddy);

  return {
    origin,
    authority: caddy.authority,
    nodes: [local(apiA), local(apiB)],
    ownerUrl,
    addAccount: (username, role) => {
      const command = [
        inCheckout('api', 'dist', 'add-account.js'),
        '--username',
        username,
        '--name',
        username,
      ];
      const args = [...command, '--role', role, '--org', '南山社区'];
      const env = { ...production, ...apiEnvironment };
      const printed = execFileSync(process.execPath, args, { env, encoding: 'utf8' });
      return printed.trim().split(' ')[1] ?? '';
    },
    stopNode: (which) => nodes[which].stop(),
    stop: () => stopAll(folder, started),
  };
}

/** The secrets of `make-secrets.sh`, where the parts' user may read them as a container's may. */
function makeSecrets(folder: string, { user }: Identity) {
  const secrets = path.join(folder, 'secrets');
  execFileSync(inCheckout('deploy', 'make-secrets.sh'), [secrets]);
  giveFolder(secrets, user);
  const file = (name: string): string => path.join(secrets, name);
  return { file, read: (name: string): string => readFileSync(file(name), 'utf8') };
}

async function startCaddy(
  folder: string,
  env: Record<string, string>,
): Promise<Pick<Running, 'stop'> & { authority: string }> {
  const tree = await debianPackages('caddy');
  const home = path.join(folder, 'caddy');
  mkdirSync(home);
  const config = ['--config', inCheckout('deploy', 'Caddyfile'), '--adapter', 'caddyfile'];
  const child = spawn(tree.program('caddy'), ['run', ...config], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: home,
      XDG_DATA_HOME: home,
      XDG_CONFIG_HOME: home,
      ...tree.env,
      ...env,
    },
  });
  const exited = exitOf(child);
  const lines = log(folder, 'caddy');
  child.stdout.pipe(lines.stream());
  child.stderr.pipe(lines.stream());
  const root = path.join(home, 'caddy', 'pki', 'authorities', 'local', 'root.crt');
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!existsSync(root) || !(await answers(`http://127.0.0.1${env.YIKE_METRICS ?? ''}/metrics`))) {
    if (Date.now() > deadline) throw new Error(`Caddy was not ready: ${lines.lastError}`);
    await sleep(50);
  }
  return {
    authority: readFileSync(root, 'utf8'),
    stop: () => endChild(child, exited, { signal: 'SIGTERM', graceMs: 5_000 }),
  };
}

async function stopAll(folder: string, started: Pick<Running, 'stop'>[]): Promise<void> {
  for (const each of started.toReversed()) await each.stop();
  rmSync(folder, { recursive: true, force: true });
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
const log = (folder: string, name: string): LogFile =>
  new LogFile({ folder: path.join(folder, 'logs'), name });
const local = (port: number): string => `http://127.0.0.1:${port}`;

function withUser(url: string, user: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = '';
  return changed.href;
}
