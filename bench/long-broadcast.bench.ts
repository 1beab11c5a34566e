import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BroadcastCommand } from '@yike/contracts/control/commands';
import { EpochManifest, type ManifestTrack, type TrackKind } from '@yike/contracts/control/manifest';
import { BroadcastId, newId, RecordingId } from '@yike/contracts/ids';
import { EmbeddedS3Server } from '@yike/storage/embedded/server';
import { createMinioStore } from '@yike/storage/minio-store';
import type { ObjectStore } from '@yike/storage/object-store';
import { createWorker } from 'mediasoup';
import type { Producer, Router } from 'mediasoup/types';
import { pino } from 'pino';
import { ROUTER_CODECS } from '../media/src/core/codecs.ts';
import { EpochRecorder } from '../media/src/recording/epoch-recorder.ts';
import { RecordingService } from '../media/src/recording/recording-service.ts';
import type { StartEpoch } from '../media/src/recording/running-epoch.ts';
import { decodeComplaints, soundOffsetsMs } from '../media/src/testing/measure.ts';
import { RtpSource } from '../media/src/testing/rtp-source.ts';
import { testEnvironment } from '../scripts/testing/env.ts';

/** A broadcast in real time, so far as it was asked for; `npm test` never runs it. */
const MINUTES = Number(process.env.YIKE_BENCH_MINUTES ?? 40);
export const timeLimitMs = (MINUTES + 5) * 60_000;

const GOAL = { offsetMs: 80, growthMb: 24, lengthMs: 500 };
const SAMPLE_EVERY_MS = 15_000;
/** The video's timestamps wrap after 2 minutes, the sound's after 3.75. */
const WRAP_AFTER_TICKS = 90_000 * 120;
const KEYS = { accessKey: 'bench', secretKey: 'bench-secret-key', region: 'us-east-1' };

interface Source {
  readonly router: Router;
  readonly producers: { readonly audio?: Producer; readonly video?: Producer };
}

