import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EpochManifest } from '@yike/contracts/control/manifest';
import { BroadcastCommand } from '@yike/contracts/control/commands';
import { BroadcastId, newId, RecordingId } from '@yike/contracts/ids';
import { EmbeddedS3Server } from '@yike/storage/embedded/server';
import { createMinioStore } from '@yike/storage/minio-store';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DraftEvent, EpochSink } from './ports.ts';
import { RecordingService } from './recording-service.ts';
import type { StartEpoch } from './running-epoch.ts';

const KEYS = { accessKey: 'test', secretKey: 'test-secret-key', region: 'us-east-1' };
const SEGMENT_PARTS = 4;

/** A camera that is as quick as it is told: each step is one part of both tracks. */
interface Camera {
  sink: EpochSink;
  parts: number;
  die: () => void;
}

let root: string;
let server: EmbeddedS3Server;
let events: DraftEvent[];
let cameras: Camera[];

const store = () =>
  createMinioStore({
    ...KEYS,
    endpoint: `http://127.0.0.1:${server.port}`,
    bucket: 'yike',
    idleTimeoutMs: 500,
  });

const serve = (port: number) =>
  EmbeddedS3Server.create({ ...KEYS, folder: path.join(root, 's3'), host: '127.0.0.1', port });

const startEpoch: StartEpoch<string> = (_source, sink, onDied) => {
  const camera: Camera = {
    sink,
    parts: 0,
    die: () => {
      sink.ended('killed');
      onDied(new Error('killed'));
    },
  };
  cameras.push(camera);
  sink.started(Date.now(), ['video', 'audio']);
  for (const kind of ['video', 'audio'] as const)
    sink.init({ kind, codec: 'x', bytes: Buffer.from(`init ${kind}`) });
  return Promise.resolve({
    stop: () => {
      sink.ended('finished');
      return Promise.resolve();
    },
  });
};

function film(camera: Camera, parts: number): void {
  for (let i = 0; i < parts; i++, camera.parts++) {
    const startMs = camera.parts * 1000;
    const opensSegment = camera.parts % SEGMENT_PARTS === 0;
    for (const kind of ['video', 'audio'] as const) {
      const bytes = randomBytes(2000);
      camera.sink.part({
        kind,
        startMs,
        endMs: startMs + 1000,
        independent: opensSegment,
        opensSegment,
        bytes,
      });
    }
  }
}

const service = (spool = path.join(root, 'spool')) => {
  const emit = (event: DraftEvent) => Promise.resolve(void events.push(event));
  const deps = {
    store: store(),
    events: { emit },
    logger: pino({ level: 'silent' }),
    startEpoch,
    now: Date.now,
  };
  return new RecordingService(deps, spool);
};

const command = (): BroadcastCommand => ({
  broadcastId: newId(BroadcastId),
  recordingId: newId(RecordingId),
  state: 'open',
  firstEpoch: 1000,
  timelineZeroAtMs: null,
  closeReason: null,
});

async function manifests(recordingId: string): Promise<EpochManifest[]> {
  const found: EpochManifest[] = [];
  for await (const { key } of store().list(`recordings/${recordingId}/`)) {
    if (!key.endsWith('manifest.json')) continue;
    found.push(EpochManifest.parse(JSON.parse((await store().getBuffer(key)).toString())));
  }
  return found.sort((a, b) => a.epoch - b.epoch);
}

const storedParts = (manifest: EpochManifest, kind: 'video' | 'audio'): number =>
  (manifest.tracks[kind]?.segments ?? []).reduce((sum, segment) => sum + segment.durationMs, 0) / 1000;

const completions = () => events.filter((event) => event.type === 'recording.completed');

beforeEach(async () => {
  root = mkdtempSync(path.join(os.tmpdir(), 'yike-recorder-'));
  events = [];
  cameras = [];
  server = await serve(0);
  await store().ensureBucket();
});
afterEach(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

async function until(what: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !what(); i++) await sleep(25);
  expect(what()).toBe(true);
}

