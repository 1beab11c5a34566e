import { setTimeout as sleep } from 'node:timers/promises';
import { createWorker } from 'mediasoup';
import type { Worker } from 'mediasoup/types';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testEnvironment } from '../../../scripts/testing/env.ts';
import { ROUTER_CODECS } from '../core/codecs.ts';
import { serializeRtp } from '../core/rtp.ts';
import { KEY_FRAME_REQUEST_DELAY_MS } from './peer.ts';
import { h264 } from './testing/page.ts';

const JOINS = 1_000;
const WITHIN_MS = 10_000;
/** RFC 4585, 6.1: payload-specific feedback; its format 1 is a picture loss indication. */
const PSFB = 206;

let worker: Worker;

beforeAll(async () => {
  worker = await createWorker({ workerBin: testEnvironment().workerBin, logLevel: 'warn' });
});
afterAll(() => worker.close());

it('a thousand joins in ten seconds ask the publisher for a bounded number of key frames', async () => {
  const router = await worker.createRouter({ mediaCodecs: ROUTER_CODECS });
  const [up, down] = [await router.createDirectTransport(), await router.createDirectTransport()];
  let requests = 0;
  let isWanted = false;
  up.on('rtcp', (packet) => {
    if (packet[1] !== PSFB) return;
    requests += 1;
    isWanted = true;
  });
  const rtpParameters = h264();
  const producer = await up.produce({
    kind: 'video',
    rtpParameters,
    keyFrameRequestDelay: KEY_FRAME_REQUEST_DELAY_MS,
  });
  const fields = { payloadType: 102, ssrc: rtpParameters.encodings[0]!.ssrc, marker: true };
  let sequenceNumber = 0;
  const film = setInterval(() => {
    // A key frame (its parameter set) at once when it is asked for: the next request need not wait for this one.
    const payload = Uint8Array.of(isWanted ? 0x67 : 0x41);
    isWanted = false;
    const packet = {
      ...fields,
      sequenceNumber,
      timestamp: sequenceNumber * 3000,
      payload,
    };
    producer.send(Buffer.from(serializeRtp(packet)));
    sequenceNumber += 1;
  }, 33);
  await sleep(100);

  const beganAt = performance.now();
  for (let join = 0; join < JOINS; join += 1) {
    const consumer = await down.consume({
      producerId: producer.id,
      rtpCapabilities: router.rtpCapabilities,
      paused: true,
    });
    await consumer.resume();
    const dueAt = beganAt + ((join + 1) * WITHIN_MS) / JOINS;
    await sleep(Math.max(0, dueAt - performance.now()));
  }
  const tookMs = performance.now() - beganAt;
  clearInterval(film);
  console.log(`${JOINS} joins in ${Math.round(tookMs)} ms: ${requests} requests for a key frame`);
  expect(requests).toBeGreaterThan(0);
  expect(requests).toBeLessThanOrEqual(Math.ceil(tookMs / KEY_FRAME_REQUEST_DELAY_MS) + 1);
});
