import type { Consumer, PlainTransport, Router } from 'mediasoup/types';
import type { VideoTreatment } from '../core/codecs.ts';
import { recorderSdp } from '../core/sdp.ts';
import type { Clock } from './clock.ts';
import { consumeForRecording, silentStream, streamOf, type EpochProducers } from './epoch-streams.ts';
import { PortPair } from './port-pair.ts';
import { RtpTap } from './rtp-tap.ts';

export interface EpochLineOptions {
  readonly router: Router;
  readonly producers: EpochProducers;
  readonly keyFrameEveryMs: number;
  readonly clock: Clock;
}

const HOST = '127.0.0.1';

/** The line of one epoch: router > plain transport > tap > ffmpeg's ports. Nothing flows before {@link open}. */
export class EpochLine {
  readonly tap: RtpTap;
  readonly #transport: PlainTransport;
  readonly #consumers: Consumer[] = [];
  readonly #pairs: PortPair[] = [];
  #sdp = '';
  #treatment: VideoTreatment | 'none' = 'none';

  private constructor(tap: RtpTap, transport: PlainTransport) {
    this.tap = tap;
    this.#transport = transport;
    tap.on('keyframewanted', () => this.#requestKeyFrames());
  }

  /** @throws Error where there is nothing to record, no port is free, or the router is gone */
  static async create({ router, producers, keyFrameEveryMs, clock }: EpochLineOptions): Promise<EpochLine> {
    const tap = await RtpTap.create({ clock, keyFrameEveryMs });
    try {
      const transport = await router.createPlainTransport({
        listenInfo: { protocol: 'udp', ip: HOST },
        rtcpMux: true,
      });
      const line = new EpochLine(tap, transport);
      await line.#lay(router, producers);
      return line;
    } catch (error) {
      tap.close();
      throw error;
    }
  }

  /** By which ffmpeg receives the line. */
  get sdp(): string {
    return this.#sdp;
  }

  /** What ffmpeg must do with the picture. */
  get treatment(): VideoTreatment | 'none' {
    return this.#treatment;
  }

  /** The UDP ports that ffmpeg binds. */
  get ports(): number[] {
    return this.#pairs.flatMap(({ rtp, rtcp }) => [rtp, rtcp]);
  }

  /** Calls back when the router is gone: nothing will ever come again. */
  onRouterClosed(listener: () => void): void {
    this.#transport.on('routerclose', listener);
  }

  /** Lets media flow, beginning with a key frame; ffmpeg must listen by now. */
  async open(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.resume()));
    this.#requestKeyFrames();
  }

  /** Ends the line towards ffmpeg, which then writes what it still has and exits. */
  end(): void {
    this.tap.sayGoodbye();
  }

  close(): void {
    this.tap.close();
    this.#transport.close();
    for (const pair of this.#pairs) pair.release();
  }

  async #lay(router: Router, { video, audio }: EpochProducers): Promise<void> {
    try {
      await this.#transport.connect({ ip: HOST, port: this.tap.port });
      for (const producer of [video, audio]) {
        if (producer === undefined) continue;
        this.#consumers.push(await consumeForRecording(this.#transport, router, producer));
      }
      if (this.#consumers.length === 0) throw new Error('an epoch needs a producer');
      await this.#addStreams(audio === undefined);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  async #addStreams(isSilent: boolean): Promise<void> {
    const streams = this.#consumers.map(streamOf);
    if (isSilent) streams.push(silentStream());
    const descriptions = [];
    for (const { ssrc, sdp, filler, treatment } of streams) {
      const pair = await PortPair.reserve();
      this.#pairs.push(pair);
      this.tap.add({ kind: sdp.kind, clockRate: sdp.clockRate, ssrc, filler, target: pair });
      this.#treatment = treatment ?? this.#treatment;
      descriptions.push({ ...sdp, port: pair.rtp });
    }
    this.#sdp = recorderSdp(descriptions);
  }

  /** The worker answers for a consumer that is still paused, and asks nobody. */
  #requestKeyFrames(): void {
    for (const consumer of this.#consumers) {
      if (consumer.kind !== 'video' || consumer.closed) continue;
      consumer.requestKeyFrame().catch(() => {
        // The publisher has just gone; the next request or its owner will see.
      });
    }
  }
}
