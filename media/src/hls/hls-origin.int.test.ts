import { newId, PlaybackId } from '@yike/contracts/ids';
import type { TicketClaims } from '@yike/contracts/signaling/room';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestNode, ticket } from '../sfu/testing/node.ts';
import { LiveBroadcasts } from './live-broadcasts.ts';
import { FedBroadcast } from './testing/fed-broadcast.ts';
import { parsePlaylist } from './testing/parsed-playlist.ts';

let node: TestNode;
let broadcastId: string;
let fed: FedBroadcast;
let pass: string;
const playbackId = newId(PlaybackId);

const watchTicket = (claims: Partial<TicketClaims> = {}, id = broadcastId): Promise<string> =>
  ticket(id, { use: 'watch', playbackId, exp: Math.floor(Date.now() / 1000) + 3600, ...claims });
const get = (path: string, id = broadcastId): Promise<Response> =>
  fetch(`${node.url}/media/test/hls/${id}/${path}`);
const playlist = async (kind: string, more = ''): Promise<string> =>
  (await get(`${kind}.m3u8?ticket=${pass}${more}`)).text();
const codeOf = async (reply: Response): Promise<string> => ((await reply.json()) as { code: string }).code;

beforeAll(async () => {
  node = await TestNode.start();
});
afterAll(() => node.close());
beforeEach(async () => {
  ({ broadcastId } = await node.open());
  fed = new FedBroadcast(node.app.get(LiveBroadcasts).open(broadcastId));
  pass = await watchTicket();
});

/** A whole segment and three parts of the next one, of each track. */
function film(): void {
  fed.begin(1000, 0);
  fed.feed('video', 15);
  fed.feed('audio', 15);
}

