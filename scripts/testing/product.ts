import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { CHECKOUT, inCheckout } from '../host/paths.ts';
import { readRunning, type RunningProduct } from '../services/running-file.ts';
import { exitOf } from '../services/running.ts';

/** A part of the product that runs as a process of its own. */
export type Part = 'postgres' | 's3' | 'media' | 'api';

/** The product as `npm start` runs it, on ports and data of its own. */
export interface StartedProduct {
  /** `http://localhost:<port>` */
  origin: string;
  dataDir: string;
  /** The database's owner's URL, for a test's own look at the rows. */
  ownerUrl: string;
  /** What the supervisor has printed so far, line by line. */
  lines: string[];
  /** The part's process now; another one after a restart. */
  pidOf(part: Part): number;
  /** Sends a signal to a part, `SIGKILL` by default. */
  kill(part: Part, signal?: NodeJS.Signals): void;
  /** Ctrl-C; resolves when all is gone, with the supervisor's exit code. Fresh data is removed; given data stays. */
  stop(): Promise<number | null>;
}

const READY_WITHIN_MS = 120_000;

/**
 * Starts the built product (by the supervisor, as a person does) and resolves when it is ready.
 * @param options `dataDir`: data to go on with, which is kept at the end; without it fresh data under the temporary folder.
 *   `env`: more of the supervisor's environment, `YIKE_DEMO=0` for instance.
 * @throws with the supervisor's output where it does not become ready
 */
export async function startProduct(
  options: { dataDir?: string; env?: Record<string, string> } = {},
): Promise<StartedProduct> {
  const dataDir = options.dataDir ?? freshFolder();
  const script = inCheckout('scripts', 'start.ts');
  const child = spawn(process.execPath, ['--conditions=yike-source', script], {
    cwd: CHECKOUT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'], // It stops when this process goes, whose end closes the channel.
    env: { ...process.env, YIKE_PORT: '0', YIKE_DATA: dataDir, NODE_ENV: 'development', ...options.env },
  });
  const exited = exitOf(child);
  const lines: string[] = [];
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (line.startsWith('Yike is ready')) resolve();
      });
    }
  });
  const late = new AbortController();
  const isReady = await Promise.race([
    ready.then(() => true),
    exited.then(() => false),
    once(late.signal, 'abort', { signal: AbortSignal.timeout(READY_WITHIN_MS) }).catch(() => false),
  ]);
  const stop = async (): Promise<number | null> => {
    child.kill('SIGINT');
    const { code } = await exited;
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    return code;
  };
  if (!isReady) {
    await stop();
    throw new Error(`the product did not start:\n${lines.join('\n')}`);
  }
  const running = runningIn(dataDir);
  const pidOf = (part: Part): number => runningIn(dataDir).pids[part] ?? 0;
  return {
    origin: running.origin,
    ownerUrl: running.ownerUrl,
    dataDir,
    lines,
    pidOf,
    kill: (part, signal = 'SIGKILL') => {
      const pid = pidOf(part);
      if (pid === 0) throw new Error(`${part} is not running`);
      process.kill(pid, signal);
    },
    stop,
  };
}

/** A folder that others may enter: started as root, the product's parts run as `nobody`. */
function freshFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'yike-product-'));
  chmodSync(folder, 0o755);
  return folder;
}

function runningIn(dataDir: string): RunningProduct {
  const running = readRunning(dataDir);
  if (running === undefined) throw new Error('the product is not running');
  return running;
}
