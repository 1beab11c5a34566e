import { spawn } from 'node:child_process';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupFailure } from '../host/failure.ts';
import type { LogFile } from './log-file.ts';
import { endChild, type Exit, exitOf, type Running } from './running.ts';

const POLL_MS = 50;

export interface NodeService {
  /** As the console and the log name it. */
  name: string;
  /** The program's file, and Node's own options before it. */
  script: string;
  nodeOptions?: string[];
  /** The whole environment: nothing of ours is inherited unless it stands here. */
  env: Record<string, string>;
  log: LogFile;
  /** It is ready when this answers: with 200, or with anything where `anyStatus` is set. */
  ready: { url: string; withinMs: number; anyStatus?: boolean };
  /** How long it may take to end in order. */
  graceMs: number;
  /** Under whom it runs; absent: as we do. */
  user?: { uid: number; gid: number } | undefined;
}

/**
 * Starts a Node program as a child and waits until it is ready. The child stands in a process group of its own, so that a
 * terminal's Ctrl-C is for the supervisor alone, and ends by itself when its standard input closes
 * (`YIKE_PARENT_WATCH`), so that it does not outlive a supervisor that was killed.
 * @throws SetupFailure where it ends or is not ready in time; it is not running then.
 */
export async function startNodeService(service: NodeService, aborted: AbortSignal): Promise<Running> {
  const { log, user } = service;
  log.forget();
  const child = spawn(process.execPath, [...(service.nodeOptions ?? []), service.script], {
    ...user,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...service.env, YIKE_PARENT_WATCH: '1' },
  });
  child.stdin.on('error', () => undefined); // It ended: 'exit' tells.
  child.stdout.pipe(log.stream());
  child.stderr.pipe(log.stream());
  const exited = exitOf(child);
  const stop = (): Promise<void> => endChild(child, exited, { signal: 'SIGTERM', graceMs: service.graceMs });
  try {
    await untilReady(service, exited, aborted);
  } catch (error) {
    await endChild(child, exited, { signal: 'SIGKILL', graceMs: 1_000 });
    throw error;
  }
  return { pid: child.pid ?? 0, exited, stop };
}

async function untilReady(
  { name, log, ready }: NodeService,
  exited: Promise<Exit>,
  aborted: AbortSignal,
): Promise<void> {
  let exit: Exit | undefined;
  void exited.then((value) => (exit = value));
  const deadline = Date.now() + ready.withinMs;
  while (!(await answers(ready))) {
    aborted.throwIfAborted();
    if (exit !== undefined) throw new SetupFailure(`${name} ${describeExit(exit, log.lastError)}.`);
    if (Date.now() > deadline) {
      const seconds = ready.withinMs / 1_000;
      throw new SetupFailure(`${name} was not ready within ${seconds} s${because(log.lastError)}.`);
    }
    await sleep(POLL_MS);
  }
}

/** "was killed by SIGKILL", "ended with code 1 (no memory)". */
export function describeExit({ code, signal }: Exit, lastError = ''): string {
  if (signal !== null) return `was killed by ${signal}`;
  return `ended with code ${code ?? 'unknown'}${because(lastError)}`;
}

function because(reason: string): string {
  const short = reason.length > 200 ? `${reason.slice(0, 200)}…` : reason;
  return short === '' ? '' : ` (${short.replace(/[.\s]+$/, '')})`;
}

function answers({ url, anyStatus = false }: NodeService['ready']): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = get(url, { agent: false, timeout: 2_000 }, (reply) => {
      reply.resume();
      resolve(anyStatus || reply.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
  });
}
