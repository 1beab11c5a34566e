import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  BroadcastHealth,
  MediaToPortal,
  Opaque,
  RoomState,
  RtpParametersIn,
  TicketClaims,
} from '@yike/contracts/signaling/room';
import type { MediaKind, Producer } from 'mediasoup/types';
import { backoffMs } from '../control/backoff.ts';
import { Refusal } from '../platform/refusal.ts';
import { Audience } from './audience.ts';
import { Peer, type PeerLink } from './peer.ts';
import { Publication } from './publication.ts';
import type { RecordingSource } from './recording-port.ts';
import type { RoomMedia } from './room-media.ts';
import type { TranscodeSlots } from './transcode-slots.ts';

export type RoomClosedReason = Parameters<MediaToPortal['room:closed']>[0]['reason'];

interface RoomEvents {
  /** Somebody publishes; nobody does any more. */
  'publisher-joined': [];
  'publisher-left': [];
  /** What is published has settled: to be recorded so. */
  stable: [RecordingSource];
  /** The count has changed; at most once a second. */
  viewers: [number];
  'peer-left': [Peer];
  /** The worker died; the room has a new router, its peers are on their way back. */
  rebuilt: [];
  close: [];
}

export interface RoomDeps {
  /** Makes a router on a worker that is up; called again when that worker dies. */
  readonly acquireMedia: () => Promise<RoomMedia>;
  readonly transcodes: Pick<TranscodeSlots, 'take'>;
}

const TELL_VIEWERS_AFTER_MS = 1000;
/** The recorder ends its epoch in order after the producers have gone; until then it needs the router. */
const ROUTER_LINGERS_MS = 5000;
const REBUILD = { baseMs: 50, maxMs: 2000 };

/** One broadcast's room: a router and the peers on it. When its worker dies it takes a router elsewhere and calls its peers back. */
export class Room extends EventEmitter<RoomEvents> {
  readonly broadcastId: string;
  /** Who watches by HLS. */
  readonly audience = new Audience();
  readonly #deps: RoomDeps;
  readonly #peers = new Map<string, Peer>();
  readonly #publication = new Publication();
  #media: Promise<RoomMedia>;
  #telling: NodeJS.Timeout | undefined;
  #toldViewers = 0;
  #isClosed = false;