describe('the playlists of a running broadcast', () => {
  it('begin once every track of the epoch has, and lead to the tracks with the ticket', async () => {
    const reply = get(`index.m3u8?ticket=${pass}`);
    fed.begin(1000, 0);
    fed.feed('audio', 3);
    expect(await Promise.race([reply, new Promise((done) => setTimeout(done, 300, 'waits'))])).toBe('waits');
    fed.feed('video');
    const { status, headers } = await reply;
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/vnd.apple.mpegurl');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    const text = await (await reply).text();
    expect(text).toContain(`\nvideo.m3u8?ticket=${pass}\n`);
    expect(text.match(new RegExp(`audio.m3u8\\?ticket=${pass}`, 'g'))).toHaveLength(2);
  });

  it('offer sound alone where there is no picture', async () => {
    fed.begin(1000, 0, ['audio']);
    fed.feed('audio', 2);
    const text = await (await get(`index.m3u8?ticket=${pass}`)).text();
    expect(text).not.toContain('video');
    expect((await get(`video.m3u8?ticket=${pass}`)).status).toBe(404);
    expect(parsePlaylist(await playlist('audio')).entries).toHaveLength(1);
  });

  it('are held until the next part is there, for all who wait, and freed when one goes', async () => {
    film();
    const { waitingCount } = node.app.get(LiveBroadcasts);
    expect(waitingCount).toBe(0);
    const waiting = Array.from({ length: 20 }, () => playlist('video', '&_HLS_msn=1&_HLS_part=3'));
    const leaving = new AbortController();
    const gone = fetch(`${node.url}/media/test/hls/${broadcastId}/video.m3u8?ticket=${pass}&_HLS_msn=2`, {
      signal: leaving.signal,
    });
    await expect.poll(() => node.app.get(LiveBroadcasts).waitingCount).toBe(21);
    leaving.abort();
    await expect(gone).rejects.toThrow();
    await expect.poll(() => node.app.get(LiveBroadcasts).waitingCount).toBe(20);
    fed.feed('video');
    const texts = await Promise.all(waiting);
    expect(new Set(texts).size).toBe(1);
    expect(parsePlaylist(texts[0] ?? '').entries.at(-1)?.parts).toHaveLength(4);
    expect(texts[0]).toContain(
      `#EXT-X-RENDITION-REPORT:URI="audio.m3u8?ticket=${pass}",LAST-MSN=1,LAST-PART=2`,
    );
  });

  it('go on over the death of a recorder: the gap, then the discontinuity', async () => {
    film();
    fed.die();
    const next = playlist('video', '&_HLS_msn=1&_HLS_part=3');
    fed.begin(1001, 9_000);
    fed.feed('video');
    const { entries } = parsePlaylist(await next);
    expect(
      entries.map(({ msn, isGap, discontinuity, map }) => [msn, isGap, discontinuity, map?.slice(-20)]),
    ).toEqual([
      [0, false, 0, '/1000/video/init.mp4'],
      [1, false, 0, '/1000/video/init.mp4'],
      [2, true, 0, undefined],
      [3, false, 1, '/1001/video/init.mp4'],
    ]);
    expect(entries.map(({ atMs }) => atMs - fed.zeroAtMs)).toEqual([0, 3_996, 4_995, 9_000]);
  });

  it('end with the broadcast, with the numbers that they had', async () => {
    film();
    const last = playlist('audio', '&_HLS_msn=2');
    fed.end();
    expect(parsePlaylist(await last)).toMatchObject({ isEnded: true, hint: null, mediaSequence: 0 });
    expect((await get(`index.m3u8?ticket=${pass}`)).status).toBe(200);
  });

  it.each([
    { name: 'no ticket', path: () => 'index.m3u8', status: 400, code: 'invalid-request' },
    { name: 'two tickets', path: () => `video.m3u8?ticket=a&ticket=b`, status: 400, code: 'invalid-request' },
    { name: 'no such ticket', path: () => 'index.m3u8?ticket=x', status: 401, code: 'token-invalid' },
    {
      name: 'a ticket to a room',
      path: async () => `index.m3u8?ticket=${await ticket(broadcastId)}`,
      status: 401,
      code: 'token-invalid',
    },
    {
      name: 'a ticket to another broadcast',
      path: async () => `index.m3u8?ticket=${await watchTicket({}, crypto.randomUUID())}`,
      status: 401,
      code: 'token-invalid',
    },
    ...['-1', '1.5', 'NaN', '9007199254740992', '', '1e9', '%00', '0x1'].map((msn) => ({
      name: `the number "${msn}"`,
      path: () => `video.m3u8?ticket=${pass}&_HLS_msn=${msn}`,
      status: 400,
      code: 'invalid-request',
    })),
    {
      name: 'a number too far ahead',
      path: () => `video.m3u8?ticket=${pass}&_HLS_msn=4`,
      status: 400,
      code: 'invalid-request',
    },
    {
      name: 'a part of no segment',
      path: () => `video.m3u8?ticket=${pass}&_HLS_part=4`,
      status: 400,
      code: 'invalid-request',
    },
    { name: 'another playlist', path: () => `text.m3u8?ticket=${pass}`, status: 404, code: 'not-found' },
  ])('refuse $name', async ({ path, status, code }) => {
    film();
    const reply = await get(await path());
    expect([reply.status, await codeOf(reply)]).toEqual([status, code]);
  });

  it('are not there for a broadcast that is not', async () => {
    const other = crypto.randomUUID();
    const reply = await get(`index.m3u8?ticket=${await watchTicket({}, other)}`, other);
    expect([409, 503]).toContain(reply.status);
  });

  it('say when to come again where nothing comes', async () => {
    const reply = await get(`index.m3u8?ticket=${pass}`);
    expect([reply.status, reply.headers.get('retry-after'), reply.headers.get('cache-control')]).toEqual([
      503,
      '1',
      'no-store',
    ]);
  });
});