/** Memory flat, sound and picture together at the end, no segment missing, over a real broadcast whose timestamps wrap. */
export default async function longBroadcast() {
  const { ffmpegPath, ffprobePath, workerBin } = testEnvironment();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'yike-long-'));
  const s3 = await EmbeddedS3Server.create({
    ...KEYS,
    folder: path.join(folder, 's3'),
    host: '127.0.0.1',
    port: 0,
  });
  const store = createMinioStore({ ...KEYS, endpoint: `http://127.0.0.1:${s3.port}`, bucket: 'yike' });
  await store.ensureBucket();
  const worker = await createWorker({ workerBin });
  const router = await worker.createRouter({ mediaCodecs: ROUTER_CODECS });
  const recorders: EpochRecorder[] = [];
  const logger = pino({ level: 'warn' });
  const startEpoch: StartEpoch<Source> = async (source, sink, onDied) => {
    const recorder = await EpochRecorder.create({ ...source, sink, ffmpegPath, logger });
    recorder.once('died', onDied);
    recorders.push(recorder);
    return recorder;
  };
  const events = { emit: () => Promise.resolve() };
  const recordings = new RecordingService<Source>(
    { store, events, logger, startEpoch, now: Date.now },
    path.join(folder, 'spool'),
  );
  const open: BroadcastCommand = {
    broadcastId: newId(BroadcastId),
    recordingId: newId(RecordingId),
    state: 'open',
    firstEpoch: 1000,
    timelineZeroAtMs: null,
    closeReason: null,
  };
  let source: RtpSource | undefined;
  try {
    recordings.open(open);
    source = await RtpSource.start({ router, ffmpegPath, firstTimestamp: 2 ** 32 - WRAP_AFTER_TICKS });
    const startedAt = Date.now();
    recordings.publish(open.broadcastId, { router, producers: source.producers });
    const pids = { node: process.pid, worker: worker.pid, ffmpeg: () => recorders.at(-1)?.pid };
    const memory = await watchMemory(pids, startedAt + MINUTES * 60_000);
    const lengthMs = Date.now() - startedAt;
    await recordings.close({ ...open, state: 'closed', closeReason: 'ended' });

    const key = `recordings/${open.recordingId}/1000/manifest.json`;
    const manifest = EpochManifest.parse(JSON.parse((await store.getBuffer(key)).toString()));
    const files = {
      video: await tailOf(store, manifest.tracks.video, path.join(folder, 'video.mp4')),
      audio: await tailOf(store, manifest.tracks.audio, path.join(folder, 'audio.mp4')),
    };
    const meters = { ffmpegPath, ffprobePath };
    const offsets = (await soundOffsetsMs(meters, files)).map(Math.round);
    const complaints = [
      ...(await decodeComplaints(meters, files.video)),
      ...(await decodeComplaints(meters, files.audio)),
    ];
    const holes = { video: holesOf(manifest.tracks.video), audio: holesOf(manifest.tracks.audio) };
    const recordedMs = Math.min(endOf(manifest.tracks.video), endOf(manifest.tracks.audio));
    const worst = Math.max(...offsets.map(Math.abs));
    const growthMb = growth(memory);
    const ok =
      offsets.length >= 5 &&
      worst < GOAL.offsetMs &&
      growthMb < GOAL.growthMb &&
      holes.video + holes.audio === 0 &&
      complaints.length === 0 &&
      recorders.length === 1 &&
      lengthMs - recordedMs < GOAL.lengthMs + startUpMs(manifest, startedAt);
    return {
      name: 'long-broadcast',
      value: worst,
      unit: 'ms between sound and picture at the end',
      goal: `under ${GOAL.offsetMs} ms, memory grows under ${GOAL.growthMb} MB, no hole, one epoch`,
      ok,
      details: {
        minutes: MINUTES,
        epochs: recorders.length,
        segments: { video: count(manifest, 'video'), audio: count(manifest, 'audio') },
        holes,
        complaints: complaints.slice(0, 3),
        offsets,
        broadcastMs: lengthMs,
        recordedMs,
        memoryMb: { first: memory[0], middle: memory[memory.length >> 1], last: memory.at(-1), growthMb },
      },
    };
  } finally {
    await source?.stop();
    worker.close();
    await s3.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Memory = Record<'node' | 'worker' | 'ffmpeg', number>;

async function watchMemory(
  pids: { node: number; worker: number; ffmpeg: () => number | undefined },
  untilMs: number,
): Promise<Memory[]> {
  const samples: Memory[] = [];
  while (Date.now() < untilMs) {
    await sleep(Math.min(SAMPLE_EVERY_MS, Math.max(0, untilMs - Date.now())));
    const ffmpeg = pids.ffmpeg();
    if (ffmpeg !== undefined) {
      samples.push({
        node: residentMb(pids.node),
        worker: residentMb(pids.worker),
        ffmpeg: residentMb(ffmpeg),
      });
    }
  }
  return samples;
}

function residentMb(pid: number): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}

/** Median of the last quarter less that of the second, summed over the processes: the first quarter warms up. */
function growth(samples: Memory[]): number {
  const total = samples.map(({ node, worker, ffmpeg }) => node + worker + ffmpeg);
  const quarter = Math.floor(total.length / 4);
  return median(total.slice(-quarter)) - median(total.slice(quarter, 2 * quarter));
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** A minute's worth of segments at the end, behind their init. */
async function tailOf(store: ObjectStore, track: ManifestTrack | undefined, file: string): Promise<string> {
  if (!track) throw new Error('a track is missing');
  const keys = [track.initKey, ...track.segments.slice(-15).map(({ key }) => key)];
  const parts = await Promise.all(keys.map((key) => store.getBuffer(key)));
  await writeFile(file, Buffer.concat(parts));
  return file;
}

function holesOf(track: ManifestTrack | undefined): number {
  const segments = track?.segments ?? [];
  return segments.filter((segment, index) => {
    const before = segments[index - 1];
    return before !== undefined && before.startMs + before.durationMs !== segment.startMs;
  }).length;
}

function endOf(track: ManifestTrack | undefined): number {
  const last = track?.segments.at(-1);
  return last ? last.startMs + last.durationMs : 0;
}

const count = (manifest: EpochManifest, kind: TrackKind): number =>
  manifest.tracks[kind]?.segments.length ?? 0;

/** The broadcast begins a moment before the recorder has its first packet. */
const startUpMs = (manifest: EpochManifest, startedAt: number): number =>
  manifest.timelineZeroAtMs - startedAt;
