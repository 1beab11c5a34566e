import { setTimeout as sleep } from 'node:timers/promises';
import { restartDelayMs, STEADY_AFTER_MS } from './back-off.ts';
import { describeExit } from './node-service.ts';
import type { Running } from './running.ts';

/** Something that is kept running. */
export interface Service {
  name: string;
  /** Starts it and resolves when it is ready; rejects, and leaves nothing running, where that fails. */
  start(aborted: AbortSignal): Promise<Running>;
  /** Why it died, as far as it said so. */
  lastError?(): string;
}

export interface SupervisorOptions {
  /** Told in one line when a service has died and when a new start has failed. */
  onNotice(line: string): void;
  /** Told whenever a service has a new process. */
  onChange?(pids: Record<string, number>): void;
}

/**
 * Keeps services running: what dies is started again, at once the first time and then with growing waits. Services are
 * stopped in the reverse order of their start.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #stopping = new AbortController();
  /** In the order of their start. */
  readonly #services: string[] = [];
  readonly #running = new Map<string, Running>();
  readonly #keepers = new Map<string, Promise<void>>();

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Starts a service for the first time, and keeps it from then on. A first start that fails is not repeated. */
  async start(service: Service): Promise<Running> {
    this.#stopping.signal.throwIfAborted();
    this.#services.push(service.name);
    const running = await service.start(this.#stopping.signal);
    this.#record(service.name, running);
    this.#keepers.set(service.name, this.#keep(service, running));
    return running;
  }

  /** Stops everything, the last started first; no service is started again. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const name of this.#services.toReversed()) {
      await this.#running.get(name)?.stop();
      await this.#keepers.get(name);
    }
  }

  /** Ends everything at once, without a goodbye. */
  kill(): void {
    this.#stopping.abort();
    for (const { pid } of this.#running.values()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Gone already.
      }
    }
  }

  async #keep(service: Service, first: Running): Promise<void> {
    let running: Running | undefined = first;
    let deaths = 0;
    while (running !== undefined) {
      const bornAt = Date.now();
      const exit = await running.exited;
      this.#running.delete(service.name);
      if (this.#stopping.signal.aborted) return;
      if (Date.now() - bornAt >= STEADY_AFTER_MS) deaths = 0;
      deaths += 1;
      this.#announce(`${service.name} ${describeExit(exit, service.lastError?.())}`, deaths);
      [running, deaths] = await this.#revive(service, deaths);
    }
  }

  /** Tries until it runs again; `undefined` when all is being stopped. */
  async #revive(service: Service, deaths: number): Promise<[Running | undefined, number]> {
    const { signal } = this.#stopping;
    for (let failures = deaths; ; failures += 1) {
      try {
        await sleep(restartDelayMs(failures), undefined, { signal });
        const running = await service.start(signal);
        this.#record(service.name, running);
        if (signal.aborted) await running.stop();
        return [running, failures];
      } catch (error) {
        if (signal.aborted) return [undefined, failures];
        const reason = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
        this.#announce(reason.includes(service.name) ? reason : `${service.name}: ${reason}`, failures + 1);
      }
    }
  }

  #announce(what: string, deaths: number): void {
    const waitMs = restartDelayMs(deaths);
    const when = waitMs === 0 ? 'at once' : `in ${waitMs / 1_000} s`;
    this.#options.onNotice(`${what}; it is started again ${when}.`);
  }

  #record(name: string, running: Running): void {
    this.#running.set(name, running);
    const pids = this.#services.flatMap((each) => {
      const pid = this.#running.get(each)?.pid;
      return pid === undefined ? [] : [[each, pid] as const];
    });
    this.#options.onChange?.(Object.fromEntries(pids));
  }
}
