import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { TRACK_PIPES } from '../core/ffmpeg-arguments.ts';
import { dyingWithParent } from './dies-with-parent.ts';

export interface FfmpegOptions {
  readonly path: string;
  readonly args: readonly string[];
  /** Written to its standard input, which is closed then. */
  readonly input: string;
  /** As whom it runs; as we are where absent. */
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/** How a process ended, and the end of what it said. */
export interface FfmpegExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

const STDERR_CHARACTERS = 4_000;
const POLL_MS = 10;
const TERM_AFTER_MS = 3_000;
const KILL_AFTER_MS = 1_000;

/**
 * One ffmpeg with two output pipes. It is killed by the kernel when this process dies (where util-linux is there to ask for it):
 * without its senders it would wait for packets for ever.
 */
export class FfmpegProcess {
  /** Resolves when the process has gone and every byte of its pipes has been read; never rejects. */
  readonly exited: Promise<FfmpegExit>;
  readonly #child: ChildProcess;
  #stderr = '';
  #hasExited = false;

  private constructor(child: ChildProcess, input: string) {
    this.#child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_CHARACTERS);
    });
    child.on('error', (error) => {
      this.#stderr += error.message;
    });
    this.exited = once(child, 'close').then(
      () => this.#exit(),
      () => this.#exit(),
    );
    child.stdin?.on('error', () => {
      // It is gone already, and `exited` tells.
    });
    child.stdin?.end(input);
  }

  /** Starts it. A program that cannot be started shows in {@link exited}, not here. */
  static start({ path, args, input, uid, gid }: FfmpegOptions): FfmpegProcess {
    const child = spawn(...dyingWithParent(path, args), {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
    return new FfmpegProcess(child, input);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The end of what it has said so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** The bytes of one track. */
  output(kind: keyof typeof TRACK_PIPES): Readable {
    // Every descriptor was asked for as a pipe above.
    return this.#child.stdio[TRACK_PIPES[kind]] as Readable;
  }

  /** Resolves when it has bound these UDP ports. @throws Error where it ends before, or is not there in time */
  async listening(ports: readonly number[], withinMs: number): Promise<void> {
    const attempts = Math.ceil(withinMs / POLL_MS);
    for (let attempt = 0; attempt < attempts && !this.#hasExited; attempt += 1) {
      if (await areBound(ports)) return;
      await sleep(POLL_MS);
    }
    throw new Error(`ffmpeg does not listen: ${this.#stderr.trim().split('\n').at(-1) ?? ''}`);
  }

  /** Waits for its end, which a goodbye on RTCP brings about, and helps by signals where it does not come. */
  async stopped(): Promise<FfmpegExit> {
    const terminate = setTimeout(() => this.#child.kill('SIGTERM'), TERM_AFTER_MS);
    const kill = setTimeout(() => this.kill(), TERM_AFTER_MS + KILL_AFTER_MS);
    const exit = await this.exited;
    clearTimeout(terminate);
    clearTimeout(kill);
    return exit;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #exit(): FfmpegExit {
    this.#hasExited = true;
    return { code: this.#child.exitCode, signal: this.#child.signalCode, stderr: this.#stderr };
  }
}

/** Whether all these UDP ports are bound by anybody, as the kernel tells. */
async function areBound(ports: readonly number[]): Promise<boolean> {
  const table = await readFile('/proc/net/udp', 'utf8');
  return ports.every((port) => table.includes(`:${port.toString(16).toUpperCase().padStart(4, '0')} `));
}
