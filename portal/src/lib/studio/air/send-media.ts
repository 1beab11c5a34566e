import type { IceServer } from '@yike/contracts/http/broadcasts';
import type { ProblemCode } from '@yike/contracts/problem';
import type { JoinedRoom } from '@yike/contracts/signaling/room';
import type { types } from 'mediasoup-client';
import { ApiProblem } from '#lib/api/call.ts';
import {
  type AskRoom,
  deviceAhead,
  isUsable,
  loadDevice,
  type RoomRole,
  toTransportOptions,
  wireTransport,
} from '#lib/live/room-role.ts';
import { makeKeyFrames } from './key-frames.ts';
import { preferredVideoCodec } from './video-codec.ts';

export interface SentTracks {
  readonly picture: MediaStreamTrack;
  readonly sound: MediaStreamTrack;
}

export interface SendMediaListener {
  /** Another window of the lecturer sends already; this one tries again by itself. */
  readonly onElsewhere: () => void;
  /** The node does not take the picture: the lecture goes on with the sound alone. Undefined once it does take it. */
  readonly onPictureRefused: (code: ProblemCode | undefined) => void;
  /** Whether what is sent arrives, as far as ICE can tell. */
  readonly onSteady: (isSteady: boolean) => void;
}

/** Refusals of the picture that leave the sound as it is. */
const SOUND_GOES_ON: readonly ProblemCode[] = ['transcoder-full', 'codec-not-supported'];

const MOST_VIDEO_BITRATE = 1_800_000;
/** kbit/s: without it Chromium begins at 300 and the first seconds are mud. */
const FIRST_VIDEO_BITRATE_K = 1_200;
/**
 * Speech, one channel, in packets of 40 ms: with all headers about 52 kbit/s, so that a line of 64 kbit/s bears it and what is lost is
 * sent again.
 */
const SOUND = { bitrate: 40_000, packetMs: 40 } as const;

/** The lecturer's half of a room: one picture and one sound, sent anew whenever the node does not have them any more. */
export class SendMedia implements RoomRole {
  readonly direction = 'send';
  readonly #tracks: SentTracks;
  readonly #hears: SendMediaListener;
  readonly #deviceAhead = deviceAhead();
  #device: types.Device | undefined;
  #transport: types.Transport | undefined;
  #producers: types.Producer[] = [];
  #ceaseKeyFrames = (): void => undefined;
  #ask: AskRoom | undefined;
  onBroken = (): void => undefined;

  constructor(tracks: SentTracks, listener: SendMediaListener) {
    this.#tracks = tracks;
    this.#hears = listener;
  }

  async joined(ask: AskRoom, room: JoinedRoom, relays: readonly IceServer[]): Promise<void> {
    this.#ask = ask;
    this.#device ??= await loadDevice(room, this.#deviceAhead);
    if (isUsable(this.#transport) && (await this.#isStillPublished(ask))) return;
    this.close();
    const transport = this.#device.createSendTransport(
      toTransportOptions(room.transport ?? (await ask('transport:create', { direction: 'send' })), relays),
    );
    this.#transport = transport;
    wireTransport(
      transport,
      () => this.#requireAsk(),
      () => this.onBroken(),
    );
    transport.on('connectionstatechange', (state) => {
      if (state === 'connected' || state === 'disconnected') this.#hears.onSteady(state === 'connected');
    });
    transport.on('produce', ({ kind, rtpParameters }, done, failed) => {
      this.#requireAsk()('producer:create', {
        transportId: transport.id,
        kind,
        // mediasoup-client's own shape; the node checks it against the contract.
        rtpParameters: rtpParameters as never,
      }).then(({ producerId }) => done({ id: producerId }), failed);
    });
    try {
      await this.#produceSound(transport);
      await this.#producePicture(transport, this.#device);
    } catch (cause) {
      if (cause instanceof ApiProblem && cause.code === 'already-publishing') this.#hears.onElsewhere();
      throw cause;
    }
  }

  producersChanged(): Promise<void> {
    return Promise.resolve();
  }

  consumerClosed(): void {
    // A lecturer's page receives nothing.
  }

  close(): void {
    this.#ceaseKeyFrames();
    this.#transport?.close();
    this.#transport = undefined;
    this.#producers = [];
  }

  /** Asking for what is there already changes nothing; asking for what is gone is refused. */
  async #isStillPublished(ask: AskRoom): Promise<boolean> {
    if (this.#producers.length === 0) return false;
    try {
      await Promise.all(this.#producers.map(({ id }) => ask('producer:resume', { producerId: id })));
      return true;
    } catch (cause) {
      if (cause instanceof ApiProblem && (cause.code === 'not-found' || cause.code === 'wrong-state'))
        return false;
      throw cause;
    }
  }

  async #produceSound(transport: types.Transport): Promise<void> {
    this.#producers.push(
      await transport.produce({
        track: this.#tracks.sound,
        stopTracks: false,
        disableTrackOnPause: false,
        // NACK: without it lost packets leave holes in the recording. No DTX: silence is recorded too.
        codecOptions: {
          opusStereo: false,
          opusDtx: false,
          opusNack: true,
          opusFec: true,
          opusMaxAverageBitrate: SOUND.bitrate,
          opusPtime: SOUND.packetMs,
        },
      }),
    );
  }

  async #producePicture(transport: types.Transport, device: types.Device): Promise<void> {
    const codec = preferredVideoCodec(device.sendRtpCapabilities.codecs ?? []);
    try {
      const producer = await transport.produce({
        track: this.#tracks.picture,
        stopTracks: false,
        disableTrackOnPause: false,
        encodings: [{ maxBitrate: MOST_VIDEO_BITRATE }],
        codecOptions: { videoGoogleStartBitrate: FIRST_VIDEO_BITRATE_K },
        ...(codec === undefined ? {} : { codec }),
      });
      this.#producers.push(producer);
      this.#hears.onPictureRefused(undefined);
      if (producer.rtpSender === undefined) return;
      await keepResolution(producer.rtpSender);
      this.#ceaseKeyFrames = makeKeyFrames(producer.rtpSender);
    } catch (cause) {
      if (!(cause instanceof ApiProblem && SOUND_GOES_ON.includes(cause.code))) throw cause;
      this.#hears.onPictureRefused(cause.code);
    }
  }

  #requireAsk(): AskRoom {
    if (this.#ask === undefined) throw new Error('not joined yet');
    return this.#ask;
  }
}

/** The recording copies the picture: its size may never change, so a slow network costs frames and sharpness instead. */
async function keepResolution(sender: RTCRtpSender): Promise<void> {
  const parameters = sender.getParameters() as RTCRtpSendParameters & { degradationPreference?: string };
  parameters.degradationPreference = 'maintain-resolution';
  await sender.setParameters(parameters);
}
