import { EventEmitter } from 'node:events';
import type {
  ConsumerOptions,
  DtlsParameters as DtlsParametersSchema,
  MediaToPortal,
  RtpCapabilities as RtpCapabilitiesSchema,
  RtpParametersIn,
  TicketClaims,
  TransportOptions,
} from '@yike/contracts/signaling/room';
import type {
  Consumer,
  DtlsParameters,
  MediaKind,
  Producer,
  RtpCapabilities,
  RtpParameters,
  WebRtcTransport,
} from 'mediasoup/types';
import type { z } from 'zod';
import { Refusal } from '../platform/refusal.ts';
import {
  type DeliveryLog,
  type DeliveryReport,
  drainDelivery,
  sampleDelivery,
  startDelivery,
} from './delivery-windows.ts';
import { clashOf } from './rtp-clash.ts';
import type { RoomMedia } from './room-media.ts';
import { readCapabilities, toConsumerOptions, toTransportOptions } from './wire.ts';

/** The way to a peer's browser while it has a socket. */
export interface PeerLink {
  send<E extends keyof MediaToPortal>(event: E, news: Parameters<MediaToPortal[E]>[0]): void;
  /** Ends the connection for good: the page does not come back by itself. */
  end(): void;
  /** Cuts the connection: the page comes back by itself with its resume token. */
  cut(): void;
}

interface PeerEvents {
  close: [];
}

type Direction = 'send' | 'receive';

/** Viewers send RTCP only; a publisher's picture and sound stay far under this. Bit/s. */
const MAX_INCOMING_BITRATE = { receive: 100_000, send: 8_000_000 } as const;
/**
 * After a key frame was asked for, the worker holds further requests for this producer this long and joins them into one. A browser that is
 * asked again within 300 ms does not hear it (libwebrtc's `min_keyframe_send_interval`), and the worker asks the next time after a whole second: so a
 * little longer than that, for requests that come closer together than they were sent.
 */
export const KEY_FRAME_REQUEST_DELAY_MS = 350;

