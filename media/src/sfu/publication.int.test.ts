import { createWorker } from 'mediasoup';
import type { Router, Worker } from 'mediasoup/types';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testEnvironment, type TestEnvironment } from '../../../scripts/testing/env.ts';
import { ROUTER_CODECS } from '../core/codecs.ts';
import { RtpSource } from '../testing/rtp-source.ts';
import { Publication } from './publication.ts';

let env: TestEnvironment;
let worker: Worker;
let router: Router;

beforeAll(async () => {
  env = testEnvironment();
  worker = await createWorker({ workerBin: env.workerBin, logLevel: 'warn' });
  router = await worker.createRouter({ mediaCodecs: ROUTER_CODECS });
});
afterAll(() => worker.close());

it('is absent while no packet of any kind comes, and to be recorded anew when they come again', async () => {
  const source = await RtpSource.start({ router, ffmpegPath: env.ffmpegPath });
  const publication = new Publication();
  const happened: string[] = [];
  for (const event of ['joined', 'left', 'stable'] as const)
    publication.on(event, () => happened.push(event));
  publication.add(source.producers.audio!);
  publication.add(source.producers.video!);
  expect(happened).toEqual(['joined', 'stable']);

  source.pause('video');
  await new Promise((resolve) => setTimeout(resolve, 5000));
  expect(publication.isPresent).toBe(true); // The sound goes on.

  source.pause('audio');
  await expect.poll(() => publication.isHeard, { timeout: 3000, interval: 50 }).toBe(false);
  expect(publication.isPresent).toBe(true); // He may be back in a moment.
  await expect.poll(() => publication.isPresent, { timeout: 8000, interval: 50 }).toBe(false);

  source.resume('audio');
  await expect.poll(() => publication.isPresent, { timeout: 3000, interval: 50 }).toBe(true);
  expect(happened).toEqual(['joined', 'stable', 'left', 'joined', 'stable']);

  publication.dropSilent();
  expect(source.producers.audio!.closed).toBe(false);
  source.pause('audio');
  await expect.poll(() => publication.isPresent, { timeout: 8000, interval: 50 }).toBe(false);
  publication.dropSilent();
  expect([source.producers.audio!.closed, source.producers.video!.closed]).toEqual([true, true]);
  expect(happened.slice(5)).toEqual(['left']);
  await source.stop();
});
