import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { arch, platform, release } from 'node:os';
import path from 'node:path';
import { SetupFailure } from '../host/failure.ts';
import { cacheFolder, inCheckout } from '../host/paths.ts';
import { run } from '../host/run.ts';
import { isExecutable } from './programs.ts';

const DOWNLOAD_WITHIN_MS = 10_000;
const BUILD_WITHIN_MS = 20 * 60_000;
/** A mediasoup worker that is started without its parent's version ends with this code; so it runs on this machine. */
const RUNS_HERE = 41;

/** What we read of mediasoup's package.json. */
interface PackageFile {
  version: string;
  repository: { url: string };
}

/** A worker, and how we came by it, in a few words for the console. */
export interface MediaWorker {
  bin: string;
  origin: string;
}

/**
 * The mediasoup worker: the given one, the cached one, mediasoup's own prebuilt one, or one that is built from the
 * package's source with Debian's libraries (2 to 4 minutes), whichever comes first.
 * @param say is told what takes long.
 * @throws SetupFailure where none can be had.
 */
export async function ensureMediaWorker(
  say: (message: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): Promise<MediaWorker> {
  const bin = findMediaWorker(env);
  if (bin !== undefined) return { bin, origin: env.MEDIASOUP_WORKER_BIN ? 'given' : 'cached' };
  const cached = cachedWorker(env);
  if (await downloadPrebuilt(cached, env)) return { bin: cached, origin: 'downloaded' };
  say('building the mediasoup worker from its source, this takes 2 to 4 minutes once');
  await build(path.dirname(path.dirname(cached)), env);
  return { bin: cached, origin: 'built' };
}

/** The worker that is already there: the given one, else the cached one. @throws SetupFailure where the given one cannot be run. */
export function findMediaWorker(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const given = env.MEDIASOUP_WORKER_BIN;
  if (given !== undefined && given !== '') {
    if (isExecutable(given)) return given;
    throw new SetupFailure(`MEDIASOUP_WORKER_BIN names ${given}, which cannot be run.`);
  }
  const cached = cachedWorker(env);
  return isExecutable(cached) ? cached : undefined;
}

function cachedWorker(env: NodeJS.ProcessEnv): string {
  return path.join(cacheFolder(env), 'mediasoup-worker', mediasoup().version, 'mediasoup-worker');
}

function mediasoup(): PackageFile {
  const file = inCheckout('node_modules', 'mediasoup', 'package.json');
  return JSON.parse(readFileSync(file, 'utf8')) as PackageFile; // The lock file fixes what is in it.
}

/** Fetches what mediasoup publishes for this platform. False where it cannot be had quickly or does not run here. */
async function downloadPrebuilt(target: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const { version, repository } = mediasoup();
  const base =
    env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL ??
    `${repository.url.replace(/^git\+/, '').replace(/\.git$/, '')}/releases/download`;
  const kernel = platform() === 'linux' ? `-kernel${release().split('.')[0] ?? ''}` : '';
  const name = `mediasoup-worker-${version}-${platform()}-${arch()}${kernel}.tgz`;
  mkdirSync(path.dirname(path.dirname(target)), { recursive: true });
  const unpacked = mkdtempSync(`${path.dirname(target)}.`);
  try {
    const signal = AbortSignal.timeout(DOWNLOAD_WITHIN_MS);
    const reply = await fetch(`${base}/${version}/${name}`, { signal });
    if (!reply.ok) return false;
    writeFileSync(path.join(unpacked, name), Buffer.from(await reply.arrayBuffer()));
    const { code } = await run('tar', ['-xzf', name], { cwd: unpacked });
    rmSync(path.join(unpacked, name));
    const bin = path.join(unpacked, 'mediasoup-worker');
    if (code !== 0 || spawnSync(bin, { env: {}, stdio: 'ignore' }).status !== RUNS_HERE) return false;
    rmSync(path.dirname(target), { recursive: true, force: true });
    renameSync(unpacked, path.dirname(target));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
    return false; // No network, or not in time: the source is here.
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
}

async function build(cache: string, env: NodeJS.ProcessEnv): Promise<void> {
  const script = inCheckout('scripts', 'mediasoup-worker', 'build-worker.sh');
  const shim = inCheckout('scripts', 'mediasoup-worker', 'shim');
  const { code, output } = await run('bash', [script, inCheckout('node_modules', 'mediasoup'), shim, cache], {
    env,
    timeoutMs: BUILD_WITHIN_MS,
  });
  if (code === 0) return;
  const reason = output.trim().split('\n').at(-1) ?? '';
  throw new SetupFailure(
    `The mediasoup worker could not be built (${reason.replace(/^build-worker: /, '')}): ` +
      'mend this, or set MEDIASOUP_WORKER_BIN to a worker.',
  );
}
