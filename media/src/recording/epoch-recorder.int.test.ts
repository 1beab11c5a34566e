import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createWorker } from 'mediasoup';
import type { Router, Worker } from 'mediasoup/types';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testEnvironment, type TestEnvironment } from '../../../scripts/testing/env.ts';
import { ROUTER_CODECS } from '../core/codecs.ts';
import { clipFile } from '../testing/clip.ts';
import {
  beepTimes,
  decodeComplaints,
  flashTimes,
  pictureHashes,
  pictureSizes,
  soundOffsetsMs,
  streamFacts,
} from '../testing/measure.ts';
import { MemorySink } from '../testing/memory-sink.ts';
import { RtpSource, type RtpSourceOptions } from '../testing/rtp-source.ts';
import type { EpochFailure } from './epoch-failure.ts';
import { EpochRecorder } from './epoch-recorder.ts';

/** Both streams' timestamps wrap soon after the start: the sound's about 4 s later than the picture's. */
const SHORTLY_BEFORE_WRAP = 2 ** 32 - 400_000;
const SILENT_LOGGER = { info: () => undefined, warn: () => undefined };

let env: TestEnvironment;
let worker: Worker;
let router: Router;
let folder: string;
let source: RtpSource | undefined;

beforeAll(async () => {
  env = testEnvironment();
  folder = mkdtempSync(path.join(tmpdir(), 'yike-epoch-'));
  worker = await createWorker({ workerBin: env.workerBin, logLevel: 'warn' });
  router = await worker.createRouter({ mediaCodecs: ROUTER_CODECS });
  await clipFile(env.ffmpegPath, 'vp8');
});

afterEach(async () => {
  await source?.stop();
});

afterAll(() => {
  worker.close();
  rmSync(folder, { recursive: true, force: true });
});

async function record(
  options: Omit<RtpSourceOptions, 'router' | 'ffmpegPath'> = {},
): Promise<{ source: RtpSource; sink: MemorySink; recorder: EpochRecorder }> {
  source = await RtpSource.start({ router, ffmpegPath: env.ffmpegPath, ...options });
  const sink = new MemorySink();
  const recorder = await EpochRecorder.create({
    router,
    producers: source.producers,
    sink,
    ffmpegPath: env.ffmpegPath,
    logger: SILENT_LOGGER,
  });
  return { source, sink, recorder };
}

/** Writes the tracks as files, to be looked at by other programs. */
function filesOf(sink: MemorySink): { video: string; audio: string } {
  const files = { video: path.join(folder, 'video.mp4'), audio: path.join(folder, 'audio.mp4') };
  writeFileSync(files.video, sink.file('video'));
  writeFileSync(files.audio, sink.file('audio'));
  return files;
}

function expectTelescoping(sink: MemorySink, kind: 'video' | 'audio'): void {
  const parts = sink.parts[kind];
  expect(parts[0]).toMatchObject({ startMs: 0, opensSegment: true });
  expect(parts.slice(1).map(({ startMs }) => startMs)).toEqual(parts.slice(0, -1).map(({ endMs }) => endMs));
  expect(parts.every(({ startMs, endMs }) => endMs > startMs)).toBe(true);
}

function expectBelow80Ms(offsets: readonly number[], atLeast: number): void {
  expect(offsets.length).toBeGreaterThanOrEqual(atLeast);
  expect(Math.max(...offsets.map(Math.abs))).toBeLessThan(80);
}

