import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { debianPackages } from '../host/debian-packages.ts';
import { freePorts } from '../host/ports.ts';
import { endChild, exitOf, type Running } from '../services/running.ts';

/** A Redis of its own, with a password, on a port of its own that it keeps over restarts. */
export interface TestRedis {
  readonly url: string;
  /** As when its machine is gone. */
  kill(): Promise<void>;
  /** Starts it again, empty. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 10_000;
const GRACE_MS = 3_000;

/** Starts Debian's Redis, which is unpacked in the cache folder and not installed; it keeps nothing on disk. */
export async function startTestRedis(): Promise<TestRedis> {
  const tree = await debianPackages('redis-server');
  const program = tree.program('redis-server');
  const password = randomBytes(24).toString('hex');
  const [port = 0] = await freePorts(1);
  let running = await launch();
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    kill: () => running.stop(),
    restart: async () => {
      running = await launch();
    },
    stop: () => running.stop(),
  };

  async function launch(): Promise<Pick<Running, 'stop'>> {
    const child = spawn(program, ['-'], {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { ...process.env, ...tree.env },
    });
    const exited = exitOf(child);
    child.stdin.end(`bind 127.0.0.1\nport ${port}\nrequirepass ${password}\nsave ""\nappendonly no\n`);
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await answers(port))) {
      if (Date.now() > deadline) throw new Error('Redis was not ready within 10 s');
      await sleep(20);
    }
    return { stop: () => endChild(child, exited, { signal: 'SIGKILL', graceMs: GRACE_MS }) };
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