  private constructor(broadcastId: string, media: RoomMedia, deps: RoomDeps) {
    super();
    this.broadcastId = broadcastId;
    this.#deps = deps;
    this.#media = Promise.resolve(this.#watch(media));
    this.#publication.on('joined', () => this.emit('publisher-joined'));
    this.#publication.on('left', () => this.emit('publisher-left'));
    this.#publication.on('heard', () => this.#tell('room:state', this.state));
    this.#publication.on('changed', () => this.#tell('room:producers', this.state));
    this.audience.on('changed', () => this.#tellViewersSoon());
    this.#publication.on('stable', (producers) => void this.#announceStable(producers));
  }

  static async create(broadcastId: string, deps: RoomDeps): Promise<Room> {
    return new Room(broadcastId, await deps.acquireMedia(), deps);
  }

  get state(): RoomState {
    const { kinds, isHeard } = this.#publication;
    return { publisher: isHeard ? 'present' : 'absent', kinds, viewers: this.viewers };
  }

  get viewers(): number {
    return this.peers.filter(({ mayPublish }) => !mayPublish).length + this.audience.size;
  }

  get peers(): Peer[] {
    return [...this.#peers.values()];
  }

  get producers(): Producer[] {
    return this.#publication.producers;
  }

  async routerRtpCapabilities(): Promise<Opaque> {
    const { router } = await this.#media;
    return { ...router.rtpCapabilities };
  }

  /**
   * A page comes in, or comes back: with a resume token it finds its transports again; with a new ticket (it was loaded
   * anew) it takes the place of its former self.
   * @throws Refusal `node-full` to a viewer who is new, where the worker carries as much as it can
   */
  async join(claims: TicketClaims, link: PeerLink): Promise<{ peer: Peer; resumed: boolean }> {
    const media = await this.#media;
    if (this.#isClosed) throw new Refusal('broadcast-ended');
    const former = this.#peers.get(claims.peerId);
    if (former?.hasTransports && claims.use === 'resume') {
      former.attach(link);
      return { peer: former, resumed: true };
    }
    if (former === undefined && !claims.mayPublish && media.isFull) throw new Refusal('node-full');
    former?.close();
    const peer = new Peer(media, claims);
    peer.attach(link);
    this.#peers.set(peer.id, peer);
    peer.once('close', () => this.#forget(peer));
    this.#tellViewersSoon();
    return { peer, resumed: false };
  }

  /**
   * @throws Refusal `already-publishing` where that kind is published, by whomever, and heard; `transcoder-full` for a picture that the
   *   recorder cannot take as it is; and as {@link Peer.produce}
   */
  async produce(
    peer: Peer,
    {
      transportId,
      kind,
      rtpParameters,
    }: { transportId: string; kind: MediaKind; rtpParameters: RtpParametersIn },
  ): Promise<{ producerId: string }> {
    if (!peer.mayPublish) throw new Refusal('forbidden', 'viewers do not send');
    this.#publication.dropSilent();
    this.#refuseSecond(kind);
    const producer = await peer.produce(transportId, kind, rtpParameters);
    try {
      this.#refuseSecond(kind);
      this.#deps.transcodes.take(producer);
    } catch (error) {
      producer.close();
      throw error;
    }
    this.#publication.add(producer);
    return { producerId: producer.id };
  }

  /** Tells the publisher how his broadcast does. */
  tellPublisher(health: BroadcastHealth): void {
    for (const peer of this.peers) if (peer.mayPublish) peer.send('broadcast:health', health);
  }

  /** Tells everyone and lets go of everything, of the router last; idempotent. */
  close(reason: RoomClosedReason): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#telling);
    this.#tell('room:closed', { reason });
    for (const peer of this.peers) peer.close();
    this.#media.then(
      (media) => setTimeout(() => media.close(), ROUTER_LINGERS_MS).unref(),
      () => undefined, // There was none any more.
    );
    this.emit('close');
  }

  #refuseSecond(kind: MediaKind): void {
    if (this.#publication.has(kind)) throw new Refusal('already-publishing', `${kind} is published already`);
  }

  async #announceStable(producers: RecordingSource['producers']): Promise<void> {
    const { router } = await this.#media;
    if (!router.closed) this.emit('stable', { router, producers });
  }

  #forget(peer: Peer): void {
    if (this.#peers.get(peer.id) === peer) this.#peers.delete(peer.id);
    this.emit('peer-left', peer);
    this.#tellViewersSoon();
  }

  #tellViewersSoon(): void {
    if (this.#isClosed) return;
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      const { viewers } = this;
      if (viewers === this.#toldViewers) return;
      this.#toldViewers = viewers;
      this.#tell('room:state', this.state);
      this.emit('viewers', viewers);
    }, TELL_VIEWERS_AFTER_MS);
  }

  #tell<E extends keyof MediaToPortal>(event: E, news: Parameters<MediaToPortal[E]>[0]): void {
    for (const peer of this.peers) peer.send(event, news);
  }

  #watch(media: RoomMedia): RoomMedia {
    media.router.once('workerclose', () => {
      if (this.#isClosed) return;
      this.#media = this.#rebuild();
      this.#media.catch(() => undefined); // It was closed meanwhile; whoever waits for it is told.
      for (const peer of this.peers) peer.closeToRejoin();
    });
    return media;
  }

  async #rebuild(): Promise<RoomMedia> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const media = this.#watch(await this.#deps.acquireMedia());
        if (this.#isClosed) media.close();
        this.emit('rebuilt');
        return media;
      } catch (error) {
        if (this.#isClosed) throw error;
        await sleep(backoffMs(attempt, REBUILD));
      }
    }
  }
}
