import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Course, CourseCard } from '@yike/contracts/http/library';
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

async function listOfAssets(): Promise<string> {
  const assetId = newId(AssetId);
  const stored = await storeEpoch(api.store, assetId, 0, { epoch: 0, startMs: 0, segments: 5 });
  await api.store.put('posters/one/v1.jpg', Buffer.from('a picture'));
  const file = path.join(folder, 'assets.json');
  const asset = {
    assetId,
    slug: 'video-call',
    title: { zh: '手机视频通话', en: 'Video calls' },
    summary: { zh: '三步学会', en: 'In three steps' },
    topic: 'digital',
    durationMs: 20_000,
    manifestKey: stored.manifestKey,
    manifestSha256: stored.manifestSha256,
    posterKey: 'posters/one/v1.jpg',
  };
  await writeFile(file, JSON.stringify([asset]));
  return file;
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
      { durationMs: 20_000, recorded: [{ fromMs: 0, toMs: 20_000 }], watched: [] },
    ]);
    expect((await api.visitor().get<{ items: unknown[] }>('/api/courses?q=50%25')).body.items).toEqual([]);
    expect((await api.visitor().get<{ items: unknown[] }>('/api/courses?topic=law')).body.items).toEqual([]);
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
  const spoiled = text
    .replace(/"manifestSha256":"\w+"/, `"manifestSha256":"${wrong}"`)
    .replace('video-call', 'other');
  await writeFile(file, spoiled);
  await expect(seedDemo({ ...api.config, DEMO_ASSETS: file }, api.store, new Date())).rejects.toThrow(
    'another hash',
  );
});