describe('the media of a running broadcast', () => {
  const folder = async (): Promise<string> =>
    parsePlaylist(await playlist('video')).entries[0]?.map?.replace('/init.mp4', '') ?? '';

  it('are parts and segments that any cache may keep; a segment is its parts', async () => {
    film();
    const root = await folder();
    const texts = await Promise.all(
      ['init.mp4', '0.0.m4s', '0.m4s', '1.2.m4s'].map(async (file) => (await get(`${root}/${file}`)).text()),
    );
    expect(texts[0]).toBe('init 1000 video');
    expect(texts[1]).toBe('1000/video/0.0;');
    expect(texts[2]).toBe(Array.from({ length: 12 }, (_, part) => `1000/video/0.${part};`).join(''));
    expect(texts[3]).toBe('1000/video/1.2;');
    const { headers } = await get(`${root}/0.m4s`);
    expect(headers.get('cache-control')).toBe('public, max-age=3600, immutable');
    expect(headers.get('content-length')).toBe(String(Buffer.byteLength(texts[2] ?? '')));
  });

  it('wait for the part that was announced, and no other', async () => {
    film();
    const root = await folder();
    const announced = get(`${root}/1.3.m4s`);
    await expect.poll(() => node.app.get(LiveBroadcasts).waitingCount).toBe(1);
    fed.feed('video');
    expect(await (await announced).text()).toBe('1000/video/1.3;');
    expect((await get(`${root}/1.5.m4s`)).status).toBe(404);
    const lost = get(`${root}/1.4.m4s`);
    await expect.poll(() => node.app.get(LiveBroadcasts).waitingCount).toBe(1);
    fed.die();
    expect((await lost).status).toBe(404);
  });

  it.each([
    {
      name: 'another key',
      path: (root: string) => root.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')) + '/0.m4s',
    },
    { name: 'no key', path: () => '1000/video/0.m4s' },
    { name: 'a segment that grows', path: (root: string) => `${root}/1.m4s` },
    { name: 'what is not there yet', path: (root: string) => `${root}/7.m4s` },
    { name: 'another epoch', path: (root: string) => root.replace('1000', '999') + '/0.m4s' },
    { name: 'another track', path: (root: string) => root.replace('video', 'text') + '/0.m4s' },
    { name: 'a huge number', path: (root: string) => `${root}/9007199254740992.m4s` },
    { name: 'a folder above', path: (root: string) => `${root}/..%2f..%2fvideo%2f0.m4s` },
    { name: 'a zero byte', path: (root: string) => `${root}/0.m4s%00` },
  ])('are not found by $name', async ({ path }) => {
    film();
    const reply = await get(path(await folder()));
    expect([reply.status, await codeOf(reply)]).toEqual([404, 'not-found']);
  });
});

describe('who watches by HLS', () => {
  it('is a viewer, and was served while he reloaded', async () => {
    film();
    const playback = newId(PlaybackId);
    pass = await watchTicket({ playbackId: playback });
    for (let part = 3; part < 6; part += 1) {
      fed.feed('video');
      await playlist('video', `&_HLS_msn=1&_HLS_part=${part}`);
      await new Promise((done) => setTimeout(done, 100));
    }
    const viewers = () => node.api.of('room.viewers').filter(({ broadcastId: id }) => id === broadcastId);
    await expect.poll(() => viewers().at(-1)?.viewers).toBe(1);
    const lines = () =>
      node.api
        .of('delivery.report')
        .flatMap(({ lines: all }) => all.filter((line) => line.playbackId === playback));
    await expect.poll(() => lines().length, { timeout: 12_000 }).toBeGreaterThan(0);
    expect(lines()[0]).toMatchObject({ by: 'reloads', windows: [expect.anything()] });
    const [window] = lines()[0]?.windows ?? [];
    expect((window?.toMs ?? 0) - (window?.fromMs ?? 0)).toBeGreaterThan(150);
  });

  it('is counted by his bytes where his ticket says so; his addresses carry it', async () => {
    film();
    const playback = newId(PlaybackId);
    pass = await watchTicket({ playbackId: playback, counted: true });
    const text = await playlist('audio');
    expect(text).toContain(`#EXT-X-DEFINE:NAME="ticket",VALUE="${pass}"`);
    const uris = parsePlaylist(text).entries.flatMap(({ uri }) => uri ?? []);
    expect(uris[0]).toMatch(/0\.m4s\?ticket=\{\$ticket\}$/);
    await new Promise((done) => setTimeout(done, 300));
    const reply = await get(uris[0]?.replace('{$ticket}', pass) ?? '');
    expect(reply.headers.get('cache-control')).toBe('private, no-store');
    await reply.text();
    const lines = () =>
      node.api
        .of('delivery.report')
        .flatMap(({ lines: all }) => all.filter((line) => line.playbackId === playback));
    await expect.poll(() => lines().length, { timeout: 12_000 }).toBe(1);
    expect(lines()[0]).toMatchObject({ by: 'bytes', bytes: 12 * 15 + 2 });
  });
});
