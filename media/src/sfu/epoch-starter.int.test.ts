import { createWorker } from 'mediasoup';
import { expect, it } from 'vitest';
import { testEnvironment } from '../../../scripts/testing/env.ts';
import { ROUTER_CODECS } from '../core/codecs.ts';
import { MemorySink } from '../testing/memory-sink.ts';
import { RtpSource } from '../testing/rtp-source.ts';
import { epochStarter } from './epoch-starter.ts';

it('records the sound alone where no picture can be made of what comes', async () => {
  const { workerBin, ffmpegPath } = testEnvironment();
  const worker = await createWorker({ workerBin, logLevel: 'warn' });
  const router = await worker.createRouter({ mediaCodecs: ROUTER_CODECS });
  const source = await RtpSource.start({ router, ffmpegPath });
  source.pause('video');
  const start = epochStarter({ FFMPEG_PATH: ffmpegPath }, { info: () => undefined, warn: () => undefined });
  const offered = { router, producers: source.producers };
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await new Promise((died) => void start(offered, new MemorySink(), died));
  }
  const sink = new MemorySink();
  const recorder = await start(offered, sink, () => undefined);
  await expect.poll(() => sink.lengthMs('audio'), { timeout: 10_000 }).toBeGreaterThan(2_000);
  await recorder.stop();
  expect(sink.parts.video).toEqual([]);
  await source.stop();
  worker.close();
});