describe('EpochRecorder', () => {
  it('records a lecture whose timestamps wrap, whose sound stops for 2 s, and whose picture stops for 2 s', async () => {
    const { source, sink, recorder } = await record({ firstTimestamp: SHORTLY_BEFORE_WRAP });
    await sleep(10_000);
    source.pause('audio');
    await sleep(2_000);
    source.resume('audio');
    await sleep(2_000);
    source.pause('video');
    await sleep(2_000);
    source.resume('video');
    await sleep(4_000);
    const stoppedAtMs = Date.now();
    await recorder.stop();

    expect(Date.now() - stoppedAtMs).toBeLessThan(1_000);
    expect(sink.calls).toEqual(['started', expect.any(String), expect.any(String), 'ended finished']);
    const lengthMs = stoppedAtMs - (sink.zeroAtMs ?? 0);
    for (const kind of ['video', 'audio'] as const) {
      expectTelescoping(sink, kind);
      expect(Math.abs(sink.lengthMs(kind) - lengthMs)).toBeLessThan(500);
    }
    const openings = sink.parts.video.filter(({ opensSegment }) => opensSegment);
    expect(openings.every(({ independent }) => independent)).toBe(true);
    expect(openings.length).toBeGreaterThanOrEqual(4);

    const files = filesOf(sink);
    expect(await decodeComplaints(env, files.video)).toEqual([]);
    expect(await decodeComplaints(env, files.audio)).toEqual([]);
    expect(await streamFacts(env, files.video)).toMatchObject({
      codec_name: 'h264',
      codec_tag_string: 'avc1',
      profile: 'Constrained Baseline',
      width: 1280,
      height: 720,
    });
    expect(await streamFacts(env, files.audio)).toMatchObject({ codec_name: 'aac', sample_rate: '48000' });
    expect(sink.inits.video).toMatchObject({ codec: 'avc1.42c01f', width: 1280, height: 720 });
    expect(sink.inits.audio).toMatchObject({ codec: 'mp4a.40.2' });

    expectBelow80Ms(await soundOffsetsMs(env, files), 6);
    await expectAnchored(files.video, sink, source);
    const sent = new Set(await pictureHashes(env, await clipFile(env.ffmpegPath, 'h264')));
    const recorded = await pictureHashes(env, files.video);
    expect(recorded.length).toBeGreaterThan(450);
    expect(recorded.filter((hash) => !sent.has(hash))).toEqual([]);
  });

  it('tells when ffmpeg is killed, and what it has written can be decoded', async () => {
    const { sink, recorder } = await record();
    const died = new Promise<EpochFailure>((resolve) => recorder.once('died', resolve));
    await sleep(5_000);
    process.kill(recorder.pid ?? 0, 'SIGKILL');
    const killedAtMs = Date.now();

    expect(await died).toMatchObject({ code: 'exited' });
    expect(Date.now() - killedAtMs).toBeLessThan(1_000);
    expect(sink.calls.at(-1)).toBe('ended killed');
    expect(killedAtMs - (sink.zeroAtMs ?? 0) - sink.lengthMs('video')).toBeLessThan(500);
    const files = filesOf(sink);
    expect(await decodeComplaints(env, files.video)).toEqual([]);
    expect(await decodeComplaints(env, files.audio)).toEqual([]);
    await recorder.stop();
    expect(sink.calls.filter((call) => call.startsWith('ended'))).toHaveLength(1);
  });

  it('records silence where the sound begins late, then the sound', async () => {
    source = await RtpSource.start({ router, ffmpegPath: env.ffmpegPath });
    source.pause('audio');
    const sink = new MemorySink();
    const { producers } = source;
    const options = { router, producers, sink, ffmpegPath: env.ffmpegPath, logger: SILENT_LOGGER };
    const recorder = await EpochRecorder.create(options);
    await sleep(3_000);
    source.resume('audio');
    await sleep(6_000);
    await recorder.stop();

    const files = filesOf(sink);
    expect(await decodeComplaints(env, files.audio)).toEqual([]);
    expect((await beepTimes(env, files.audio)).every((time) => time > 2.5)).toBe(true);
    expect(Math.abs(sink.lengthMs('audio') - sink.lengthMs('video'))).toBeLessThan(200);
    expectBelow80Ms(await soundOffsetsMs(env, files), 2);
    await expectAnchored(files.video, sink, source);
  });

  it('records a picture without a sender of sound, with a track of silence', async () => {
    const { sink, recorder } = await record({ audio: false });
    await sleep(3_000);
    await recorder.stop();
    expect(sink.end).toBe('finished');
    expect(sink.lengthMs('video')).toBeGreaterThan(2_000);
    expect(Math.abs(sink.lengthMs('audio') - sink.lengthMs('video'))).toBeLessThan(700);
    expect(await beepTimes(env, filesOf(sink).audio)).toEqual([]);
  });

  it('records sound alone', async () => {
    const { sink, recorder } = await record({ video: 'none', firstTimestamp: SHORTLY_BEFORE_WRAP + 300_000 });
    await sleep(4_000);
    await recorder.stop();
    expect(sink.calls).toEqual(['started', 'init audio', 'ended finished']);
    expectTelescoping(sink, 'audio');
    expect(sink.lengthMs('audio')).toBeGreaterThan(3_000);
    expect(await decodeComplaints(env, filesOf(sink).audio)).toEqual([]);
  });

  it('turns VP8 into H.264', async () => {
    const { sink, recorder } = await record({ video: 'vp8' });
    await sleep(8_000);
    await recorder.stop();
    const files = filesOf(sink);
    expect(sink.end).toBe('finished');
    expect(await decodeComplaints(env, files.video)).toEqual([]);
    expect(await streamFacts(env, files.video)).toMatchObject({
      codec_name: 'h264',
      width: 1280,
      height: 720,
    });
    expect(sink.parts.video.filter(({ opensSegment }) => opensSegment).length).toBeGreaterThanOrEqual(2);
    expectBelow80Ms(await soundOffsetsMs(env, files), 2);
  });

  it('goes on where the picture changes its size', async () => {
    const { sink, recorder } = await record({ video: 'h264-resized' });
    await sleep(10_000);
    await recorder.stop();
    const { video } = filesOf(sink);
    expect(sink.calls).toEqual(expect.arrayContaining(['init video', 'init audio', 'ended finished']));
    expectTelescoping(sink, 'video');
    expect(sink.lengthMs('video')).toBeGreaterThan(8_000);
    expect(new Set(await pictureSizes(env, video))).toEqual(new Set(['1280x720', '640x360']));
    expect(await decodeComplaints(env, video)).toEqual([]);
  });

  it('gives up where no picture comes', async () => {
    source = await RtpSource.start({ router, ffmpegPath: env.ffmpegPath });
    source.pause('video');
    const sink = new MemorySink();
    const { producers } = source;
    const options = { router, producers, sink, ffmpegPath: env.ffmpegPath, logger: SILENT_LOGGER };
    const recorder = await EpochRecorder.create(options);
    const failure = await new Promise<EpochFailure>((resolve) => recorder.once('died', resolve));
    expect(failure.code).toBe('no-media');
    expect(sink.calls).toEqual(['ended killed']);
  });

  it('leaves nothing behind: no pipe, no socket, no port', async () => {
    source = await RtpSource.start({ router, ffmpegPath: env.ffmpegPath });
    const before = openDescriptors();
    const { producers } = source;
    for (let round = 0; round < 3; round += 1) {
      const sink = new MemorySink();
      const options = { router, producers, sink, ffmpegPath: env.ffmpegPath, logger: SILENT_LOGGER };
      const recorder = await EpochRecorder.create(options);
      const ended = new Promise<void>((resolve) => (sink.ended = () => resolve()));
      recorder.close();
      recorder.close();
      await ended;
    }
    await sleep(100);
    expect(openDescriptors()).toBe(before);
  });

  it('is refused without a program', async () => {
    source = await RtpSource.start({ router, ffmpegPath: env.ffmpegPath });
    const { producers } = source;
    const sink = new MemorySink();
    const options = { router, producers, sink, ffmpegPath: '/nowhere/ffmpeg', logger: SILENT_LOGGER };
    await expect(EpochRecorder.create(options)).rejects.toThrow('ffmpeg does not listen');
    expect(sink.calls).toEqual([]);
  });
});

/** Media time 0 is where the sink was told: the flashes of the recording lie at the clock times at which they were sent. */
async function expectAnchored(video: string, sink: MemorySink, source: RtpSource): Promise<void> {
  const flashes = (await flashTimes(env, video)).map((time) => (sink.zeroAtMs ?? 0) + time * 1000);
  const errors = source.flashesAtMs
    .map((sent) => Math.min(...flashes.map((seen) => Math.abs(seen - sent))))
    .filter((error) => error < 500);
  expect(errors.length).toBeGreaterThanOrEqual(2);
  // One anchor, so one error; a single flash may have been late itself where the machine is busy.
  expect(errors.toSorted((a, b) => a - b)[Math.floor(errors.length / 2)]).toBeLessThan(50);
}

function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}
