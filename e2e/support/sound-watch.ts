import type { Page } from 'playwright-core';

/** How well the sound of a page's video came, over some time. */
export interface Listened {
  /** Times of silence that one hears as a break: half a second or longer. */
  readonly stalls: number;
  readonly silentMs: number;
}

/**
 * Listens for so many seconds. By WebRTC a quarter of a second is silent where most of it was made up because packets lacked; by HLS
 * where the video's clock stood. Silent quarters in a row are one stall from two on.
 */
export function countStalls(page: Page, seconds: number): Promise<Listened> {
  return page.evaluate(async (forSeconds) => {
    const stepMs = 250;
    type Probed = typeof globalThis & { yikeProbe: { connections: RTCPeerConnection[] } };
    const { connections } = (globalThis as Probed).yikeProbe;
    const look = async () => {
      const sum = { samples: 0, concealed: 0 };
      for (const connection of connections) {
        for (const report of (await connection.getStats()).values() as Iterable<RTCInboundRtpStreamStats>) {
          if (report.type !== 'inbound-rtp' || report.kind !== 'audio') continue;
          sum.samples += report.totalSamplesReceived ?? 0;
          sum.concealed += report.concealedSamples ?? 0;
        }
      }
      const video = document.querySelector('video');
      return { ...sum, isRtc: video?.srcObject != null, position: video?.currentTime ?? 0 };
    };
    const silent: boolean[] = [];
    let before = await look();
    for (let step = 0; step < (forSeconds * 1000) / stepMs; step += 1) {
      await new Promise((resolve) => setTimeout(resolve, stepMs));
      const now = await look();
      const samples = now.samples - before.samples;
      silent.push(
        now.isRtc
          ? samples <= 0 || now.concealed - before.concealed > samples / 2
          : now.position - before.position < stepMs / 4000,
      );
      before = now;
    }
    const starts = silent.filter((is, at) => is && silent[at + 1] === true && silent[at - 1] !== true);
    return { stalls: starts.length, silentMs: silent.filter(Boolean).length * stepMs };
  }, seconds);
}

/** Resolves when three seconds in a row were heard. @throws Error where that is not so within the time */
export async function heard(page: Page, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while ((await countStalls(page, 3)).silentMs > 1000) {
    if (Date.now() > deadline) throw new Error(`no sound within ${timeoutMs} ms`);
  }
}
