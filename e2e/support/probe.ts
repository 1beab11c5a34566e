import type { Page } from 'playwright-core';

/** One picture as a video element presented it. */
export interface SeenFrame {
  /** Milliseconds of the page's monotonic clock. */
  readonly atMs: number;
  /** Seconds of the media. */
  readonly mediaTime: number;
  /** Mean difference to the picture before, 0–255; null for the first. */
  readonly change: number | null;
}

interface Probe {
  readonly connections: RTCPeerConnection[];
  readonly frames: SeenFrame[];
  watch(video: HTMLVideoElement): void;
}
type ProbedWindow = typeof globalThis & { yikeProbe: Probe };

/** Runs in the page before its own scripts: keeps its peer connections, and looks at frames where it is told to. */
export function installProbe(): void {
  const width = 160;
  const height = 90;
  const connections: RTCPeerConnection[] = [];
  const frames: SeenFrame[] = [];
  const Original = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Original {
    constructor(...given: ConstructorParameters<typeof Original>) {
      super(...given);
      connections.push(this);
    }
  };
  const watch = (video: HTMLVideoElement): void => {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    let before: Uint8ClampedArray | undefined;
    const look = (now: number, { mediaTime }: VideoFrameCallbackMetadata): void => {
      context?.drawImage(video, 0, 0, width, height);
      const pixels = context?.getImageData(0, 0, width, height).data;
      let difference = 0;
      for (let index = 0; index < (pixels?.length ?? 0); index += 4) {
        difference += Math.abs((pixels?.[index + 1] ?? 0) - (before?.[index + 1] ?? 0));
      }
      frames.push({
        atMs: now,
        mediaTime,
        change: before === undefined ? null : difference / (width * height),
      });
      before = pixels;
      video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
  };
  (globalThis as ProbedWindow).yikeProbe = { connections, frames, watch };
}

/** Begins to look at every frame of the page's video. */
export async function watchFrames(page: Page): Promise<void> {
  await page
    .locator('video')
    .first()
    .evaluate((video) => {
      (globalThis as ProbedWindow).yikeProbe.watch(video as HTMLVideoElement);
    });
}

/** The frames seen so far, by `watchFrames`. */
export function seenFrames(page: Page): Promise<SeenFrame[]> {
  return page.evaluate(() => (globalThis as ProbedWindow).yikeProbe.frames);
}

/** The longest time without a new picture, ms, up to now. */
export async function longestStall(page: Page): Promise<number> {
  const times = await page.evaluate(() => [
    ...(globalThis as ProbedWindow).yikeProbe.frames.map(({ atMs }) => atMs),
    performance.now(),
  ]);
  return Math.max(...times.slice(1).map((atMs, index) => atMs - (times[index] ?? atMs)));
}

/** What came by WebRTC so far, over all of the page's connections. */
export interface Received {
  readonly framesDecoded: number;
  readonly audioEnergy: number;
  readonly audioSeconds: number;
}

export function received(page: Page): Promise<Received> {
  return page.evaluate(async () => {
    const sum = { framesDecoded: 0, audioEnergy: 0, audioSeconds: 0 };
    for (const connection of (globalThis as ProbedWindow).yikeProbe.connections) {
      for (const report of (await connection.getStats()).values() as Iterable<RTCInboundRtpStreamStats>) {
        if (report.type !== 'inbound-rtp') continue;
        sum.framesDecoded += report.framesDecoded ?? 0;
        sum.audioEnergy += report.totalAudioEnergy ?? 0;
        sum.audioSeconds += report.totalSamplesDuration ?? 0;
      }
    }
    return sum;
  });
}
