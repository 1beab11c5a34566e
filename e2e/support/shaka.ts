import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { Visitor } from './visitor.ts';

interface ShakaWindow {
  shaka: {
    polyfill: { installAll(): void };
    Player: new () => ShakaPlayer;
  };
  shakaTroubles: string[];
}
interface ShakaPlayer {
  attach(video: HTMLVideoElement): Promise<void>;
  configure(configuration: object): void;
  addEventListener(
    type: 'error',
    listener: (event: { detail: { code: number; severity: number; data: unknown[] } }) => void,
  ): void;
  load(address: string): Promise<void>;
}

const CRITICAL = 2;
const SCRIPT = createRequire(import.meta.url).resolve('shaka-player/dist/shaka-player.compiled.js');
const BLANK = '<!doctype html><title>shaka</title><video muted autoplay></video>';

/** What a player has done so far. */
export interface Played {
  readonly seconds: number;
  readonly frames: number;
  /** Codes of the errors that it could not help, and what they are about. */
  readonly troubles: readonly string[];
}

/** A page with shaka-player and nothing of ours, on the product's origin. */
export class ShakaPage {
  readonly #page: Page;
  readonly #visitor: Visitor;

  private constructor(visitor: Visitor) {
    this.#visitor = visitor;
    this.#page = visitor.page;
  }

  /** Plays an address, in the session to which it belongs. @param cookie `name=value` */
  static async play(browser: Browser, address: string, cookie: string): Promise<ShakaPage> {
    const { origin } = new URL(address);
    const visitor = await Visitor.arrive(browser, origin);
    const { page } = visitor;
    const [name = '', value = ''] = cookie.split('=', 2);
    await visitor.context.addCookies([{ name, value, url: origin }]);
    await page.route('**/shaka.html', (route) => route.fulfill({ contentType: 'text/html', body: BLANK }));
    await page.goto(new URL('/shaka.html', origin).href);
    await page.addScriptTag({ path: SCRIPT });
    await page.evaluate(
      async ({ url, critical }) => {
        const page = globalThis as unknown as ShakaWindow;
        const { shaka } = page;
        page.shakaTroubles = [];
        shaka.polyfill.installAll();
        const player = new shaka.Player();
        player.addEventListener('error', ({ detail: { code, severity, data } }) => {
          if (severity === critical) page.shakaTroubles.push(`${code} ${data.slice(0, 2).join(' ')}`);
        });
        await player.attach(document.querySelector('video')!);
        await player.load(url);
        // It takes up its own start position first.
        await new Promise((resolve) =>
          document.querySelector('video')!.addEventListener('playing', resolve, { once: true }),
        );
      },
      { url: address, critical: CRITICAL },
    );
    return new ShakaPage(visitor);
  }

  seek(seconds: number): Promise<void> {
    return this.#page.evaluate((to) => {
      document.querySelector('video')!.currentTime = to;
    }, seconds);
  }

  played(): Promise<Played> {
    return this.#page.evaluate(() => {
      const video = document.querySelector('video')!;
      return {
        seconds: video.currentTime,
        frames: video.getVideoPlaybackQuality().totalVideoFrames,
        troubles: (globalThis as unknown as ShakaWindow).shakaTroubles,
      };
    });
  }

  close(): Promise<void> {
    return this.#visitor.context.close();
  }
}
