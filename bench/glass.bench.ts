import type { Browser } from 'playwright-core';
import { launchBrowser } from '../e2e/support/browser.ts';
import { FAKE_CAMERA } from '../e2e/support/fake-camera.ts';
import { Lecturer } from '../e2e/support/lecturer.ts';
import { Resident } from '../e2e/support/resident.ts';
import { findFfmpeg } from '../scripts/setup/programs.ts';
import { startProduct } from '../scripts/testing/product.ts';
import type { BenchLine } from './bench.ts';
import { readClock, type SeenClock } from './glass/clock-reader.ts';
import { NginxRtmp } from './glass/nginx-rtmp.ts';
import { median, quantile } from './median.ts';

const GOAL = { webrtcMs: 200, hlsMs: 1_500 };
/** A player finds its place first. */
const SETTLE_MS = 8_000;
const LOOK_MS = 25_000;
export const timeLimitMs = 240_000;

/**
 * From the wall clock that the camera draws into its picture to the moment at which a browser shows it, one viewer after another: the portal's own
 * live page by WebRTC and by low-latency HLS, and hls.js on the HLS of nginx-rtmp. All on one machine, whose clock they share.
 */
export default async function glass(): Promise<BenchLine> {
  const browser = await launchBrowser();
  try {
    const { webrtc, hls } = await ours(browser);
    const nginx = await nginxHls(browser);
    const [webrtcP95, hlsP95] = [quantile(webrtc.latenciesMs, 0.95), quantile(hls.latenciesMs, 0.95)];
    return {
      name: 'glass',
      value: hlsP95,
      unit: 'ms glass to glass by low-latency HLS, p95',
      goal: `WebRTC p95 at most ${GOAL.webrtcMs} ms; low-latency HLS p95 at most ${GOAL.hlsMs} ms`,
      ok: webrtcP95 <= GOAL.webrtcMs && hlsP95 <= GOAL.hlsMs,
      details: { webrtc: summary(webrtc), lowLatencyHls: summary(hls), nginxRtmpHls: summary(nginx) },
    };
  } finally {
    await browser.close();
  }
}

async function ours(browser: Browser): Promise<{ webrtc: SeenClock; hls: SeenClock }> {
  const product = await startProduct();
  try {
    const lecturer = await Lecturer.arrive(browser, product.origin, { initScript: FAKE_CAMERA });
    const { id } = await lecturer.plan('glass');
    await lecturer.goOnAir('glass');
    const look = async (choice: 'auto' | 'steady'): Promise<SeenClock> => {
      const initScript = `localStorage.setItem('yike-live-choice', '${choice}')`;
      const resident = await Resident.arrive(browser, product.origin, 'resident', { initScript });
      await resident.watchLive(id);
      await resident.page.waitForTimeout(SETTLE_MS);
      const seen = await readClock(resident.page, LOOK_MS);
      await resident.visitor.context.close();
      return seen;
    };
    return { webrtc: await look('auto'), hls: await look('steady') };
  } finally {
    await product.stop();
  }
}

async function nginxHls(browser: Browser): Promise<SeenClock> {
  const nginx = await NginxRtmp.start(findFfmpeg());
  try {
    const page = await browser.newPage();
    await page.goto(nginx.pageUrl);
    await page.waitForTimeout(SETTLE_MS);
    return await readClock(page, LOOK_MS);
  } finally {
    await nginx.stop();
  }
}

function summary({ latenciesMs, unreadable }: SeenClock) {
  if (latenciesMs.length === 0) throw new Error('no picture could be read');
  return {
    p50Ms: median(latenciesMs),
    p95Ms: quantile(latenciesMs, 0.95),
    pictures: latenciesMs.length,
    unreadable,
  };
}
