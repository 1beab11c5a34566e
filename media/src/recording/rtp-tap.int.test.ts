import { createSocket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { LastKeyFrame } from '../core/fillers.ts';
import { startsH264KeyFrame } from '../core/key-frames.ts';
import { serializeRtp } from '../core/rtp.ts';
import { systemClock } from './clock.ts';
import { RtpTap } from './rtp-tap.ts';

const KEY_FRAME_EVERY_MS = 300;
const KEY_FRAME = Uint8Array.of(0x65);
const OTHER_FRAME = Uint8Array.of(0x41);
const SSRC = 7;

const camera = createSocket('udp4');
let tap: RtpTap | undefined;
afterEach(() => tap?.close());

/** A picture whose key frames come so often. @returns how often another was wanted, in so many ms */
async function wanted({ keyFrameEach, forMs }: { keyFrameEach: number; forMs: number }): Promise<number> {
  tap = await RtpTap.create({ clock: systemClock, keyFrameEveryMs: KEY_FRAME_EVERY_MS });
  tap.add({
    kind: 'video',
    ssrc: SSRC,
    clockRate: 90_000,
    filler: new LastKeyFrame(startsH264KeyFrame),
    target: { rtp: 9, rtcp: 9 },
  });
  const send = (count: number): void => {
    const fields = { payloadType: 102, ssrc: SSRC, marker: true };
    const payload = count % keyFrameEach === 0 ? KEY_FRAME : OTHER_FRAME;
    const packet = serializeRtp({ ...fields, sequenceNumber: count, timestamp: count * 3_000, payload });
    camera.send(packet, tap?.port, '127.0.0.1');
  };
  send(0);
  await sleep(50);
  let times = 0;
  tap.on('keyframewanted', () => (times += 1));
  const beganAt = performance.now();
  for (let count = 1; performance.now() - beganAt < forMs; count += 1) {
    send(count);
    await sleep(20);
  }
  return times;
}

it('wants no key frame while they come by themselves', async () => {
  expect(await wanted({ keyFrameEach: 5, forMs: 1_000 })).toBe(0);
});

it('wants one, again and again, where none comes', async () => {
  const times = await wanted({ keyFrameEach: Infinity, forMs: 1_000 });
  expect(times).toBeGreaterThanOrEqual(2);
  expect(times).toBeLessThanOrEqual(4);
});
