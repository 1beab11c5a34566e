import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { debianPackages } from '../../scripts/host/debian-packages.ts';
import { DESKTOP } from './browser.ts';
import { fontEnvironment } from './fonts.ts';
import type { Account } from './visitor.ts';

/** Firefox plays H.264 and AAC by the system's decoders. */
const PACKAGES = ['firefox-esr', 'libavcodec59'];
const PLAYS_WITHIN_MS = 30_000;

/** A person with Debian's Firefox, signed in. It has no H.264 for WebRTC (that comes by a download of Mozilla's). */
export class FirefoxVisitor {
  readonly page: Page;
  readonly #browser: Browser;
  readonly #home: string;
  readonly #origin: string;

  private constructor(browser: Browser, page: Page, home: string, origin: string) {
    this.#browser = browser;
    this.page = page;
    this.#home = home;
    this.#origin = origin;
  }

  static async signedIn(origin: string, account: Account): Promise<FirefoxVisitor> {
    const tree = await debianPackages(...PACKAGES);
    const home = mkdtempSync(path.join(tmpdir(), 'yike-firefox-'));
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: path.join(tree.root, 'usr/lib/firefox-esr/firefox-esr'),
      // Its sandbox would keep it from the font, which is not the system's.
      env: {
        ...{ ...process.env, ...fontEnvironment(), ...tree.env, HOME: home },
        MOZ_DISABLE_CONTENT_SANDBOX: '1',
      },
      extraPrefsFirefox: { 'media.autoplay.default': 0, 'intl.accept_languages': 'zh-CN' },
      defaultViewport: DESKTOP,
    });
    const visitor = new FirefoxVisitor(browser, await browser.newPage(), home, origin);
    await visitor.#signIn(account);
    return visitor;
  }

  /** Opens a course or a live room and presses Play; resolves when the picture moves. */
  async watch(pathname: string): Promise<void> {
    await this.open(pathname);
    await this.page.locator('[data-testid=play]').click();
    await this.page.waitForFunction(
      () => {
        const video = document.querySelector('video');
        return video !== null && !video.paused && video.videoWidth > 0 && video.currentTime > 0;
      },
      { timeout: PLAYS_WITHIN_MS },
    );
  }

  /** Drags the bar's thumb. */
  async seek(seconds: number): Promise<void> {
    await this.page.$eval(
      '[data-testid=seek]',
      (bar, to) => {
        const input = bar as HTMLInputElement;
        input.valueAsNumber = to;
        input.dispatchEvent(new Event('input', { bubbles: true }));
        input.dispatchEvent(new Event('change', { bubbles: true }));
      },
      seconds,
    );
  }

  /** Resolves when the player has come there. */
  async waitPosition(seconds: number): Promise<void> {
    await this.page.waitForFunction(
      (to) => (document.querySelector('video')?.currentTime ?? 0) >= to,
      { timeout: PLAYS_WITHIN_MS },
      seconds,
    );
  }

  /** The pictures presented so far, and what the line of truth says was watched. */
  played(): Promise<{ frames: number; watchedMs: number }> {
    return this.page.evaluate(() => ({
      frames: document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
      watchedMs: Number(document.querySelector<HTMLElement>('[data-testid=truth-watched]')?.dataset.ms ?? 0),
    }));
  }

  /** Goes to a page and waits until it reacts to a press. */
  async open(pathname: string): Promise<void> {
    await this.page.goto(new URL(pathname, this.#origin).href);
    await this.page.waitForSelector('html[data-alive]');
  }

  async close(): Promise<void> {
    await this.#browser.close();
    rmSync(this.#home, { recursive: true, force: true });
  }

  async #signIn(account: Account): Promise<void> {
    await this.open('/sign-in?by=password');
    await this.page.locator('input[autocomplete=username]').fill(account);
    await this.page.locator('input[autocomplete=current-password]').fill('yike-demo');
    await this.page.locator('button[type=submit]').click();
    await this.page.waitForFunction(() => location.pathname !== '/sign-in');
  }
}
