import type { BroadcastId, PlaybackId } from '@yike/contracts/ids';
import type {
  ApiToPortal,
  BeatAck,
  BeatBatch,
  BroadcastNews,
  PortalToApi,
} from '@yike/contracts/realtime/viewing';
import type { Socket } from 'socket.io-client';
import { newRequestId } from '#lib/api/request-id.ts';
import { asker } from '#lib/live/acknowledged.ts';

/** The page's socket to the API; it reconnects by itself, with the session's cookie. */
export class ViewingLink {
  readonly #socket: Socket<ApiToPortal, PortalToApi>;
  readonly #ask: ReturnType<typeof asker<PortalToApi>>;

  private constructor(socket: Socket<ApiToPortal, PortalToApi>) {
    this.#socket = socket;
    this.#ask = asker<PortalToApi>(socket);
  }

  static async open(): Promise<ViewingLink> {
    const { io } = await import('socket.io-client');
    return new ViewingLink(
      io({
        path: '/api/socket.io',
        auth: { requestId: newRequestId() },
        transports: ['websocket', 'polling'],
        tryAllTransports: true,
        reconnectionDelay: 500,
        reconnectionDelayMax: 5_000,
      }),
    );
  }

  get isConnected(): boolean {
    return this.#socket.connected;
  }

  sendBeats(batch: BeatBatch): Promise<BeatAck> {
    return this.#ask('viewing:beat', batch);
  }

  /** @param insteadOf another session of this page, which passes its lease on: nobody pressed Play */
  takeLease(playbackId: PlaybackId, insteadOf?: PlaybackId): Promise<{ since: string }> {
    return this.#ask('lease:take', { playbackId, ...(insteadOf !== undefined && { insteadOf }) });
  }

  follow(broadcastId: BroadcastId): Promise<BroadcastNews> {
    return this.#ask('broadcast:follow', { broadcastId });
  }

  /** Hears news of one kind. @returns stops hearing */
  on<News extends keyof ApiToPortal>(news: News, hear: ApiToPortal[News]): () => void {
    // socket.io's own types cannot follow a generic event name.
    const socket = this.#socket as unknown as Record<'on' | 'off', (news: string, hear: unknown) => void>;
    socket.on(news, hear);
    return () => socket.off(news, hear);
  }

  /** Hears when the socket comes and goes; told at once when it is there already. @returns stops hearing */
  onPresence(hear: (isConnected: boolean) => void): () => void {
    const came = () => hear(true);
    const went = () => hear(false);
    this.#socket.on('connect', came);
    this.#socket.on('disconnect', went);
    if (this.#socket.connected) came();
    return () => {
      this.#socket.off('connect', came);
      this.#socket.off('disconnect', went);
    };
  }

  close(): void {
    this.#socket.close();
  }
}

/** One link for all players of a page, made when the first of them wants it. */
export class SharedLink {
  #link: Promise<ViewingLink> | undefined;

  readonly get = (): Promise<ViewingLink> => (this.#link ??= ViewingLink.open());

  async close(): Promise<void> {
    (await this.#link)?.close();
  }
}
