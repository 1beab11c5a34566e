import type { Browser, Page } from 'playwright-core';
import { type Account, Visitor, type VisitorOptions } from './visitor.ts';

/** A resident who watches, live and later. */
export class Resident {
  readonly visitor: Visitor;

  private constructor(visitor: Visitor) {
    this.visitor = visitor;
  }

  static async arrive(
    browser: Browser,
    origin: string,
    account: Account = 'resident',
    options: VisitorOptions = {},
  ): Promise<Resident> {
    return new Resident(await Visitor.signedIn(browser, origin, account, options));
  }

  get page(): Page {
    return this.visitor.page;
  }

  /** Opens the live room and presses Play; resolves when the picture moves. */
  async watchLive(lectureId: string, page = this.page): Promise<void> {
    await this.visitor.open(`/live/${lectureId}`, page);
    await this.#press(page);
  }

  /** Opens the course and presses Play; resolves when the picture moves. */
  async watchCourse(courseId: string, page = this.page): Promise<void> {
    await this.visitor.open(`/courses/${courseId}`, page);
    await this.#press(page);
  }

  /** Drags the bar's thumb. */
  async seek(seconds: number, page = this.page): Promise<void> {
    await page.getByTestId('seek').evaluate((bar, to) => {
      const input = bar as HTMLInputElement;
      input.valueAsNumber = to;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }, seconds);
  }

  /** Seconds at which the player stands. */
  position(page = this.page): Promise<number> {
    return page.getByTestId('video').evaluate((video) => (video as HTMLVideoElement).currentTime);
  }

  /** Resolves when the player has come there. */
  async waitPosition(seconds: number, { timeoutMs }: { timeoutMs: number }, page = this.page): Promise<void> {
    await page.waitForFunction((to) => (document.querySelector('video')?.currentTime ?? 0) >= to, seconds, {
      timeout: timeoutMs,
    });
  }

  async #press(page: Page): Promise<void> {
    await page.getByTestId('play').click();
    await page.waitForFunction(() => {
      const video = document.querySelector('video');
      return video !== null && !video.paused && video.videoWidth > 0 && video.currentTime > 0;
    });
  }
}
