import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { getCourse } from '@yike/contracts/http/library';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeComplaints, type Meters, soundOffsetsMs, streamFacts } from '../media/src/testing/measure.ts';
import { testEnvironment } from '../scripts/testing/env.ts';
import { startProduct, type StartedProduct } from '../scripts/testing/product.ts';
import { launchBrowser } from './support/browser.ts';
import { FAKE_CAMERA } from './support/fake-camera.ts';
import { Lecturer } from './support/lecturer.ts';
import { secondsAfter } from './support/moments.ts';
import { commandOf, descendants } from './support/processes.ts';
import { type DownloadedReplay, downloadReplay } from './support/replay-download.ts';
import { ReplayReader } from './support/replay-reader.ts';

const TITLE = '社区防火常识';
const RETURNS_AT_S = 9;
const BROADCAST_S = 20;
const MOST_OFFSET_MS = 80;
const MOST_LENGTH_ERROR_MS = 500;

describe('the recording of a broadcast whose lecturer came back once', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'yike-recording-'));
  let meters: Meters;
  let product: StartedProduct;
  let browser: Browser;
  let replay: DownloadedReplay;
  let recorderCommand = '';
  let broadcastMs = 0;
  let durationMs = 0;

  beforeAll(async () => {
    meters = testEnvironment();
    [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
    const lecturer = await Lecturer.arrive(browser, product.origin, { initScript: FAKE_CAMERA });
    await lecturer.plan(TITLE);
    const onAirAtMs = await lecturer.goOnAir(TITLE);
    await secondsAfter(onAirAtMs, RETURNS_AT_S);
    await lecturer.reload();
    recorderCommand = descendants(product.pidOf('media'), 'ffmpeg').map(commandOf).join('\n');
    await secondsAfter(onAirAtMs, BROADCAST_S);
    const { courseId, endedAtMs } = await lecturer.endNow();
    broadcastMs = endedAtMs - onAirAtMs;

    const reader = await ReplayReader.signedIn(product.origin, 'resident');
    const { units } = await reader.get(getCourse, { courseId });
    durationMs = units[0]!.durationMs;
    replay = await downloadReplay(reader, await reader.openUnit(units[0]!.id), folder);
  });
  afterAll(async () => {
    await browser.close();
    await product.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const files = (): { epoch: number; video: string; audio: string }[] =>
    replay.epochs.map(({ epoch, tracks }) => ({
      epoch,
      video: tracks.video?.file ?? '',
      audio: tracks.audio?.file ?? '',
    }));

  it('has an epoch before and one after, each with both tracks', () => {
    expect(replay.epochs).toHaveLength(2);
    for (const { tracks } of replay.epochs)
      expect(Object.keys(tracks).toSorted()).toEqual(['audio', 'video']);
  });

  it('is H.264 constrained baseline of 1280 x 720 and AAC of 48 kHz', async () => {
    expect(replay.master).toMatch(/CODECS="avc1\.42[Cc e]0[0-9a-f]{2},mp4a\.40\.2"/);
    for (const { video, audio } of files()) {
      expect(await streamFacts(meters, video)).toMatchObject({
        codec_name: 'h264',
        profile: 'Constrained Baseline',
        width: 1280,
        height: 720,
      });
      expect(await streamFacts(meters, audio)).toMatchObject({ codec_name: 'aac', sample_rate: '48000' });
    }
  });

  it('is the picture as Chromium encoded it, not encoded again', () => {
    expect(recorderCommand).toMatch(/ -c:v copy /);
    for (const { video } of files()) expect(readFileSync(video).includes('x264')).toBe(false);
  });

  it('decodes whole without a complaint', async () => {
    for (const { epoch, video, audio } of files()) {
      expect({ epoch, complaints: await decodeComplaints(meters, video) }).toEqual({ epoch, complaints: [] });
      expect({ epoch, complaints: await decodeComplaints(meters, audio) }).toEqual({ epoch, complaints: [] });
    }
  });

  it('keeps sound and picture within 80 ms in every epoch', async () => {
    for (const { epoch, video, audio } of files()) {
      const offsets = await soundOffsetsMs(meters, { video, audio });
      console.log(`epoch ${epoch}: beep minus flash ${offsets.map(Math.round).join(' ')} ms`);
      expect(offsets.length).toBeGreaterThanOrEqual(3);
      for (const offset of offsets) expect(Math.abs(offset)).toBeLessThan(MOST_OFFSET_MS);
    }
  });

  it('is as long as the broadcast', () => {
    console.log(`broadcast ${broadcastMs} ms, replay ${durationMs} ms`);
    expect(Math.abs(durationMs - broadcastMs)).toBeLessThan(MOST_LENGTH_ERROR_MS);
  });
});
