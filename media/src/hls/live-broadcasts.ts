import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { CONFIG, type MediaConfig } from '../config.ts';
import type { LiveOutput, LiveOutputs } from '../recording/ports.ts';
import { folderKeys } from './addresses.ts';
import { LiveBroadcast } from './live-broadcast.ts';

/** Players learn that it is over by the playlist itself; then they have no more to ask. */
const LINGERS_MS = 90_000;

/** The live side of this node's broadcasts. The recorder feeds them, viewers read them. */
@Injectable()
export class LiveBroadcasts implements LiveOutputs, BeforeApplicationShutdown {
  readonly #keyOf: (broadcastId: string) => string;
  readonly #broadcasts = new Map<string, LiveBroadcast>();

  constructor(@Inject(CONFIG) config: Pick<MediaConfig, 'MEDIA_NODE_SECRET'>) {
    this.#keyOf = folderKeys(config.MEDIA_NODE_SECRET);
  }

  open(broadcastId: string): LiveOutput {
    const broadcast = new LiveBroadcast(this.#keyOf(broadcastId), () =>
      this.#forgetLater(broadcastId, broadcast),
    );
    this.#broadcasts.set(broadcastId, broadcast);
    return broadcast;
  }

  find(broadcastId: string): LiveBroadcast | undefined {
    return this.#broadcasts.get(broadcastId);
  }

  /** Requests that wait for media, of all broadcasts. */
  get waitingCount(): number {
    return [...this.#broadcasts.values()].reduce((sum, { waitingCount }) => sum + waitingCount, 0);
  }

  beforeApplicationShutdown(): void {
    for (const broadcast of this.#broadcasts.values()) broadcast.close();
  }

  #forgetLater(broadcastId: string, broadcast: LiveBroadcast): void {
    const forget = (): void => {
      if (this.#broadcasts.get(broadcastId) === broadcast) this.#broadcasts.delete(broadcastId);
    };
    setTimeout(forget, LINGERS_MS).unref();
  }
}
