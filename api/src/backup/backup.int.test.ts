import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { LectureAttendance } from '@yike/contracts/http/administration';
import type { LedgerAudit } from '@yike/contracts/http/bank';
import type { Course } from '@yike/contracts/http/library';
import type { Playback } from '@yike/contracts/http/viewing';
import { captionKey, manifestKey, recordingPlace } from '@yike/storage/keys';
import { Client } from 'pg';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../../scripts/testing/postgres.ts';
import { createApp } from '../create-app.ts';
import { migrate } from '../database/migrate.ts';
import { Clock } from '../platform/clock.ts';
import { type ApiUnderTest, startApi } from '../testing/api-under-test.ts';
import { FakeMediaNode } from '../testing/fake-media-node.ts';
import { type LiveLecture, replayOf } from '../testing/recorded-lecture.ts';
import { Visitor } from '../testing/visitor.ts';
import { backup } from './backup.ts';
import { type BackupFile, tableFile } from './backup-file.ts';
import { rebuildIndex } from './rebuild-index.ts';
import { restore } from './restore.ts';
import { listTables } from './tables.ts';

let api: ApiUnderTest;
let node: FakeMediaNode;
let replay: LiveLecture & { courseId: string };
let folder: string;
let whole: BackupFile;
/** Stands still but where a test moves it. */
const time = { nowMs: 0 };
const databases: TestPostgres[] = [];

beforeAll(async () => {
  api = await startApi();
  time.nowMs = Date.now();
  api.app.get(Clock).nowMs = () => time.nowMs;
  node = await FakeMediaNode.create(api.url);
  replay = await replayOf(api, node, await api.signedIn('lecturer'), [
    { epoch: 0, startMs: 0, segments: 8 },
    { epoch: 1, startMs: 36_000, segments: 6 },
  ]);
  await watchAll(await api.signedIn('resident'), replay);
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'yike-backup-')), 'new');
  whole = await backup(api.ownerUrl, api.store, folder);
});
afterAll(async () => {
  await node.close();
  await api.close();
  for (const database of databases) await database.close();
  rmSync(path.dirname(folder), { recursive: true });
});

/** Watches the replay from end to end, as an honest player does: fetches, lets time pass, proves. */
async function watchAll(resident: Visitor, { courseId }: { courseId: string }): Promise<void> {
  const { body: course } = await resident.get<Course>(`/api/courses/${courseId}`);
  const unitId = course.units[0]?.id;
  const { body: playback } = await resident.post<Playback>('/api/playbacks', { mode: 'hls', unitId });
  const socket = io(api.url, {
    path: '/api/socket.io',
    transports: ['websocket'],
    extraHeaders: { cookie: resident.cookie },
  });
  await socket.emitWithAck('lease:take', { playbackId: playback.id });
  const token = playback.playlistUrl?.split('/')[2];
  let clockMs = 0;
  let seq = 0;
  for (const [epoch, count, startMs] of [
    [0, 8, 0],
    [1, 6, 36_000],
  ] as const) {
    for (let number = 0; number < count; number += 1) {
      const segment = `${epoch}/video/${number}`;
      await resident.get(`/playback/${token}/s/${segment}.m4s`);
      time.nowMs += 4_000;
      const mediaFromMs = startMs + number * 4_000;
      const clock = { clockFromMs: clockMs, clockToMs: clockMs + 4_000 };
      const span = { did: 'played', ...clock, mediaFromMs, mediaToMs: mediaFromMs + 4_000, hidden: false };
      const bytes = `video ${epoch} ${number}`.padEnd(500);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      clockMs += 4_000;
      seq += 1;
      const beat = { playbackId: playback.id, seq, spans: [span], positionMs: span.mediaToMs };
      const reply: unknown = await socket.emitWithAck('viewing:beat', {
        beats: [{ ...beat, proofs: [{ segment, sha256 }] }],
      });
      expect(reply).toMatchObject({ ok: true });
    }
  }
  socket.disconnect();
}

async function newDatabase(): Promise<TestPostgres> {
  const database = await startTestPostgres();
  databases.push(database);
  return database;
}

