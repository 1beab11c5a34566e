import type { Course } from '@yike/contracts/http/library';
import type { Playback } from '@yike/contracts/http/viewing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../../testing/api-under-test.ts';
import { FakeMediaNode } from '../../testing/fake-media-node.ts';
import { liveLecture, replayOf, storedEvent, storeEpochs } from '../../testing/recorded-lecture.ts';
import type { Visitor } from '../../testing/visitor.ts';

let api: ApiUnderTest;
let node: FakeMediaNode;
let lecturer: Visitor;
let resident: Visitor;
/** Of a replay with 8 s, a gap of 8 s, and 8 s more. */
let base: string;

beforeAll(async () => {
  api = await startApi();
  node = await FakeMediaNode.create(api.url);
  [lecturer, resident] = await Promise.all([api.signedIn('lecturer'), api.signedIn('resident')]);
  const { courseId } = await replayOf(api, node, lecturer, [
    { epoch: 0, startMs: 0, segments: 2 },
    { epoch: 1, startMs: 16_000, segments: 2 },
  ]);
  base = await open(resident, courseId);
});
afterAll(async () => {
  await node.close();
  await api.close();
});

/** The address under which a resident's playback has its playlists. */
async function open(person: Visitor, courseId: string): Promise<string> {
  const { body: course } = await person.get<Course>(`/api/courses/${courseId}`);
  const { body } = await person.post<Playback>('/api/playbacks', {
    mode: 'hls',
    unitId: course.units[0]?.id,
  });
  return new URL('.', new URL(body.playlistUrl ?? '', api.url)).pathname;
}

describe('a replay', () => {
  it('has a picture, and sound alone', async () => {
    const master = await resident.get<string>(`${base}index.m3u8`);
    expect(master.headers.get('content-type')).toBe('application/vnd.apple.mpegurl');
    expect(master.headers.get('cache-control')).toBe('no-store');
    expect(master.headers.get('referrer-policy')).toBe('no-referrer');
    expect(master.body).toContain('RESOLUTION=1280x720');
    expect(master.body).toContain('\naudio.m3u8\n');
  });

  it('keeps the length of the clock across a gap, alike in both tracks', async () => {
    for (const track of ['video', 'audio']) {
      const { body } = await resident.get<string>(`${base}${track}.m3u8`);
      const lines = body.split('\n').filter((line) => !line.startsWith('#EXT-X-PROGRAM-DATE-TIME'));
      expect(lines.slice(6, -1)).toEqual([
        `#EXT-X-MAP:URI="i/0/${track}.mp4"`,
        ...['#EXTINF:4.000,', `s/0/${track}/0.m4s`, '#EXTINF:4.000,', `s/0/${track}/1.m4s`],
        ...[
          '#EXT-X-GAP',
          '#EXTINF:8.000,',
          'gap',
          '#EXT-X-DISCONTINUITY',
          `#EXT-X-MAP:URI="i/1/${track}.mp4"`,
        ],
        ...['#EXTINF:4.000,', `s/1/${track}/0.m4s`, '#EXTINF:4.000,', `s/1/${track}/1.m4s`],
        '#EXT-X-ENDLIST',
      ]);
    }
  });

  it('leads each segment request to storage, by an address that stays the same', async () => {
    const [one, two] = [
      await resident.get(`${base}s/1/video/0.m4s`),
      await resident.get(`${base}s/1/video/0.m4s`),
    ];
    expect(one.status).toBe(302);
    expect(one.headers.get('cache-control')).toBe('no-store');
    const address = one.headers.get('location') ?? '';
    expect(two.headers.get('location')).toBe(address);
    const object = await fetch(address, { headers: { origin: 'null' } });
    expect((await object.text()).trimEnd()).toBe('video 1 0');
    expect(object.headers.get('access-control-allow-origin')).toBe('*');
    const init = await resident.get(`${base}i/0/audio.mp4`);
    expect(await (await fetch(init.headers.get('location') ?? '')).text()).toBe('init audio 0');
  });
});

it('a lecture that runs can be seen from its start', async () => {
  const live = await liveLecture(node, lecturer);
  const [epoch] = await storeEpochs(api, live, [{ epoch: 0, startMs: 0, segments: 2 }]);
  await node.deliver([storedEvent(node, live, epoch!)]);
  const request = { mode: 'hls-live', broadcastId: live.broadcast.id };
  const { body } = await resident.post<Playback>('/api/playbacks', request);
  const video = (body.playlistUrl ?? '').replace('index.m3u8', 'video.m3u8');
  const playlist = await resident.get<string>(video);
  expect(playlist.body).toContain('#EXT-X-PLAYLIST-TYPE:EVENT');
  expect(playlist.body).not.toContain('ENDLIST');
  expect(playlist.body).toContain('s/0/video/1.m4s');
});

