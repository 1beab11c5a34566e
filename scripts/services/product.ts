import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { createMinioStore } from '@yike/storage/minio-store';
import type { ObjectStore } from '@yike/storage/object-store';
import { seedDemo } from '../demo/seed.ts';
import { Front } from '../front/front.ts';
import { displayHost, rtcAddress } from '../host/addresses.ts';
import { SetupFailure } from '../host/failure.ts';
import { takeLock } from '../host/lock.ts';
import { inCheckout } from '../host/paths.ts';
import { freePortRow, freePorts } from '../host/ports.ts';
import { run } from '../host/run.ts';
import { isLoopback, type Options } from '../options.ts';
import { provideParts } from '../setup/parts.ts';
import type { Steps } from '../setup/steps.ts';
import { API_NODE_OPTIONS } from './api-node-options.ts';
import { setUpEmbedded, setUpGiven } from './database-setup.ts';
import {
  apiEnvironment,
  type DatabaseUrls,
  machineEnvironment,
  mediaEnvironment,
  type Plan,
  type Ports,
  s3Environment,
  storageEnvironment,
} from './environments.ts';
import { chooseIdentity, giveFolder } from './identity.ts';
import { LogFile } from './log-file.ts';
import { type NodeService, startNodeService } from './node-service.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';
import { type RunningProduct, runningFile } from './running-file.ts';
import { ensureSecrets } from './secrets.ts';
import { Supervisor } from './supervisor.ts';

/** The whole product on this machine: its parts under one supervisor, behind one front. */
export class Product {
  /** Under which address a person opens it. Known once it has started. */
  origin = '';
  /** The demo accounts as lines to print; empty where there are none. */
  accounts: string[] = [];
  readonly #options: Options;
  readonly #steps: Steps;
  readonly #supervisor: Supervisor;
  readonly #runningFile: string;
  #front: Front | undefined;
  #ownerUrl = '';
  #s3Endpoint = '';
  #pids: Record<string, number> = {};

  constructor(options: Options, steps: Steps, onNotice: (line: string) => void) {
    this.#options = options;
    this.#steps = steps;
    this.#runningFile = runningFile(options.dataFolder);
    this.#supervisor = new Supervisor({ onNotice, onChange: (pids) => this.#tell(pids) });
  }

  /** Sets up what is missing and starts all parts. @throws SetupFailure; `stop` is to be called then as well */
  async start(): Promise<void> {
    const { dataFolder } = this.#options;
    mkdirSync(dataFolder, { recursive: true });
    await this.#lockData();
    const ports = await this.#openFront();

    const programs = await provideParts(this.#steps);
    const identity = chooseIdentity(programs, dataFolder, (line) => console.log(`  … ${line}`));
    const plan: Plan = {
      options: this.#options,
      secrets: ensureSecrets(dataFolder),
      ports,
      identity,
      folders: { s3: path.join(dataFolder, 's3'), spool: path.join(dataFolder, 'spool') },
      rtc: rtcAddress(this.#options),
      workers: this.#workers(),
      showsDemo: this.#options.hasDemo && isLoopback(this.#options.host),
    };
    this.#s3Endpoint = storageEnvironment(plan).S3_ENDPOINT;
    // Media needs no database, and the database no storage: what is quicker need not wait.
    const storage = this.#startStorage(plan);
    const media = storage.then(() => this.#startMedia(plan));
    media.catch(() => undefined); // Awaited below, unless something else fails before.
    const [urls, store] = await Promise.all([this.#startDatabase(plan), storage]);
    this.#ownerUrl = urls.ownerUrl;
    await Promise.all([this.#seed(plan, urls, store), this.#startApi(plan, urls), media]);
    store.close();
  }

  /** Stops everything, the last started first. */
  async stop(): Promise<void> {
    await this.#front?.close();
    await this.#supervisor.stop();
    if (this.#front !== undefined) rmSync(this.#runningFile, { force: true });
  }

  /** Ends everything at once. */
  kill(): void {
    this.#supervisor.kill();
  }

  async #lockData(): Promise<void> {
    const lock = await takeLock(`data ${path.resolve(this.#options.dataFolder)}`);
    if ('release' in lock) return; // Held until this process ends.
    throw new SetupFailure(
      `Yike already runs on ${this.#options.dataFolder} (process ${lock.heldBy}): stop it first, or set YIKE_DATA to another folder.`,
    );
  }

  /** The front opens first: a busy port is told at once, and whoever comes early is asked to come again. */
  async #openFront(): Promise<Ports> {
    const { host, port, bucket, rtc } = this.#options;
    const [api = 0, media = 0, s3 = 0] = await freePorts(3);
    // Browsers reach a given S3 by its own address.
    const objects = this.#options.s3 === undefined ? s3 : api;
    const backends = { api: local(api), media: local(media), s3: local(objects) };
    try {
      this.#front = await Front.listen({ host, port, bucket, backends });
    } catch (error) {
      throw portFailure(error, host, port);
    }
    this.origin = `http://${displayHost(host)}:${this.#front.address.port}`;
    const { listenIp } = rtcAddress(this.#options);
    return { api, media, s3, rtc: rtc.port ?? (await freePortRow(this.#workers(), listenIp)) };
  }

  #workers(): number {
    return this.#options.workers ?? availableParallelism();
  }

  #startDatabase(plan: Plan): Promise<DatabaseUrls> {
    return this.#steps.run('database', async () => {
      const urls = await this.#provideDatabase(plan);
      const script = inCheckout('api', 'dist', 'database', 'migrate.js');
      const env = { ...machineEnvironment(), DATABASE_OWNER_URL: urls.ownerUrl };
      const { code, output } = await run(process.execPath, [script], { env });
      if (code !== 0) throw new SetupFailure(`The database could not be migrated:\n${output.trim()}`);
      return [urls, this.#options.database === undefined ? 'embedded PostgreSQL' : 'the given PostgreSQL'];
    });
  }

  async #provideDatabase({ secrets, options }: Plan): Promise<DatabaseUrls> {
    if (options.database !== undefined) return setUpGiven(options.database, secrets);
    const log = this.#log('postgres');
    let server: PostgresServer | undefined;
    await this.#supervisor.start({
      name: 'postgres',
      lastError: () => log.lastError,
      start: async () => {
        server = await startPostgres({
          dataFolder: path.join(options.dataFolder, 'postgres'),
          superuserPassword: secrets.postgresPassword,
          log: log.stream(),
        });
        return server;
      },
    });
    if (server === undefined) throw new Error('the supervisor has not started what it was given');
    return setUpEmbedded(server, secrets);
  }

  #startStorage(plan: Plan): Promise<ObjectStore> {
    return this.#steps.run('storage', async () => {
      if (this.#options.s3 !== undefined) return [await openBucket(plan), 'the given S3'];
      giveFolder(plan.folders.s3, plan.identity.user);
      await this.#startNode({
        name: 's3',
        script: inCheckout('storage', 'dist', 'embedded', 'main.js'),
        env: s3Environment(plan),
        ready: { url: local(plan.ports.s3), withinMs: 10_000, anyStatus: true },
        graceMs: 1_000,
        user: plan.identity.user,
      });
      return [await openBucket(plan), 'embedded S3'];
    });
  }

