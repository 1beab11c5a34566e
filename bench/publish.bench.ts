import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Broadcast } from '@yike/contracts/http/broadcasts';
import type { Course } from '@yike/contracts/http/library';
import type { Lecture } from '@yike/contracts/http/lectures';
import type { Playback } from '@yike/contracts/http/viewing';
import { createMinioStore } from '@yike/storage/minio-store';
import { Client } from 'pg';
import { planLecture } from '../api/src/testing/lectures.ts';
import { Visitor } from '../api/src/testing/visitor.ts';
import { startProduct } from '../scripts/testing/product.ts';
import type { BenchLine } from './bench.ts';
import { FastNode } from './publish/fast-node.ts';

const ROUNDS = 3;
const GOAL = { ms: 2_000, ratio: 1.2 };
export const timeLimitMs = 300_000;

interface Scene {
  readonly node: FastNode;
  readonly lecturer: Visitor;
  readonly resident: Visitor;
  readonly drainLocal: () => Promise<unknown>;
}

/**
 * From the lecturer's "end now" to the last bytes of the replay read by a resident through the public address, for a minute and for an
 * hour, in turn; the built product, with a media node that is fed faster than time.
 */
export default async function publish(): Promise<BenchLine> {
  const product = await startProduct();
  const database = new Client({ connectionString: product.ownerUrl });
  await database.connect();
  const { secret, store } = accessOf(product.dataDir, product.origin);
  const node = await FastNode.start(product.origin, secret, store, product.dataDir);
  try {
    const [lecturer, resident] = [new Visitor(product.origin), new Visitor(product.origin)];
    await Promise.all([lecturer.signIn('lecturer'), resident.signIn('resident')]);
    const drainLocal = () => database.query(`UPDATE media_nodes SET state = 'draining' WHERE id <> 'bench'`);
    const scene = { node, lecturer, resident, drainLocal };
    const times: Record<1 | 60, number[]> = { 1: [], 60: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const minutes of [1, 60] as const) times[minutes].push(await publishedMs(scene, minutes));
    }
    const [minute, hour] = [median(times[1]), median(times[60])];
    const ratio = Math.round((hour / minute) * 100) / 100;
    return {
      name: 'publish',
      value: hour,
      unit: 'ms from the end to the last frame read, 60 minutes',
      goal: `at most ${GOAL.ms} ms, and at most ${GOAL.ratio} x of one minute`,
      ok: hour <= GOAL.ms && ratio <= GOAL.ratio,
      details: { ratio, minuteMs: times[1], hourMs: times[60] },
    };
  } finally {
    await node.close();
    await database.end();
    await product.stop();
  }
}

async function publishedMs(
  { node, lecturer, resident, drainLocal }: Scene,
  minutes: number,
): Promise<number> {
  const lecture = await planLecture(lecturer);
  const broadcastId = await goOnAir();
  const last = await node.lecture(broadcastId, minutes);
  await node.heartbeat();

  const endedAt = performance.now();
  await lecturer.post(`/api/broadcasts/${broadcastId}/end`, { now: true });
  const unitId = await replayUnit();
  const { body: playback } = await resident.post<Playback>('/api/playbacks', { mode: 'hls', unitId });
  const bytes = await lastSegment(resident, playback.playlistUrl ?? '');
  const tookMs = Math.round(performance.now() - endedAt);
  if (!bytes.equals(last)) throw new Error('the last segment of the replay is another one');
  return tookMs;

  async function goOnAir(): Promise<string> {
    await node.heartbeat();
    await drainLocal();
    const { body } = await lecturer.post<Broadcast>(`/api/lectures/${lecture.id}/broadcast`);
    if (!node.has(body.id)) throw new Error('the broadcast was placed on another node');
    return body.id;
  }

  async function replayUnit(): Promise<string> {
    for (;;) {
      const { body } = await resident.get<Lecture>(`/api/lectures/${lecture.id}`);
      if (body.replayCourseId !== null) {
        const course = await resident.get<Course>(`/api/courses/${body.replayCourseId}`);
        return course.body.units[0]?.id ?? '';
      }
      await sleep(10);
    }
  }
}

/** As a player does: master playlist, the picture's playlist, its last line, the redirect. */
async function lastSegment(resident: Visitor, playlistUrl: string): Promise<Buffer> {
  const master = new URL(playlistUrl, resident.origin);
  const { body: masterText } = await resident.get<string>(master.pathname);
  const video = new URL(masterText.split('\n').find((line) => line.startsWith('video')) ?? '', master);
  const { body: playlist } = await resident.get<string>(video.pathname);
  const line = playlist.split('\n').findLast((text) => text !== '' && !text.startsWith('#')) ?? '';
  const { headers } = await resident.get(new URL(line, video).pathname);
  const object = await fetch(new URL(headers.get('location') ?? '', resident.origin));
  return Buffer.from(await object.arrayBuffer());
}

/** The front serves the bucket, too. */
function accessOf(dataDir: string, endpoint: string) {
  // Written by the supervisor.
  const secrets = JSON.parse(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8')) as Record<
    string,
    string
  >;
  const { s3AccessKey = '', s3SecretKey = '', mediaNodeSecret = '' } = secrets;
  const keys = { accessKey: s3AccessKey, secretKey: s3SecretKey, region: 'us-east-1', bucket: 'yike' };
  return { secret: mediaNodeSecret, store: createMinioStore({ ...keys, endpoint }) };
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