/** Every row of every table as text, in order. */
async function contentOf(url: string): Promise<Record<string, string[]>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const content: Record<string, string[]> = {};
    for (const { name } of await listTables(client)) {
      const { rows } = await client.query<{ row: string }>(
        `SELECT t::text AS row FROM ${name} AS t ORDER BY 1`,
      );
      content[name] = rows.map(({ row }) => row);
    }
    return content;
  } finally {
    await client.end();
  }
}

/** The same bucket, another database. */
async function apiOn<T>(database: TestPostgres, ask: (url: string) => Promise<T>): Promise<T> {
  const app = await createApp({ ...api.config, DATABASE_URL: database.appUrl });
  app.get(Clock).nowMs = () => time.nowMs;
  await app.listen(0, '127.0.0.1');
  try {
    return await ask(await app.getUrl());
  } finally {
    await app.close();
  }
}

const signedIn = async (url: string, username: string): Promise<Visitor> => {
  const visitor = new Visitor(url);
  await visitor.signIn(username);
  return visitor;
};

describe('a backup', () => {
  it('names every table with its rows, and every manifest', () => {
    const rowsOf = (table: string) => whole.tables.find(({ name }) => name === table)?.rows;
    expect(rowsOf('segments')).toBe(28);
    expect(rowsOf('ledger_legs')).toBe(4);
    expect(rowsOf('certificates')).toBe(1);
    expect(whole.manifests).toHaveLength(2);
    expect(existsSync(path.join(folder, 'backup.json'))).toBe(true);
  });

  it('is not written over another', async () => {
    await expect(backup(api.ownerUrl, api.store, folder)).rejects.toThrow('not empty');
  });
});

describe('restored on an empty database', () => {
  let restored: TestPostgres;
  beforeAll(async () => {
    restored = await newDatabase();
    const result = await restore(restored.ownerUrl, api.store, folder);
    expect(result).toMatchObject({ manifests: 0, missing: [], audit: { chain: { verified: true } } });
    expect(result.audit.chain.checkedEntries).toBe(2);
  });

  it('every row is the same', async () => {
    expect(await contentOf(restored.ownerUrl)).toEqual(await contentOf(api.ownerUrl));
  });

  it('the replay plays, the ledger verifies, the attendance is equal', async () => {
    const before = await attendanceOn(api.url);
    expect(before).toMatchObject({ persons: 1, completions: 1, totals: { replaySeconds: 56 } });
    await apiOn(restored, async (url) => {
      expect(await attendanceOn(url)).toEqual(before);
      const admin = await signedIn(url, 'admin');
      const { body: audit } = await admin.get<LedgerAudit>('/api/admin/ledger');
      expect(audit).toMatchObject({ chain: { verified: true } });
      expect(audit.sums.map(({ sum }) => sum)).toEqual([0, 0]);
      const resident = await signedIn(url, 'resident');
      const { body: course } = await resident.get<Course>(`/api/courses/${replay.courseId}`);
      const { body: playback } = await resident.post<Playback>('/api/playbacks', {
        mode: 'hls',
        unitId: course.units[0]?.id,
      });
      const token = playback.playlistUrl?.split('/')[2];
      const segment = await resident.get(`/playback/${token}/s/1/video/3.m4s`);
      expect(segment.status).toBe(302);
      const bytes = await (await fetch(segment.headers.get('location') ?? '')).text();
      expect(bytes.trim()).toBe('video 1 3');
    });
  });

  it('is not restored over what is there', async () => {
    await expect(restore(restored.ownerUrl, api.store, folder)).rejects.toThrow('The database is not empty');
  });

  it('a manifest that storage has lost is put back, and lost media is named', async () => {
    const key = manifestKey(recordingPlace(replay.broadcast.recordingId, 1));
    const lost = `recordings/${replay.broadcast.recordingId}/0/audio/000001.m4s`;
    const [manifest, segment] = [await api.store.getBuffer(key), await api.store.getBuffer(lost)];
    await api.store.deleteMany([key, lost]);
    const { ownerUrl } = await newDatabase();
    expect(await restore(ownerUrl, api.store, folder)).toMatchObject({ manifests: 1, missing: [lost] });
    expect(await api.store.getBuffer(key)).toEqual(manifest);
    await api.store.put(lost, segment);
  });
});