  async #seed(plan: Plan, urls: DatabaseUrls, store: ObjectStore): Promise<void> {
    if (!this.#options.hasDemo) return;
    this.accounts = await this.#steps.run('demo', (say) => seedDemo(plan, urls, store, say));
  }

  async #startMedia(plan: Plan): Promise<void> {
    giveFolder(plan.folders.spool, plan.identity.user);
    await this.#steps.run('media', async () => {
      await this.#startNode({
        name: 'media',
        script: inCheckout('media', 'dist', 'main.js'),
        env: mediaEnvironment(plan),
        ready: { url: `${local(plan.ports.media)}/ready`, withinMs: 30_000 },
        graceMs: 5_500,
        user: plan.identity.user,
      });
      return [undefined, `${plan.workers} workers`];
    });
  }

  async #startApi(plan: Plan, urls: DatabaseUrls): Promise<void> {
    await this.#steps.run('api', async () => {
      await this.#startNode({
        name: 'api',
        script: inCheckout('api', 'dist', 'main.js'),
        nodeOptions: [...API_NODE_OPTIONS],
        env: apiEnvironment(plan, urls),
        ready: { url: `${local(plan.ports.api)}/ready`, withinMs: 30_000 },
        graceMs: 2_500,
        user: plan.identity.user,
      });
      return [undefined, ''];
    });
  }

  async #startNode(service: Omit<NodeService, 'log'>): Promise<void> {
    const log = this.#log(service.name);
    // Compiled code is kept from one start to the next: a quarter of a part's start.
    const compiled = path.join(this.#options.dataFolder, 'compiled');
    giveFolder(compiled, service.user);
    const env = { ...machineEnvironment(), NODE_COMPILE_CACHE: compiled, ...service.env };
    const whole = { ...service, log, env };
    await this.#supervisor.start({
      name: service.name,
      start: (aborted) => startNodeService(whole, aborted),
      lastError: () => log.lastError,
    });
  }

  #log(name: string): LogFile {
    return new LogFile({ folder: path.join(this.#options.dataFolder, 'logs'), name });
  }

  #tell(pids: Record<string, number>): void {
    this.#pids = pids;
    if (!existsSync(this.#options.dataFolder)) return;
    const running: RunningProduct = {
      origin: this.origin,
      supervisor: process.pid,
      pids: this.#pids,
      ownerUrl: this.#ownerUrl,
      s3Endpoint: this.#s3Endpoint,
    };
    // Whole at every moment: others read it while a part is being restarted.
    const unfinished = `${this.#runningFile}.new`;
    writeFileSync(unfinished, JSON.stringify(running), { mode: 0o600 });
    renameSync(unfinished, this.#runningFile);
  }
}

async function openBucket(plan: Plan): Promise<ObjectStore> {
  const storage = storageEnvironment(plan);
  const store = createMinioStore({
    endpoint: storage.S3_ENDPOINT,
    accessKey: storage.S3_ACCESS_KEY,
    secretKey: storage.S3_SECRET_KEY,
    bucket: storage.S3_BUCKET,
    region: storage.S3_REGION,
  });
  try {
    await store.ensureBucket();
    return store;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SetupFailure(`The object storage at ${storage.S3_ENDPOINT} cannot be used: ${reason}.`);
  }
}

function local(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function portFailure(error: unknown, host: string, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new SetupFailure(
      `Port ${port} on ${host} is in use: stop what listens there, or set YIKE_PORT to another.`,
    );
  }
  if (code === 'EACCES')
    return new SetupFailure(`This user may not listen on port ${port}: set YIKE_PORT above 1023.`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new SetupFailure(`YIKE_HOST is "${host}", which is no address of this machine.`);
  }
  return error;
}
