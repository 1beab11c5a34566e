import type { Page } from 'playwright-core';
import { TIME_CODE } from '../../e2e/support/fake-camera.ts';

/** What a page saw within a while. */
export interface SeenClock {
  /** From the moment at which a picture was drawn to the moment at which it was shown, ms; of each picture that could be read. */
  readonly latenciesMs: number[];
  readonly unreadable: number;
}

/** Reads the wall clock that is drawn in the pictures of the page's video, as they are shown. */
export const readClock = (page: Page, forMs: number): Promise<SeenClock> =>
  page.evaluate(readInPage, { code: TIME_CODE, forMs });

interface Order {
  readonly code: typeof TIME_CODE;
  readonly forMs: number;
}

/** Runs in the page: camera and page share the machine's clock. */
async function readInPage({ code, forMs }: Order): Promise<SeenClock> {
  const DOTS = 10;
  const video = document.querySelector('video');
  if (video === null) throw new Error('there is no video');
  const canvas = new OffscreenCanvas(code.bits * DOTS, DOTS);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('there is no canvas');

  const read = (): number | null => {
    const scale = video.videoWidth / 1280;
    const [x, y] = [code.x * scale, code.y * scale];
    context.drawImage(
      video,
      x,
      y,
      code.width * code.bits * scale,
      code.height * scale,
      0,
      0,
      canvas.width,
      DOTS,
    );
    const { data } = context.getImageData(0, DOTS / 2, canvas.width, 1);
    let value = 0;
    for (let bit = 0; bit < code.bits; bit += 1) {
      const level = data[(bit * DOTS + DOTS / 2) * 4 + 1] ?? 0;
      if (level > 80 && level < 170) return null;
      value = value * 2 + (level >= 170 ? 1 : 0);
    }
    return value;
  };

  const seen: SeenClock = { latenciesMs: [], unreadable: 0 };
  let unreadable = 0;
  const untilMs = Date.now() + forMs;
  await new Promise<void>((resolve) => {
    const look = (): void => {
      const nowMs = Date.now();
      const drawn = read();
      const wrap = 2 ** code.bits;
      if (drawn === null) unreadable += 1;
      else seen.latenciesMs.push((((nowMs - drawn) % wrap) + wrap) % wrap);
      if (nowMs < untilMs) video.requestVideoFrameCallback(look);
      else resolve();
    };
    video.requestVideoFrameCallback(look);
    setTimeout(resolve, forMs + 1_000);
  });
  return { ...seen, unreadable };
}
