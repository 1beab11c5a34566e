import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Producer, Router } from 'mediasoup/types';
import { dyingWithParent } from '../recording/dies-with-parent.ts';
import { clipFile, type ClipVideo } from './clip.ts';
import { RtpRelay, type ClipStart } from './rtp-relay.ts';

export interface RtpSourceOptions {
  readonly router: Router;
  readonly ffmpegPath: string;
  /** Default `h264`. */
  readonly video?: ClipVideo | 'none';
  /** Default true. */
  readonly audio?: boolean;
  /** Of both streams: to cross the wrap soon, a little below 2^32. By default as ffmpeg chooses. */
  readonly firstTimestamp?: number;
}

/** How each stream is announced to the router. */
const STREAMS = {
  h264: {
    kind: 'video' as const,
    codec: {
      mimeType: 'video/H264',
      payloadType: 102,
      clockRate: 90_000,
      parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
    },
    ssrc: 22_222_222,
  },
  vp8: {
    kind: 'video' as const,
    codec: { mimeType: 'video/VP8', payloadType: 103, clockRate: 90_000 },
    ssrc: 33_333_333,
  },
  opus: {
    kind: 'audio' as const,
    codec: { mimeType: 'audio/opus', payloadType: 101, clockRate: 48_000, channels: 2 },
    ssrc: 11_111_111,
  },
};
const SETTLES_MS = 1_200;

type StreamName = keyof typeof STREAMS;

/**
 * A lecturer made by ffmpeg: a real stream of H.264 (or VP8) and Opus, in real time, with a flash and a beep every 2 s, produced
 * into a router. It knows no key-frame requests and sends one each second.
 */
export class RtpSource {
  readonly producers: { video?: Producer; audio?: Producer };
  readonly #relays: { video?: RtpRelay; audio?: RtpRelay };
  readonly #ffmpeg: ChildProcess;

  private constructor(
    producers: RtpSource['producers'],
    relays: { video?: RtpRelay; audio?: RtpRelay },
    ffmpeg: ChildProcess,
  ) {
    this.producers = producers;
    this.#relays = relays;
    this.#ffmpeg = ffmpeg;
  }

  static async start(options: RtpSourceOptions): Promise<RtpSource> {
    const { router, ffmpegPath, video = 'h264', audio = true, firstTimestamp } = options;
    const picture = video === 'vp8' ? 'vp8' : 'h264';
    const names: StreamName[] = [
      ...(video === 'none' ? [] : ([picture] as const)),
      ...(audio ? (['opus'] as const) : []),
    ];
    const producers: RtpSource['producers'] = {};
    const relays: { video?: RtpRelay; audio?: RtpRelay } = {};
    const outputs: string[] = [];
    const start: ClipStart = {};
    for (const name of names) {
      const { kind, codec, ssrc } = STREAMS[name];
      const transport = await router.createPlainTransport({
        listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
        comedia: true,
      });
      const relay = await RtpRelay.create({
        targetPort: transport.tuple.localPort,
        clockRate: codec.clockRate,
        start,
        firstTimestamp,
      });
      producers[kind] = await transport.produce({
        kind,
        rtpParameters: { codecs: [codec], encodings: [{ ssrc }], rtcp: { cname: 'source' } },
      });
      transport.observer.once('close', () => relay.close());
      relays[kind] = relay;
      outputs.push(...rtpOutput(name, relay));
    }
    const clip = await clipFile(ffmpegPath, video === 'none' ? 'h264' : video);
    // It makes up for a slow start by a burst, which no camera sends: what comes in its first second is for nobody.
    const input = [
      '-v',
      'error',
      '-nostdin',
      '-readrate',
      '1',
      '-readrate_initial_burst',
      '0',
      '-stream_loop',
      '-1',
      '-i',
      clip,
    ];
    const ffmpeg = spawn(...dyingWithParent(ffmpegPath, [...input, ...outputs]), { stdio: 'ignore' });
    while (start.atMs === undefined || Date.now() - start.atMs < SETTLES_MS) await sleep(20);
    return new RtpSource(producers, relays, ffmpeg);
  }

  /** Wall-clock times (ms) at which the first packet of each flash's picture went to the router: the latest hundred. */
  get flashesAtMs(): readonly number[] {
    return this.#relays.video?.marksAtMs ?? [];
  }

  /** Holds a stream back, as a mute or a dead network does; its clock runs on. */
  pause(kind: 'video' | 'audio'): void {
    this.#relays[kind]?.setPaused(true);
  }

  resume(kind: 'video' | 'audio'): void {
    this.#relays[kind]?.setPaused(false);
  }

  async stop(): Promise<void> {
    for (const relay of [this.#relays.video, this.#relays.audio]) relay?.close();
    if (this.#ffmpeg.exitCode !== null || this.#ffmpeg.signalCode !== null) return;
    const exited = once(this.#ffmpeg, 'exit');
    this.#ffmpeg.kill('SIGKILL');
    await exited;
  }
}

function rtpOutput(name: StreamName, relay: RtpRelay): string[] {
  const { kind, codec, ssrc } = STREAMS[name];
  return [
    ...['-map', kind === 'video' ? '0:v:0' : '0:a:0', '-c', 'copy'],
    ...(name === 'h264' ? ['-bsf:v', 'h264_mp4toannexb'] : []),
    ...['-payload_type', `${codec.payloadType}`, '-ssrc', `${ssrc}`, '-f', 'rtp'],
    `rtp://127.0.0.1:${relay.rtpPort}?rtcpport=${relay.rtcpPort}&pkt_size=1200`,
  ];
}
