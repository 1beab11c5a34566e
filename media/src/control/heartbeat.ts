import { Inject, Injectable } from '@nestjs/common';
import { type NodeHeartbeat, NodeHeartbeatReply } from '@yike/contracts/control/commands';
import { CONFIG, type MediaConfig } from '../config.ts';
import { LOG, type Log } from '../platform/logger.ts';
import { WorkerPool } from '../sfu/worker-pool.ts';
import { ApiClient } from './api-client.ts';
import { Broadcasts } from './broadcasts.ts';

const EVERY_MS = 5000;
/** Sooner while the API is away: pages wait to hear what a restarted node carries. */
const RETRY_AFTER_MS = 1000;
const REPLY_WITHIN_MS = 4000;
/** A broadcast that no reply has named for so long is not ours any more; one reply alone may have crossed its opening. */
const UNNAMED_FOR_MS = 8000;

/** Tells the API every 5 s, and at once on change, that this node is there; does what the reply wants. */
@Injectable()
export class Heartbeat {
  readonly #config: MediaConfig;
  readonly #api: ApiClient;
  readonly #broadcasts: Broadcasts;
  readonly #pool: WorkerPool;
  readonly #log: Log;
  readonly #startedAtMs = Date.now();
  /** Open broadcasts that the last reply did not name, and since when. */
  #unnamedSinceMs = new Map<string, number>();
  #state: NodeHeartbeat['state'] = 'ready';
  #controlUrl = '';
  #timer: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #isApiAway = false;

  constructor(
    @Inject(CONFIG) config: MediaConfig,
    api: ApiClient,
    broadcasts: Broadcasts,
    pool: WorkerPool,
    @Inject(LOG) log: Log,
  ) {
    this.#config = config;
    this.#api = api;
    this.#broadcasts = broadcasts;
    this.#pool = pool;
    this.#log = log;
  }

  /** @param ownUrl where this process listens; told to the API unless CONTROL_URL says otherwise */
  start(ownUrl: string): void {
    this.#controlUrl = this.#config.CONTROL_URL ?? ownUrl;
    this.#timer = setInterval(() => void this.beat(), EVERY_MS);
    this.#broadcasts.onChange(() => void this.beat());
    void this.beat();
  }

  /** Nothing new is placed here any more. */
  get isDraining(): boolean {
    return this.#state === 'draining';
  }

  /** The API did not answer the last heartbeat. */
  get isApiAway(): boolean {
    return this.#isApiAway;
  }

  /** From now on the API places nothing here. */
  async drain(): Promise<void> {
    this.#state = 'draining';
    clearInterval(this.#timer);
    await this.#beating;
    clearTimeout(this.#retry);
    await this.beat();
  }

  /** One heartbeat; while one is under way there is no other. Never rejects. */
  beat(): Promise<void> {
    this.#beating ??= this.#beat().finally(() => (this.#beating = undefined));
    return this.#beating;
  }

  async #beat(): Promise<void> {
    const openBefore = this.#broadcasts.open;
    try {
      const path = `/api/internal/media-nodes/${this.#config.MEDIA_NODE_ID}`;
      const reply = await this.#api.send('PUT', path, this.#content(), REPLY_WITHIN_MS);
      if (this.#isApiAway) this.#log.info('the API is back');
      this.#isApiAway = false;
      if (this.#state === 'ready') await this.#follow(NodeHeartbeatReply.parse(reply), openBefore);
    } catch (error) {
      if (!this.#isApiAway) this.#log.warn({ err: error }, 'the API does not hear this node');
      this.#isApiAway = true;
      if (this.#state === 'ready') this.#retryLater();
    }
  }

  #retryLater(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.beat(), RETRY_AFTER_MS);
  }

  #content(): NodeHeartbeat {
    return {
      nodeId: this.#config.MEDIA_NODE_ID,
      controlUrl: this.#controlUrl,
      socketPath: `${this.#config.PUBLIC_PATH}/socket.io`,
      publicOrigin: this.#config.PUBLIC_ORIGIN ?? null,
      state: this.#state,
      load: this.#pool.load,
      startedAtMs: this.#startedAtMs,
    };
  }

  /** @param openBefore what was open when the question went out: what was opened since cannot be in the reply */
  async #follow({ wanted }: NodeHeartbeatReply, openBefore: readonly string[]): Promise<void> {
    const named = new Set<string>(wanted.map(({ broadcastId }) => broadcastId));
    const now = performance.now();
    const unnamed = openBefore.filter((id) => !named.has(id));
    this.#unnamedSinceMs = new Map(unnamed.map((id) => [id, this.#unnamedSinceMs.get(id) ?? now]));
    const unwanted = unnamed.filter((id) => now - (this.#unnamedSinceMs.get(id) ?? now) >= UNNAMED_FOR_MS);
    await this.#broadcasts.reconcile(wanted, unwanted);
  }
}