describe('a backup that was damaged', () => {
  it('is refused, and leaves an empty database behind', async () => {
    const file = tableFile(folder, 'ledger_legs');
    const good = readFileSync(file);
    writeFileSync(file, gzipSync(''));
    const { ownerUrl } = await newDatabase();
    await expect(restore(ownerUrl, api.store, folder)).rejects.toThrow('The rows of ledger_legs are not');
    writeFileSync(file, good);
    expect((await contentOf(ownerUrl)).users).toEqual([]);
  });

  it('is refused where it is not whole, or of a newer version', async () => {
    const { ownerUrl } = await newDatabase();
    await expect(restore(ownerUrl, api.store, path.dirname(folder))).rejects.toThrow('no backup.json');
    const file = path.join(folder, 'backup.json');
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, good.replace('"Bank1763800000012"', '"Later1999999999999"'));
    await expect(restore(ownerUrl, api.store, folder)).rejects.toThrow('Later1999999999999');
    writeFileSync(file, good);
  });
});

describe('the index rebuilt from storage alone', () => {
  const indexOf = async (url: string) => {
    const { timelines, recorder_epochs, segments, captions } = await contentOf(url);
    return { timelines, recorder_epochs, segments, captions };
  };
  const captionsOf = async (url: string) => (await indexOf(url)).captions;
  const keyOf = (version: string) => captionKey(replay.broadcast.recordingId, 'zh-CN', version);
  beforeAll(async () => {
    for (const version of ['old', 'new']) await api.store.put(keyOf(version), Buffer.from('WEBVTT'));
    await api.sql("INSERT INTO captions (timeline_id, language, object_key) VALUES ($1, 'zh-CN', $2)", [
      replay.broadcast.recordingId,
      keyOf('new'),
    ]);
  });

  it('is the same after its rows were lost', async () => {
    const before = await indexOf(api.ownerUrl);
    await api.sql('DELETE FROM segments');
    await api.sql('DELETE FROM recorder_epochs');
    await api.sql('DELETE FROM captions');
    await api.sql("UPDATE timelines SET recorded = '{}', zero_at_ms = NULL");
    expect(await rebuildIndex(api.ownerUrl, api.store)).toEqual({
      timelines: 1,
      epochs: 2,
      segments: 28,
      captions: 1,
      unreadable: [],
    });
    expect(await indexOf(api.ownerUrl)).toEqual(before);
    await rebuildIndex(api.ownerUrl, api.store);
    expect(await indexOf(api.ownerUrl)).toEqual(before);
  });

  it('is made where there was none, past a manifest that is spoilt', async () => {
    const database = await newDatabase();
    await migrate(database.ownerUrl);
    const spoilt = 'recordings/01936f00-0000-7000-8000-000000000001/0/manifest.json';
    await api.store.put(spoilt, Buffer.from('{'));
    expect(await rebuildIndex(database.ownerUrl, api.store)).toMatchObject({
      timelines: 1,
      unreadable: [spoilt],
    });
    await api.store.delete(spoilt);
    const [segments, expected] = [await indexOf(database.ownerUrl), await indexOf(api.ownerUrl)];
    expect(segments.segments).toEqual(expected.segments);
    expect(segments.recorder_epochs).toEqual(expected.recorder_epochs);
    expect(segments.captions).toEqual(expected.captions);
  });

  it('leaves captions as they are while their file is there, else takes what is; of unknown timelines it takes none', async () => {
    await api.sql('UPDATE captions SET object_key = $1', [keyOf('old')]);
    const chosen = await captionsOf(api.ownerUrl);
    const stranger = captionKey('01936f00-0000-7000-8000-000000000002', 'en', 'new');
    await api.store.put(stranger, Buffer.from('WEBVTT'));
    expect(await rebuildIndex(api.ownerUrl, api.store)).toMatchObject({ captions: 1 });
    expect(await captionsOf(api.ownerUrl)).toEqual(chosen);
    await api.store.deleteMany([keyOf('old'), stranger]);
    await rebuildIndex(api.ownerUrl, api.store);
    expect((await captionsOf(api.ownerUrl))?.join()).toContain(keyOf('new'));
  });
});

async function attendanceOn(url: string): Promise<LectureAttendance> {
  const admin = await signedIn(url, 'admin');
  return (await admin.get<LectureAttendance>(`/api/admin/lectures/${replay.lecture.id}/attendance`)).body;
}