/** One page in a room, with its transports: at most one each way. It outlives its socket for a while. */
export class Peer extends EventEmitter<PeerEvents> {
  readonly #media: RoomMedia;
  readonly #claims: TicketClaims;
  readonly #transports = new Map<Direction, WebRtcTransport>();
  readonly #connected = new Set<string>();
  readonly #producers = new Map<string, Producer>();
  /** What its producers said of their streams. */
  readonly #sent: RtpParametersIn[] = [];
  readonly #consumers = new Map<string, Consumer>();
  #link: PeerLink | undefined;
  #leaving: NodeJS.Timeout | undefined;
  #delivery: DeliveryLog | undefined;
  #lastRequest: Promise<unknown> = Promise.resolve();
  #lastSample: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(media: RoomMedia, claims: TicketClaims) {
    super();
    this.#media = media;
    this.#claims = claims;
  }

  get id(): string {
    return this.#claims.peerId;
  }

  get mayPublish(): boolean {
    return this.#claims.mayPublish;
  }

  get playbackId(): string | undefined {
    return this.#claims.playbackId;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get hasTransports(): boolean {
    return this.#transports.size > 0;
  }

  get consumerCount(): number {
    return this.#consumers.size;
  }

  /** A socket came; the one before, if it is still there, ends. */
  attach(link: PeerLink): void {
    clearTimeout(this.#leaving);
    this.#link?.end();
    this.#link = link;
  }

  /** The socket went. Media goes on: the peer stays for `graceMs` to be resumed, then closes. */
  detach(link: PeerLink, graceMs: number): void {
    if (this.#link !== link) return;
    this.#link = undefined;
    if (graceMs === 0) this.close();
    else this.#leaving = setTimeout(() => this.close(), graceMs);
  }

  isLinkedTo(link: PeerLink): boolean {
    return this.#link === link;
  }

  send: PeerLink['send'] = (event, news) => this.#link?.send(event, news);

  /** Closes, but sends the page back to join again by itself: its media was lost, not its place. */
  closeToRejoin(): void {
    this.#link?.cut();
    this.#link = undefined;
    this.close();
  }

  /** Runs a peer's requests one after another, so that each finds the state that the one before left. */
  inOrder<T>(request: () => Promise<T>): Promise<T> {
    const result = this.#lastRequest.then(request);
    this.#lastRequest = result.catch(() => undefined);
    return result;
  }

  /** Replaces the transport of that direction, with all that it carried. @throws Refusal `forbidden` to a viewer who would send */
  async createTransport(direction: Direction): Promise<TransportOptions> {
    if (direction === 'send' && !this.mayPublish) throw new Refusal('forbidden', 'viewers do not send');
    const transport = await this.#media.createTransport();
    await transport.setMaxIncomingBitrate(MAX_INCOMING_BITRATE[direction]);
    this.#closeIfTooLate(transport);
    this.#transports.get(direction)?.close();
    this.#transports.set(direction, transport);
    transport.observer.once('close', () => this.#forgetTransport(direction, transport));
    transport.on('dtlsstatechange', (state) => {
      if (state === 'failed' || state === 'closed') transport.close();
    });
    // ICE consent (RFC 7675) has been missing for 30 s: nobody is there.
    transport.on('icestatechange', (state) => {
      if (state === 'disconnected') transport.close();
    });
    return toTransportOptions(transport);
  }

  /** @throws Refusal `not-found`; `wrong-state` when it is connected already */
  async connectTransport(transportId: string, dtls: z.infer<typeof DtlsParametersSchema>): Promise<null> {
    const { transport } = this.#transport(transportId);
    if (this.#connected.has(transportId)) throw new Refusal('wrong-state', 'connected already');
    this.#connected.add(transportId);
    try {
      // JSON has no undefined, so what zod calls `role?: … | undefined` is mediasoup's `role?: …`.
      await transport.connect({ dtlsParameters: dtls as DtlsParameters });
    } catch (error) {
      this.#connected.delete(transportId);
      throw error;
    }
    return null;
  }

  /**
   * @throws Refusal `not-found`, `wrong-state`, `invalid-request` for streams that cannot be told apart; TypeError,
   *   UnsupportedError by mediasoup for parameters that cannot be
   */
  async produce(transportId: string, kind: MediaKind, rtpParameters: RtpParametersIn): Promise<Producer> {
    const { transport, direction } = this.#transport(transportId);
    if (direction !== 'send') throw new Refusal('wrong-state', 'this transport receives');
    if (!this.#connected.has(transportId)) throw new Refusal('wrong-state', 'connect the transport first');
    const clash = clashOf(rtpParameters, this.#sent);
    if (clash !== undefined) throw new Refusal('invalid-request', clash);
    const producer = await transport.produce({
      kind,
      rtpParameters: rtpParameters as RtpParameters, // See above.
      keyFrameRequestDelay: KEY_FRAME_REQUEST_DELAY_MS,
    });
    this.#producers.set(producer.id, producer);
    this.#sent.push(rtpParameters);
    producer.observer.once('close', () => {
      this.#producers.delete(producer.id);
      this.#sent.splice(this.#sent.indexOf(rtpParameters), 1);
    });
    return producer;
  }

  /** @throws Refusal `not-found` for what is not this peer's */
  producer(producerId: string): Producer {
    const producer = this.#producers.get(producerId);
    if (!producer) throw new Refusal('not-found', 'no such producer');
    return producer;
  }

  /**
   * Paused consumers of these producers; those that exist already are answered as they are.
   * @throws Refusal `not-found`; `codec-not-supported` where the page can receive none of them; `node-full` where others
   *   were quicker to take the last place
   */
  async consumeAll(
    transportId: string,
    capabilities: z.infer<typeof RtpCapabilitiesSchema>,
    producers: readonly Producer[],
  ): Promise<ConsumerOptions[]> {
    const { transport, direction } = this.#transport(transportId);
    if (direction !== 'receive') throw new Refusal('wrong-state', 'this transport sends');
    const rtpCapabilities = readCapabilities(capabilities);
    const receivable = producers.filter(({ id }) => this.#media.canConsume(id, rtpCapabilities));
    if (producers.length > 0 && receivable.length === 0) throw new Refusal('codec-not-supported');
    const isNew = this.#consumers.size === 0 && receivable.length > 0;
    if (isNew && this.#media.isFull) throw new Refusal('node-full');
    const options: ConsumerOptions[] = [];
    for (const producer of receivable) {
      const consumer = await this.#consume(transport, producer, rtpCapabilities);
      if (consumer) options.push(toConsumerOptions(consumer));
    }
    return options;
  }

  /**
   * Starts a consumer; mediasoup then asks the publisher for a key frame by itself.
   * @throws Refusal `not-found`; `wrong-state` before the transport is connected
   */
  async resumeConsumer(consumerId: string): Promise<null> {
    const consumer = this.#consumers.get(consumerId);
    const transport = this.#transports.get('receive');
    if (!consumer || !transport) throw new Refusal('not-found', 'no such consumer');
    if (!this.#connected.has(transport.id)) throw new Refusal('wrong-state', 'connect the transport first');
    const sample = await measure(transport);
    this.#delivery = this.#delivery ? sampleDelivery(this.#delivery, sample) : startDelivery(sample);
    await consumer.resume();
    return null;
  }

  /** Takes one sample of what was sent to this viewer: one request to the worker for all its consumers. */
  async sampleDelivery(): Promise<void> {
    const transport = this.#transports.get('receive');
    if (!transport || !this.#delivery) return;
    const sample = await measure(transport);
    this.#delivery = sampleDelivery(this.#delivery, sample);
  }

  /** What was delivered since the last report; null where nothing was. */
  drainDelivery(): DeliveryReport | null {
    if (!this.#delivery) return null;
    const { report, rest } = drainDelivery(this.#delivery);
    this.#delivery = rest;
    return report;
  }

  /** The same, once the sample that is taken at its close has come. */
  async drainLastDelivery(): Promise<DeliveryReport | null> {
    await this.#lastSample;
    return this.drainDelivery();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#leaving);
    // The worker answers in order: it counts before it closes.
    this.#lastSample = this.sampleDelivery().catch(() => undefined);
    for (const transport of this.#transports.values()) transport.close();
    this.#link?.end();
    this.#link = undefined;
    this.emit('close');
  }

  #transport(id: string): { transport: WebRtcTransport; direction: Direction } {
    for (const [direction, transport] of this.#transports) {
      if (transport.id === id) return { transport, direction };
    }
    throw new Refusal('not-found', 'no such transport');
  }

  #closeIfTooLate(transport: WebRtcTransport): void {
    if (!this.#isClosed) return;
    transport.close();
    throw new Refusal('wrong-state', 'the peer has left');
  }

  #forgetTransport(direction: Direction, transport: WebRtcTransport): void {
    this.#connected.delete(transport.id);
    if (this.#transports.get(direction) === transport) this.#transports.delete(direction);
  }

  /** Undefined where the producer closed meanwhile. */
  async #consume(
    transport: WebRtcTransport,
    producer: Producer,
    rtpCapabilities: RtpCapabilities,
  ): Promise<Consumer | undefined> {
    const known = [...this.#consumers.values()].find(({ producerId }) => producerId === producer.id);
    if (known) return known;
    try {
      const consumer = await transport.consume({ producerId: producer.id, rtpCapabilities, paused: true });
      this.#consumers.set(consumer.id, consumer);
      consumer.observer.once('close', () => {
        this.#consumers.delete(consumer.id);
        this.send('consumer:closed', { consumerId: consumer.id });
      });
      return consumer;
    } catch (error) {
      if (producer.closed) return undefined;
      throw error;
    }
  }
}

/** Media only: RTCP and the probing of the path are no delivery. */
async function measure(transport: WebRtcTransport): Promise<{ atMs: number; bytes: number }> {
  const [stats] = await transport.getStats();
  return { atMs: Date.now(), bytes: stats?.rtpBytesSent ?? 0 };
}