describe('an address of playback that was just used', () => {
  it('is worth nothing to another resident, nor without a session', async () => {
    const { courseId } = await replayOf(api, node, lecturer, [{ epoch: 0, startMs: 0, segments: 2 }]);
    const used = await open(resident, courseId);
    for (let again = 0; again < 2; again += 1)
      expect((await resident.get(`${used}s/0/video/0.m4s`)).status).toBe(302);
    for (const stranger of [await api.signedIn('resident2'), api.visitor()]) {
      expect(await stranger.refusal('GET', `${used}s/0/video/0.m4s`)).toBe('not-found');
    }
  });

  it('ends with the playback', async () => {
    const { courseId } = await replayOf(api, node, lecturer, [{ epoch: 0, startMs: 0, segments: 2 }]);
    const { body: course } = await resident.get<Course>(`/api/courses/${courseId}`);
    const { body } = await resident.post<Playback>('/api/playbacks', {
      mode: 'hls',
      unitId: course.units[0]?.id,
    });
    const segment = (body.playlistUrl ?? '').replace('index.m3u8', 's/0/video/0.m4s');
    expect((await resident.get(segment)).status).toBe(302);
    await resident.send('DELETE', `/api/playbacks/${body.id}`);
    expect(await resident.refusal('GET', segment)).toBe('not-found');
  });

  it('ends with the session', async () => {
    const { courseId } = await replayOf(api, node, lecturer, [{ epoch: 0, startMs: 0, segments: 2 }]);
    const leaver = await api.signedIn('resident');
    const used = await open(leaver, courseId);
    const cookie = leaver.cookie;
    expect((await leaver.get(`${used}s/0/video/0.m4s`)).status).toBe(302);
    await leaver.send('DELETE', '/api/session');
    const answer = await fetch(new URL(`${used}s/0/video/0.m4s`, api.url), {
      redirect: 'manual',
      headers: { cookie },
    });
    expect(answer.status).toBe(404);
  });
});

describe('a segment whose request is answered at once', () => {
  const ask = async (headers: Record<string, string> = {}): Promise<Headers> => {
    const address = new URL(`${base}s/1/audio/1.m4s`, api.url);
    const options = { redirect: 'manual', headers: { cookie: resident.cookie, ...headers } } as const;
    const { status, headers: told } = await fetch(address, options);
    expect(status).toBe(302);
    return told;
  };

  it('is told the same as by the long way', async () => {
    const [long, short] = [await ask(), await ask()];
    const CHANGING = ['date', 'x-request-id'];
    const kept = (headers: Headers) => [...headers].filter(([name]) => !CHANGING.includes(name));
    expect(kept(short)).toEqual(kept(long));
    const { headers } = await resident.get(`${base}s/1/audio/1.m4s`);
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is told what belongs to the way by which its caller came', async () => {
    for (const proto of ['https', 'http', 'https', 'http']) {
      const told = await ask({ 'x-forwarded-host': 'portal.example', 'x-forwarded-proto': proto });
      expect(told.has('strict-transport-security')).toBe(proto === 'https');
    }
  });
});

describe('an address of playback', () => {
  it('is worth nothing to another resident, nor without a session', async () => {
    const other = await api.signedIn('resident2');
    for (const stranger of [other, lecturer, api.visitor()]) {
      expect(await stranger.refusal('GET', `${base}index.m3u8`)).toBe('not-found');
      expect(await stranger.refusal('GET', `${base}s/0/video/0.m4s`)).toBe('not-found');
    }
  });

  it.each([
    's/0/video/99.m4s',
    's/9/video/0.m4s',
    's/0/subtitles/0.m4s',
    's/0/video/00.m4s',
    's/0/video/-1.m4s',
    's/0/video/1e0.m4s',
    's/0/video/0.mp4',
    's/0/video/..%2f..%2f1%2fvideo%2f0.m4s',
    's/0/video/0.m4s%00',
    's/0/video/%zz',
    's/99999999999/video/0.m4s',
    'i/9/video.mp4',
    'i/0/manifest.json',
    'other.m3u8',
    'gap',
    '%2e%2e/api/me',
  ])('is the same 404 for %s', async (path) => {
    expect(await resident.refusal('GET', `${base}${path}`)).toBe('not-found');
  });

  it.each(['x'.repeat(43), 'short', '..%2f', '%00', 'x'.repeat(2_000)])(
    'is the same 404 for the token %s',
    async (token) => {
      expect(await resident.refusal('GET', `/playback/${token}/index.m3u8`)).toBe('not-found');
    },
  );

  it('shows nothing outside of the cut', async () => {
    const { courseId } = await replayOf(api, node, lecturer, [{ epoch: 0, startMs: 0, segments: 4 }]);
    await api.sql(`UPDATE units SET cut_ranges = '{[5000,9000)}' WHERE course_id = $1`, [courseId]);
    const cut = await open(resident, courseId);
    expect((await resident.get<string>(`${cut}video.m3u8`)).body.match(/s\/0\/video\/\d+/g)).toEqual([
      's/0/video/1',
      's/0/video/2',
    ]);
    expect((await resident.get(`${cut}s/0/video/1.m4s`)).status).toBe(302);
    expect(await resident.refusal('GET', `${cut}s/0/video/0.m4s`)).toBe('not-found');
    expect(await resident.refusal('GET', `${cut}s/0/video/3.m4s`)).toBe('not-found');
  });
});
