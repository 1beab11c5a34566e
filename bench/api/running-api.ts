import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { endChild, exitOf } from '../../scripts/services/running.ts';

/** What the bench tells the API's process: what its clock shows from now on, unix ms. */
export interface ApiOrder {
  readonly nowMs: number;
}
export type ApiMessage = { readonly origin: string } | { readonly nowMs: number };

const API_SCRIPT = fileURLToPath(new URL('../api-process.ts', import.meta.url));
const STOP_WITHIN_MS = 10_000;

export interface RunningApiOptions {
  /** What is run instead of the built API: it takes the same orders and says the same. */
  readonly script?: string;
  /** For the process, `--cpu-prof` for instance. */
  readonly nodeOptions?: readonly string[];
}

/** The built API, or a peer of it, in a process of its own. */
export class RunningApi {
  readonly origin: string;
  readonly #child: ChildProcess;
  readonly #stop: () => Promise<void>;

  private constructor(origin: string, child: ChildProcess, stop: () => Promise<void>) {
    this.origin = origin;
    this.#child = child;
    this.#stop = stop;
  }

  /** @param config what the script takes, in JSON, as its argument. @throws where it does not come up */
  static async start(
    config: unknown,
    { script = API_SCRIPT, nodeOptions = [] }: RunningApiOptions = {},
  ): Promise<RunningApi> {
    const execArgv = ['--conditions=yike-source', ...nodeOptions];
    const child = fork(script, [JSON.stringify(config)], { execArgv });
    const exited = exitOf(child);
    const stop = async (): Promise<void> => {
      if (child.connected) child.disconnect();
      const late = setTimeout(
        () => void endChild(child, exited, { signal: 'SIGTERM', graceMs: 1_000 }),
        STOP_WITHIN_MS,
      );
      await exited;
      clearTimeout(late);
    };
    const said = await Promise.race([once(child, 'message') as Promise<[ApiMessage]>, exited]);
    const [message] = Array.isArray(said) ? said : [undefined];
    if (message === undefined || !('origin' in message)) throw new Error('the API did not start');
    return new RunningApi(message.origin, child, stop);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves once the API's clock stands there; it stands still from then on. */
  async setClock(nowMs: number): Promise<void> {
    const set = once(this.#child, 'message');
    this.#child.send({ nowMs } satisfies ApiOrder);
    await set;
  }

  stop(): Promise<void> {
    return this.#stop();
  }
}
