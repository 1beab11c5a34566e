import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Lecture } from '@yike/contracts/http/lectures';
import type { Course, CourseCard } from '@yike/contracts/http/library';
import type { Playback } from '@yike/contracts/http/viewing';
import { AssetId, newId } from '@yike/contracts/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../testing/api-under-test.ts';
import { storeEpoch } from '../testing/fake-media-node.ts';
import { seedDemo } from './seed-demo.ts';

let api: ApiUnderTest;
let folder: string;
beforeAll(async () => {
  api = await startApi();
  folder = await mkdtemp(path.join(tmpdir(), 'yike-seed-'));
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

const VTT = 'WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n打开\n';

async function listOfAssets(): Promise<string> {
  const assetId = newId(AssetId);
  const stored = await storeEpoch(api.store, assetId, 0, { epoch: 0, startMs: 0, segments: 5 });
  await api.store.put('posters/one/v1.jpg', Buffer.from('a picture'));
  const file = path.join(folder, 'assets.json');
  await api.store.put('captions/one/zh-CN-v1.vtt', Buffer.from(VTT));
  const asset = {
    kind: 'course',
    assetId,
    slug: 'video-call',
    title: { zh: '手机视频通话', en: 'Video calls' },
    summary: { zh: '三步学会', en: 'In three steps' },
    topic: 'digital',
    durationMs: 20_000,
    manifests: [{ key: stored.manifestKey, sha256: stored.manifestSha256 }],
    posterKey: 'posters/one/v1.jpg',
    captions: [{ language: 'zh-CN', key: 'captions/one/zh-CN-v1.vtt' }],
  };
  await writeFile(file, JSON.stringify([await lectureWithGap(), asset]));
  return file;
}

/** 8 s, a gap of 12 s, and 8 s more. */
async function lectureWithGap(): Promise<object> {
  const assetId = newId(AssetId);
  const epochs = [
    { epoch: 0, startMs: 0, segments: 2 },
    { epoch: 1, startMs: 20_000, segments: 2 },
  ];
  const manifests: { key: string; sha256: string }[] = [];
  for (const epoch of epochs) {
    const { manifestKey: key, manifestSha256: sha256 } = await storeEpoch(api.store, assetId, 0, epoch);
    manifests.push({ key, sha256 });
  }
  return {
    ...{ kind: 'lecture', assetId, slug: 'solar-terms', topic: 'culture', durationMs: 28_000, manifests },
    title: { zh: '二十四节气', en: 'The solar terms' },
    summary: { zh: '断过一次网', en: 'It broke off once' },
    posterKey: 'posters/one/v1.jpg',
    captions: [],
  };
}

describe('the demo', () => {
  it('has courses to play, whoever looks', async () => {
    await seedDemo({ ...api.config, DEMO_ASSETS: await listOfAssets() }, api.store, new Date());
    const { body } = await api.visitor().get<{ items: CourseCard[] }>('/api/courses?q=视频');
    const [card] = body.items;
    expect(card).toMatchObject({ title: '手机视频通话', origin: 'demo', durationMs: 20_000, progress: null });
    expect(await (await fetch(card?.posterUrl ?? '')).text()).toBe('a picture');
    const course = await api.visitor().get<Course>(`/api/courses/${card?.id}`);
    expect(course.body.units).toMatchObject([
      { durationMs: 20_000, recorded: [{ fromMs: 0, toMs: 20_000 }], watched: [], captions: ['zh-CN'] },
    ]);
    expect((await api.visitor().get<{ items: unknown[] }>('/api/courses?q=50%25')).body.items).toEqual([]);
    expect((await api.visitor().get<{ items: unknown[] }>('/api/courses?topic=law')).body.items).toEqual([]);
  });

  it('has captions, for who plays it', async () => {
    const resident = await api.signedIn('resident');
    const { body } = await resident.get<{ items: CourseCard[] }>('/api/courses?q=视频');
    const course = await resident.get<Course>(`/api/courses/${body.items[0]?.id}`);
    const unitId = course.body.units[0]?.id;
    const playback = await resident.post<Playback>('/api/playbacks', { mode: 'hls', unitId });
    const base = new URL('.', new URL(playback.body.playlistUrl ?? '', api.url)).pathname;
    const captions = await resident.get<string>(`${base}c/zh-CN.vtt`);
    expect(captions.headers.get('content-type')).toBe('text/vtt; charset=utf-8');
    expect(captions.body).toBe(VTT);
    for (const file of ['en.vtt', 'fr.vtt', 'zh-CN.srt', '..%2findex.vtt']) {
      expect(await resident.refusal('GET', `${base}c/${file}`)).toBe('not-found');
    }
    const other = await api.signedIn('resident2');
    expect(await other.refusal('GET', `${base}c/zh-CN.vtt`)).toBe('not-found');
  });

  it('has a lecture that is over, whose replay says where it broke off', async () => {
    const { body } = await api.visitor().get<{ items: Lecture[] }>('/api/lectures?when=past');
    const [lecture] = body.items;
    expect(lecture).toMatchObject({ title: '二十四节气', state: 'ended' });
    const course = await api.visitor().get<Course>(`/api/courses/${lecture?.replayCourseId}`);
    expect(course.body).toMatchObject({ origin: 'replay', lectureId: lecture?.id, durationMs: 28_000 });
    expect(course.body.units[0]).toMatchObject({
      durationMs: 28_000,
      recorded: [
        { fromMs: 0, toMs: 8_000 },
        { fromMs: 20_000, toMs: 28_000 },
      ],
    });
    expect(course.body.units[0]?.requiredMs).toBeLessThanOrEqual(16_000);
  });

  it('put in place again changes only the passwords', async () => {
    const counts = () =>
      api.sql(
        'SELECT (SELECT count(*)::int FROM users) u, (SELECT count(*)::int FROM lectures) l, (SELECT count(*)::int FROM courses) c',
      );
    const before = await counts();
    const passwords = JSON.stringify({ resident: 'another one' });
    const DEMO_ASSETS = path.join(folder, 'assets.json');
    await seedDemo({ ...api.config, DEMO_ASSETS, DEMO_PASSWORDS: passwords }, api.store, new Date());
    expect(await counts()).toEqual(before);
    expect((await api.visitor().signIn('resident')).status).toBe(401);
    expect((await api.visitor().signIn('resident', 'another one')).status).toBe(200);
  });

  it('has a lecture this evening, or tomorrow’s', async () => {
    const { body } = await api.visitor().get<{ items: { startsAt: string }[] }>('/api/lectures?when=coming');
    expect(body.items).toHaveLength(1);
    expect(body.items[0]?.startsAt).toMatch(/T11:30:00\.000Z$/);
  });
});

it('a manifest that is not the one that the file names is refused', async () => {
  const file = await listOfAssets();
  const wrong = createHash('sha256').digest('hex');
  const text = await readFile(file, 'utf8');
  const spoiled = text.replace(/"sha256":"\w+"/, `"sha256":"${wrong}"`).replace('solar-terms', 'other');
  await writeFile(file, spoiled);
  await expect(seedDemo({ ...api.config, DEMO_ASSETS: file }, api.store, new Date())).rejects.toThrow(
    'another hash',
  );
});
