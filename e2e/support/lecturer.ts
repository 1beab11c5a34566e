import { listMyLectures } from '@yike/contracts/http/lectures';
import type { Lecture } from '@yike/contracts/http/lectures';
import type { Browser } from 'playwright-core';
import { Visitor, type VisitorOptions } from './visitor.ts';

const REPLAY_WITHIN_MS = 20_000;

/** A lecturer in the studio. */
export class Lecturer {
  readonly visitor: Visitor;

  private constructor(visitor: Visitor) {
    this.visitor = visitor;
  }

  static async arrive(browser: Browser, origin: string, options: VisitorOptions = {}): Promise<Lecturer> {
    return new Lecturer(await Visitor.signedIn(browser, origin, 'lecturer', options));
  }

  get #page() {
    return this.visitor.page;
  }

  /** Plans a lecture by the form, for a little later today; stays on the list, where it stands. */
  async plan(title: string): Promise<Lecture> {
    await this.visitor.open('/studio');
    await this.#page.getByTestId('plan-lecture').click();
    const form = this.#page.getByTestId('lecture-form');
    await form.locator('input[name=title]').fill(title);
    await form.locator('select[name=topic]').selectOption('culture');
    await form.locator('input[name=minutes]').fill('30');
    await form.getByTestId('save-lecture').click();
    await this.#line(title).waitFor();
    const { items } = await this.visitor.read(listMyLectures);
    const lecture = items.find((each) => each.title === title);
    if (lecture === undefined) throw new Error(`"${title}" is not among the lecturer's lectures`);
    return lecture;
  }

  /**
   * From the list on air: two clicks, and a choice where no camera is wanted. Resolves once the studio says that it is recorded.
   * @returns when it said "on air", unix ms
   */
  async goOnAir(title: string, options: { soundOnly?: boolean } = {}): Promise<number> {
    await this.#line(title).getByTestId('enter-studio').click();
    if (options.soundOnly === true) {
      await this.#page.getByTestId('choose-camera').selectOption('none');
      await this.#page.getByTestId('sound-only').waitFor();
    }
    await this.#page.getByTestId('go-live').click();
    await this.#onAir.waitFor();
    const onAirAtMs = Date.now();
    await this.waitRecording();
    return onAirAtMs;
  }

  /** On air, and the studio says that it is recorded. */
  async waitRecording(): Promise<void> {
    await this.#onAir.waitFor();
    await this.#page.locator('[data-testid=health-recording][data-says=recording]').waitFor();
  }

  /** The studio says that the network is cut. @returns seconds until the lecture would end by itself */
  async waitCut(): Promise<number> {
    await this.#page.locator('[data-testid=on-air][data-phase=reconnecting]').waitFor();
    return Number(await this.#page.getByTestId('absent-until').getAttribute('data-seconds'));
  }

  /** Loses the page and comes back: the studio goes on air again by itself. */
  async reload(): Promise<void> {
    await this.#page.reload();
    await this.waitRecording();
  }

  /** Ends now, without the 30 s; resolves when the replay's button stands there. */
  async endNow(): Promise<{ courseId: string; endedAtMs: number }> {
    await this.#page.getByTestId('end').click();
    await this.#page.getByTestId('confirm-end').click();
    const endedAtMs = Date.now();
    await this.#page.getByTestId('end-now').click();
    const replay = this.#page.getByTestId('watch-replay');
    await replay.waitFor({ timeout: REPLAY_WITHIN_MS });
    return { courseId: lastOf(await replay.getAttribute('href')), endedAtMs };
  }

  get #onAir() {
    return this.#page.locator('[data-testid=on-air][data-phase=on-air]');
  }

  #line(title: string) {
    return this.#page.getByTestId('my-lecture').filter({ hasText: title });
  }
}

function lastOf(address: string | null): string {
  const last = address?.split('/').at(-1);
  if (last === undefined || last === '') throw new Error('the replay has no address');
  return last;
}