describe('a broadcast on real storage', () => {
  it('stores every segment, and completes when it is closed', async () => {
    const recordings = service();
    const open = command();
    recordings.open(open);
    recordings.publish(open.broadcastId, 'camera');
    await until(() => cameras.length === 1);
    film(cameras[0]!, 10);
    await until(() => recordings.status(open.broadcastId).savedMs === 8000);
    await recordings.close({ ...open, state: 'closed', closeReason: 'ended' });

    const [manifest] = await manifests(open.recordingId);
    expect(manifest?.state).toBe('final');
    expect(manifest?.tracks.video?.segments.map(({ startMs, durationMs }) => [startMs, durationMs])).toEqual([
      [0, 4000],
      [4000, 4000],
      [8000, 2000],
    ]);
    expect(completions()).toMatchObject([{ degraded: false, epochs: [{ epoch: 1000, segments: 6 }] }]);
    expect(existsSync(path.join(root, 'spool/recordings', open.recordingId))).toBe(false);
    await recordings.close({ ...open, state: 'closed', closeReason: 'ended' });
    expect(completions()).toHaveLength(1);
  });

  it('begins the next epoch when a recorder dies, on the same timeline', async () => {
    const recordings = service();
    const open = command();
    recordings.open(open);
    recordings.publish(open.broadcastId, 'camera');
    await until(() => cameras.length === 1);
    film(cameras[0]!, 6);
    await sleep(30);
    cameras[0]!.die();
    await until(() => cameras.length === 2);
    film(cameras[1]!, 3);
    await recordings.close({ ...open, state: 'closed', closeReason: 'ended' });
    const [first, second] = await manifests(open.recordingId);
    expect([first!, second!].map((manifest) => storedParts(manifest, 'audio'))).toEqual([6, 3]);
    expect(second?.timelineZeroAtMs).toBe(first?.timelineZeroAtMs);
    expect(second?.epochStartMs).toBeGreaterThan(0);
  });

  it('waits for storage that is away, and loses nothing', async () => {
    const recordings = service();
    const open = command();
    recordings.open(open);
    recordings.publish(open.broadcastId, 'camera');
    await until(() => cameras.length === 1);
    const { port } = server;
    await server.close();
    film(cameras[0]!, 40);
    await until(() => recordings.status(open.broadcastId).recording === 'waiting');
    const closed = recordings.close({ ...open, state: 'closed', closeReason: 'ended' });
    await sleep(300);
    expect(completions()).toHaveLength(0);
    server = await serve(port);
    await closed;
    const [manifest] = await manifests(open.recordingId);
    expect([storedParts(manifest!, 'video'), storedParts(manifest!, 'audio')]).toEqual([40, 40]);
  });

  it('goes on after a kill -9 of the node: the spool is taken up, the next epoch follows', async () => {
    const killed = service();
    const open = command();
    killed.open(open);
    killed.publish(open.broadcastId, 'camera');
    await until(() => cameras.length === 1);
    const { port } = server;
    await server.close();
    film(cameras[0]!, 7);
    await cp(path.join(root, 'spool'), path.join(root, 'after-kill'), { recursive: true });
    server = await serve(port);

    const restarted = service(path.join(root, 'after-kill'));
    expect(restarted.recover()).toEqual([{ ...open, timelineZeroAtMs: expect.any(Number) as number }]);
    restarted.open(open);
    restarted.publish(open.broadcastId, 'camera');
    await until(() => cameras.length === 2);
    film(cameras[1]!, 2);
    await restarted.close({ ...open, state: 'closed', closeReason: 'ended' });
    const found = await manifests(open.recordingId);
    expect(found.map(({ epoch, state }) => [epoch, state])).toEqual([
      [1000, 'final'],
      [1001, 'final'],
    ]);
    expect(found.map((manifest) => storedParts(manifest, 'video'))).toEqual([7, 2]);
    await killed.shutdown();
  });

  it('completes a closing broadcast after a restart, without being asked again', async () => {
    const killed = service();
    const open = command();
    killed.open(open);
    killed.publish(open.broadcastId, 'camera');
    await until(() => cameras.length === 1);
    film(cameras[0]!, 5);
    const { port } = server;
    await server.close();
    void killed.close({ ...open, state: 'closed', closeReason: 'ended' });
    await sleep(100);
    await cp(path.join(root, 'spool'), path.join(root, 'after-kill'), { recursive: true });
    await killed.shutdown();
    server = await serve(port);
    service(path.join(root, 'after-kill')).recover();
    await until(() => completions().length === 1);
    const [manifest] = await manifests(open.recordingId);
    expect(storedParts(manifest!, 'video')).toBe(5);
  });

  it('ends also where its spool is lost, without a word about what is in storage', async () => {
    const empty = service();
    const open = command();
    expect(empty.recover()).toEqual([]);
    await empty.close({ ...open, state: 'closed', closeReason: 'ended' });
    expect(completions()).toMatchObject([{ recordingId: open.recordingId, epochs: [] }]);
  });

  it('leaves its completion to the node that has it now, also after a restart', async () => {
    const left = service();
    const open = command();
    left.open(open);
    left.publish(open.broadcastId, 'camera');
    await until(() => cameras.length === 1);
    film(cameras[0]!, 5);
    await left.close({ ...open, state: 'closed', closeReason: 'moved' });
    const [manifest] = await manifests(open.recordingId);
    expect([manifest?.state, storedParts(manifest!, 'video')]).toEqual(['final', 5]);
    expect(completions()).toEqual([]);
    expect(service().recover()).toEqual([]);
  });

  it('keeps counting epochs upwards, and takes a new block when one is granted', async () => {
    const recordings = service();
    const open = command();
    recordings.open(open);
    expect(recordings.status(open.broadcastId).lastEpoch).toBeNull();
    recordings.publish(open.broadcastId, 'camera');
    await until(() => cameras.length === 1);
    recordings.unpublish(open.broadcastId);
    recordings.open({ ...open, firstEpoch: 2000 });
    recordings.publish(open.broadcastId, 'another');
    await until(() => cameras.length === 2);
    expect(recordings.status(open.broadcastId).lastEpoch).toBe(2000);
    await recordings.shutdown();
  });
});
