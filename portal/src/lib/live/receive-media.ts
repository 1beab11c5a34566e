import type { IceServer } from '@yike/contracts/http/broadcasts';
import type { ConsumerOptions, JoinedRoom } from '@yike/contracts/signaling/room';
import type { types } from 'mediasoup-client';
import { problem } from '@yike/contracts/problem';
import { ApiProblem } from '#lib/api/call.ts';
import type { Progress } from './feed.ts';
import {
  type AskRoom,
  deviceAhead,
  isUsable,
  loadDevice,
  type RoomRole,
  toTransportOptions,
  wireTransport,
} from './room-role.ts';

/** A viewer's half of a room: everything that is published, or its sound alone, as one stream for a video element. */
export class ReceiveMedia implements RoomRole {
  readonly direction = 'receive';
  readonly #onStream: (stream: MediaStream) => void;
  readonly #hasPicture: boolean;
  readonly #consumers = new Map<string, types.Consumer>();
  readonly #deviceAhead = deviceAhead();
  #device: types.Device | undefined;
  #transport: types.Transport | undefined;
  #ask: AskRoom | undefined;
  #following: Promise<void> = Promise.resolve();
  onBroken = (): void => undefined;

  /** @param onStream hears of a new stream each time the set of tracks changed */
  constructor(onStream: (stream: MediaStream) => void, { hasPicture = true } = {}) {
    this.#onStream = onStream;
    this.#hasPicture = hasPicture;
  }

  /** `arrived`: pictures so far, or packets of sound where there is no picture. */
  async progress(): Promise<Required<Progress>> {
    const hasPicture = this.#has('video');
    let arrived = 0;
    const packets = { received: 0, lost: 0, bytes: 0 };
    // The DOM's types do not know what kinds of reports there are.
    const reports = ((await this.#transport?.getStats()) ?? new Map()) as Map<
      string,
      RTCInboundRtpStreamStats
    >;
    for (const report of reports.values()) {
      if (report.type !== 'inbound-rtp') continue;
      const { kind, framesReceived = 0, packetsReceived = 0, packetsLost = 0, bytesReceived = 0 } = report;
      if (kind === 'video') arrived += framesReceived;
      else if (!hasPicture) arrived += packetsReceived;
      packets.received += packetsReceived;
      packets.lost += packetsLost;
      packets.bytes += bytesReceived;
    }
    return { arrived, packets };
  }

  async joined(ask: AskRoom, room: JoinedRoom, relays: readonly IceServer[]): Promise<void> {
    this.#ask = ask;
    this.#device ??= await loadDevice(room, this.#deviceAhead);
    if (isUsable(this.#transport)) {
      try {
        await this.producersChanged();
        return;
      } catch (cause) {
        // The node was restarted, or has let this page go in the meantime.
        if (!(cause instanceof ApiProblem && (cause.code === 'not-found' || cause.code === 'wrong-state')))
          throw cause;
      }
    }
    this.#dropTransport();
    this.#transport = this.#device.createRecvTransport(
      toTransportOptions(room.transport ?? (await ask('transport:create', { direction: 'receive' })), relays),
    );
    wireTransport(
      this.#transport,
      () => this.#requireAsk(),
      () => this.onBroken(),
    );
    await this.#follow(room.state.kinds);
  }

  producersChanged(): Promise<void> {
    return this.#follow([]);
  }

  consumerClosed(consumerId: string): void {
    const consumer = this.#consumers.get(consumerId);
    if (consumer === undefined) return;
    consumer.close();
    this.#consumers.delete(consumerId);
    this.#publish();
  }

  close(): void {
    this.#dropTransport();
  }

  /** One after another: two at once would consume twice. */
  #follow(published: readonly ConsumerOptions['kind'][]): Promise<void> {
    const following = this.#following.then(() => this.#consumeAll(published));
    this.#following = following.catch(() => undefined);
    return following;
  }

  /**
   * @param published what is known to be there
   * @throws {ApiProblem} `codec-not-supported` where the picture is not offered: the node offers what this browser can show
   */
  async #consumeAll(published: readonly ConsumerOptions['kind'][]): Promise<void> {
    const ask = this.#requireAsk();
    const [device, transport] = [this.#device, this.#transport];
    if (device === undefined || transport === undefined || transport.closed) return;
    const all = await ask('consumer:create-all', {
      transportId: transport.id,
      rtpCapabilities: this.#hasPicture
        ? device.recvRtpCapabilities
        : withoutEstimation(device.recvRtpCapabilities),
    });
    if (this.#hasPicture && published.includes('video') && !all.some(({ kind }) => kind === 'video'))
      throw new ApiProblem(problem('codec-not-supported'));
    const sound = all.filter(({ kind }) => kind === 'audio');
    const offered = this.#hasPicture || sound.length === 0 ? all : sound;
    const fresh = offered.filter(({ id }) => !this.#consumers.has(id));
    for (const [id, consumer] of this.#consumers) {
      if (!offered.some((each) => each.id === id)) {
        consumer.close();
        this.#consumers.delete(id);
      }
    }
    // At once: one negotiation for all.
    const consumers = await Promise.all(fresh.map((each) => transport.consume(toConsumerOptions(each))));
    for (const consumer of consumers) this.#consumers.set(consumer.id, consumer);
    this.#publish();
    await Promise.all(offered.map(({ id }) => ask('consumer:resume', { consumerId: id })));
  }

  #has(wanted: 'audio' | 'video'): boolean {
    return [...this.#consumers.values()].some(({ kind }) => kind === wanted);
  }

  #publish(): void {
    this.#onStream(new MediaStream([...this.#consumers.values()].map(({ track }) => track)));
  }

  #dropTransport(): void {
    this.#transport?.close();
    this.#transport = undefined;
    this.#consumers.clear();
  }

  #requireAsk(): AskRoom {
    if (this.#ask === undefined) throw new Error('not joined yet');
    return this.#ask;
  }
}

/**
 * The node tries every few seconds how much more a line would carry by filling it, if the viewer measures that. Sound needs no more, and on a
 * thin line the trial is what breaks it.
 */
function withoutEstimation(capabilities: types.RtpCapabilities): types.RtpCapabilities {
  const { headerExtensions = [] } = capabilities;
  return {
    ...capabilities,
    headerExtensions: headerExtensions.filter(({ uri }) => !/transport-wide-cc|abs-send-time/.test(uri)),
  };
}

/** Sound and picture belong to one another: a common stream id lets the browser keep their lips in step. */
function toConsumerOptions(options: ConsumerOptions): types.ConsumerOptions {
  return { ...(options as unknown as types.ConsumerOptions), streamId: 'lecture' };
}
