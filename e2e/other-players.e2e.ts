import { getCourse } from '@yike/contracts/http/library';
import { getLecture, type Lecture } from '@yike/contracts/http/lectures';
import { openPlayback } from '@yike/contracts/http/viewing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Meters } from '../media/src/testing/measure.ts';
import { testEnvironment } from '../scripts/testing/env.ts';
import { startProduct, type StartedProduct } from '../scripts/testing/product.ts';
import { launchBrowser } from './support/browser.ts';
import { FAKE_CAMERA } from './support/fake-camera.ts';
import { type Decoded, playByFfmpeg } from './support/ffmpeg-viewer.ts';
import { FirefoxVisitor } from './support/firefox.ts';
import { Lecturer } from './support/lecturer.ts';
import { secondsAfter } from './support/moments.ts';
import { ReplayReader } from './support/replay-reader.ts';
import { ShakaPage } from './support/shaka.ts';

const TITLE = '太极拳入门';
/** The lecturer's page is loaded again here: the live playlist has a discontinuity from then on. */
const RETURNS_AT_S = 20;
const BROADCAST_S = 40;
const FFMPEG_STARTS_AT_S = 10;
const FFMPEG_PLAYS_S = 20;
/** The studio's fake camera makes 20 pictures a second; a busy machine a few less. */
const LEAST_FRAMES_A_SECOND = 10;
/** A part that was hinted at and never written, because its segment ended before: shaka-player says so, and goes on. */
const HINTED_IN_VAIN = /\/\d+\.\d+\.m4s 404$/;

describe('a lecture in players that are not ours', () => {
  let meters: Meters;
  let product: StartedProduct;
  let browser: Browser;
  let lecturer: Lecturer;
  let lecture: Lecture;
  let reader: ReplayReader;
  let firefox: FirefoxVisitor;
  let onAirAtMs = 0;
  let courseId = '';
  let durationS = 0;

  beforeAll(async () => {
    meters = testEnvironment();
    [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
    lecturer = await Lecturer.arrive(browser, product.origin, { initScript: FAKE_CAMERA });
    lecture = await lecturer.plan(TITLE);
    reader = await ReplayReader.signedIn(product.origin, 'resident');
    firefox = await FirefoxVisitor.signedIn(product.origin, 'resident2');
    onAirAtMs = await lecturer.goOnAir(TITLE);
  });
  afterAll(async () => {
    await firefox.close();
    await browser.close();
    await product.stop();
  });

  const live = async (): Promise<string> => {
    const { broadcastId } = await reader.get(getLecture, { lectureId: lecture.id });
    const wanted = { mode: 'll-hls', broadcastId, player: 'hls.js' };
    return openPlayback.reply.parse(await reader.send('POST', openPlayback.path, wanted)).playlistUrl ?? '';
  };

  describe('live, across a discontinuity', () => {
    let decoded: Promise<Decoded>;
    let shaka: ShakaPage;

    beforeAll(async () => {
      await secondsAfter(onAirAtMs, FFMPEG_STARTS_AT_S);
      const address = new URL(await live(), product.origin).href;
      decoded = playByFfmpeg(meters, address, FFMPEG_PLAYS_S, reader.cookie);
      shaka = await ShakaPage.play(browser, address, reader.cookie);
      await firefox.watch(`/live/${lecture.id}`);
      await secondsAfter(onAirAtMs, RETURNS_AT_S);
      await lecturer.reload();
      await secondsAfter(onAirAtMs, BROADCAST_S);
    });

    it('is decoded by ffmpeg without damage', async () => {
      const { frames, soundSeconds, damage } = await decoded;
      expect(damage).toEqual([]);
      expect(frames).toBeGreaterThan(FFMPEG_PLAYS_S * LEAST_FRAMES_A_SECOND);
      expect(soundSeconds).toBeGreaterThan(FFMPEG_PLAYS_S / 2);
    });

    it('is played by shaka-player, and goes on', async () => {
      const before = await shaka.played();
      await secondsAfter(Date.now(), 3);
      const after = await shaka.played();
      expect(after.troubles.filter((trouble) => !HINTED_IN_VAIN.test(trouble))).toEqual([]);
      expect(after.frames - before.frames).toBeGreaterThan(3 * (LEAST_FRAMES_A_SECOND / 2));
      await shaka.close();
    });

    it('is watched in Firefox, and goes on', async () => {
      const before = await firefox.played();
      await secondsAfter(Date.now(), 3);
      const after = await firefox.played();
      expect(after.frames - before.frames).toBeGreaterThan(3 * (LEAST_FRAMES_A_SECOND / 2));
      expect(after.watchedMs).toBeGreaterThan(5_000);
    });
  });

  describe('as a replay, across a discontinuity', () => {
    let address = '';
    beforeAll(async () => {
      ({ courseId } = await lecturer.endNow());
      const { units } = await reader.get(getCourse, { courseId });
      durationS = units[0]!.durationMs / 1000;
      address = new URL((await reader.openUnit(units[0]!.id)).playlistUrl ?? '', product.origin).href;
    });

    it('is decoded by ffmpeg without damage, whole', async () => {
      const { frames, soundSeconds, damage } = await playByFfmpeg(meters, address, durationS, reader.cookie);
      expect(damage).toEqual([]);
      expect(frames).toBeGreaterThan((durationS - 5) * LEAST_FRAMES_A_SECOND);
      expect(soundSeconds).toBeGreaterThan(durationS - 8);
    });

    it('is played by shaka-player over the joint', async () => {
      const shaka = await ShakaPage.play(browser, address, reader.cookie);
      await shaka.seek(RETURNS_AT_S - 3);
      await secondsAfter(Date.now(), 10);
      const { seconds, troubles, frames } = await shaka.played();
      expect(troubles).toEqual([]);
      expect(seconds).toBeGreaterThan(RETURNS_AT_S + 3);
      expect(frames).toBeGreaterThan(5 * LEAST_FRAMES_A_SECOND);
      await shaka.close();
    });

    it('is watched in Firefox over the joint', async () => {
      await firefox.watch(`/courses/${courseId}`);
      await firefox.seek(RETURNS_AT_S - 3);
      await firefox.waitPosition(RETURNS_AT_S + 3);
      expect((await firefox.played()).frames).toBeGreaterThan(4 * LEAST_FRAMES_A_SECOND);
    });
  });
});
