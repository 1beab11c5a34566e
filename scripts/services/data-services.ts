import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { SetupFailure } from '../host/failure.ts';
import { takeLock } from '../host/lock.ts';
import { inCheckout } from '../host/paths.ts';
import { freePorts } from '../host/ports.ts';
import { isRoot } from '../host/privileges.ts';
import type { Options } from '../options.ts';
import { setUpEmbedded, setUpGiven } from './database-setup.ts';
import {
  type DatabaseUrls,
  keysEnvironment,
  machineEnvironment,
  s3Environment,
  storageEnvironment,
} from './environments.ts';
import { LogFile } from './log-file.ts';
import { startNodeService } from './node-service.ts';
import { startPostgres } from './postgres.ts';
import type { Running } from './running.ts';
import { readRunning } from './running-file.ts';
import { ensureSecrets, type Secrets } from './secrets.ts';

/** The environment of a command that works on a data folder's database and storage: that of `api/dist/prepare.js`, and the keys of personal data. */
export type DataEnvironment = Record<string, string>;

/**
 * Gives work the database and the object storage of a data folder: those of the running product, else started for as long as it takes.
 * @throws SetupFailure where the product is just starting, or something does not come up
 */
export async function withData<T>(options: Options, work: (env: DataEnvironment) => Promise<T>): Promise<T> {
  mkdirSync(options.dataFolder, { recursive: true });
  const lock = await takeLock(`data ${path.resolve(options.dataFolder)}`);
  if (!('release' in lock)) return work(ofRunning(options));
  const started: Running[] = [];
  try {
    return await work(await startData(options, started));
  } finally {
    for (const each of started.toReversed()) await each.stop();
    await lock.release();
  }
}

function ofRunning(options: Options): DataEnvironment {
  const running = readRunning(options.dataFolder);
  if (running === undefined || running.ownerUrl === '')
    throw new SetupFailure(`Yike is just starting on ${options.dataFolder}: try again in a moment.`);
  const { ownerUrl, s3Endpoint } = running;
  const urls = { ownerUrl, appUrl: ownerUrl };
  return environmentFor(options, ensureSecrets(options.dataFolder), urls, s3Endpoint);
}

async function startData(options: Options, started: Running[]): Promise<DataEnvironment> {
  const secrets = ensureSecrets(options.dataFolder);
  const urls = await startDatabase(options, secrets, started);
  return environmentFor(options, secrets, urls, await startStorage(options, secrets, started));
}

async function startDatabase(options: Options, secrets: Secrets, started: Running[]): Promise<DatabaseUrls> {
  if (options.database !== undefined) return setUpGiven(options.database, secrets);
  const server = await startPostgres({
    dataFolder: path.join(options.dataFolder, 'postgres'),
    superuserPassword: secrets.postgresPassword,
    log: logOf(options, 'postgres').stream(),
  });
  started.push(server);
  return setUpEmbedded(server, secrets);
}

/** @returns the endpoint of storage */
async function startStorage(options: Options, secrets: Secrets, started: Running[]): Promise<string> {
  if (options.s3 !== undefined) return options.s3.endpoint;
  const [port = 0] = await freePorts(1);
  const folder = path.join(options.dataFolder, 's3');
  const endpoint = `http://127.0.0.1:${port}`;
  const ports = { api: 0, media: 0, rtc: 0, s3: port };
  const server = await startNodeService(
    {
      name: 's3',
      script: inCheckout('storage', 'dist', 'embedded', 'main.js'),
      env: {
        ...machineEnvironment(),
        ...s3Environment({ options, secrets, ports, folders: { s3: folder, spool: '' } }),
      },
      log: logOf(options, 's3'),
      ready: { url: endpoint, withinMs: 10_000, anyStatus: true },
      graceMs: 1_000,
      user: ownerOf(folder),
    },
    new AbortController().signal,
  );
  started.push(server);
  return endpoint;
}

/** Who owns what is there goes on owning what comes. */
function ownerOf(folder: string): { uid: number; gid: number } | undefined {
  if (!isRoot() || !existsSync(folder)) return undefined;
  const { uid, gid } = lstatSync(folder);
  return { uid, gid };
}

function environmentFor(
  options: Options,
  secrets: Secrets,
  { ownerUrl, appUrl }: DatabaseUrls,
  endpoint: string,
): DataEnvironment {
  const ports = { api: 0, media: 0, rtc: 0, s3: 0 };
  return {
    ...machineEnvironment(),
    ...storageEnvironment({ options, secrets, ports }),
    S3_ENDPOINT: endpoint,
    DATABASE_OWNER_URL: ownerUrl,
    DATABASE_URL: appUrl,
    ...keysEnvironment(secrets),
  };
}

const logOf = ({ dataFolder }: Options, name: string): LogFile =>
  new LogFile({ folder: path.join(dataFolder, 'logs'), name });
