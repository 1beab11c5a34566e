import type { DeliveryLine } from '@yike/contracts/control/events';
import { KEY_INFO } from '@yike/contracts/control/commands';
import { RecordingId } from '@yike/contracts/ids';
import { TicketClaims } from '@yike/contracts/signaling/room';
import { jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../create-app.ts';
import { migrate } from '../../database/migrate.ts';
import { DeliverySink } from '../../media-link/delivery-sink.ts';
import { Clock } from '../../platform/clock.ts';
import { deriveKey } from '../../platform/crypto/secrets.ts';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { played, request, valueOf, Viewer } from './testing/viewer.ts';
import { type TestBroadcast, type TestPerson, ViewingApi } from './testing/viewing-api.ts';
import { ViewingSweeper } from './viewing-sweeper.ts';

/** How far behind the speaker a player of low-latency HLS stands. */
const LAG_MS = 3_000;

let api: ViewingApi;
const viewers: Viewer[] = [];
const open = async (...args: Parameters<typeof Viewer.open>): Promise<Viewer> => {
  const viewer = await Viewer.open(...args);
  viewers.push(viewer);
  return viewer;
};

beforeAll(async () => {
  api = await ViewingApi.start({ createApp, migrate, Clock });
  await api.database.query(
    `INSERT INTO media_nodes (id, control_url, socket_path, public_origin, state, load, started_at, seen_at)
     VALUES ('local', 'http://127.0.0.1:9', '/media/local/socket.io', NULL, 'ready', 0, now(), now())`,
  );
});
afterEach(() => {
  for (const viewer of viewers.splice(0)) viewer.socket.disconnect();
});
afterAll(() => api.close());

const sweep = (): Promise<void> => api.app.get(ViewingSweeper).sweep();

/** What the media node says of a viewer, from the opening of the session until now. */
function report(
  { broadcastId, lineageId }: TestBroadcast,
  viewer: Viewer,
  by: DeliveryLine['by'],
): Promise<void> {
  const windows = [{ fromMs: Date.parse(viewer.playback.openedAt), toMs: api.time.nowMs }];
  const line = { playbackId: viewer.id, by, windows, bytes: by === 'bytes' ? 5_000 : 0 };
  const recordingId = RecordingId.parse(lineageId);
  return api.app
    .get(UnitOfWork)
    .run((tx) =>
      api.app
        .get(DeliverySink)
        .delivered({ broadcastId, recordingId, atMs: api.time.nowMs, lines: [line] }, tx),
    );
}

/** A lecture that has run for a minute and a half, of which a minute is stored, and a resident who watches it by HLS. */
async function begin({ player = 'hls.js' }: { player?: 'hls.js' | 'native' } = {}) {
  const person = await api.person();
  const broadcast = await api.broadcast(60_000);
  api.advance(90_000);
  const viewer = await open(api, person, { ...broadcast, player });
  valueOf(await viewer.pressPlay());
  return { person, broadcast, viewer };
}

interface LivePlay {
  readonly forMs: number;
  readonly proves?: boolean;
  /** Which segments it loads whole, by their numbers: only these can it prove. */
  readonly loads?: (seq: number) => boolean;
  readonly lagMs?: number;
}

/** Plays the live picture in beats of ten seconds. Proves what it played, where it is to. */
async function playLive(
  viewer: Viewer,
  { zeroAtMs }: TestBroadcast,
  { forMs, proves = true, loads = () => true, lagMs = LAG_MS }: LivePlay,
): Promise<void> {
  for (let ms = 0; ms < forMs; ms += 10_000) {
    const clockFromMs = viewer.clockMs;
    const mediaFromMs = api.time.nowMs - zeroAtMs - lagMs;
    api.advance(10_000);
    const mediaToMs = mediaFromMs + 10_000;
    const loaded = viewer.proofs(mediaFromMs, mediaToMs).filter(({ segment }) => loads(seqOf(segment)));
    const proofs = proves ? loaded : [];
    valueOf(
      await viewer.send(viewer.beat([played(clockFromMs, viewer.clockMs, mediaFromMs, mediaToMs)], proofs)),
    );
  }
}

const seqOf = (segment: string): number => Number(segment.split('/')[2]);

/** Everything is stored, and waiting is over. */
async function settle(broadcast: TestBroadcast): Promise<void> {
  await api.complete(broadcast.lineageId, 300_000);
  api.advance(31_000);
  await sweep();
}

describe('the address of the live playlists', () => {
  it.each([
    { player: 'hls.js' as const, counted: {} },
    { player: 'native' as const, counted: { counted: true } },
  ])('is signed for the session: $player', async ({ player, counted }) => {
    const { broadcast, viewer } = await begin({ player });
    const url = new URL(viewer.playback.playlistUrl ?? '', 'http://portal');
    expect(url.pathname).toBe(`/media/local/hls/${broadcast.broadcastId}/index.m3u8`);
    const key = deriveKey(api.config.MEDIA_NODE_SECRET, KEY_INFO.join);
    const ticket = await jwtVerify(url.searchParams.get('ticket') ?? '', key, {
      currentDate: new Date(api.time.nowMs),
    });
    const { peerId, ...claims } = TicketClaims.parse(ticket.payload);
    expect(peerId).toMatch(/^[0-9a-f-]{36}$/);
    expect(claims).toEqual({
      ...{ use: 'watch', broadcastId: broadcast.broadcastId, playbackId: viewer.id, mayPublish: false },
      ...counted,
      exp: Math.floor(api.time.nowMs / 1000) + 12 * 3_600,
    });
  });

  it.each([
    { name: 'ended', change: "UPDATE broadcasts SET state = 'ended' WHERE id = $1" },
    {
      name: 'without any media yet',
      change: `UPDATE timelines SET zero_at_ms = NULL WHERE id = (SELECT recording_id FROM broadcasts WHERE id = $1)`,
    },
  ])('is not given for a broadcast that is $name', async ({ change }) => {
    const [person, { broadcastId }] = [await api.person(), await api.broadcast(0)];
    await api.database.query(change, [broadcastId]);
    const body = { mode: 'll-hls', broadcastId, player: 'hls.js' };
    await expect(request(api.origin, person, 'POST', '/api/playbacks', body)).rejects.toThrow(
      /409.*broadcast-not-live/,
    );
  });
});

describe('a live viewer by HLS', () => {
  it('counts what he reloaded and proved, proofs being sent before the segments are stored', async () => {
    const { broadcast, viewer } = await begin();
    await playLive(viewer, broadcast, { forMs: 20_000 });
    expect(await viewer.sums()).toEqual({ pending: 20_000 });
    await report(broadcast, viewer, 'reloads');
    await playLive(viewer, broadcast, { forMs: 20_000 });
    await report(broadcast, viewer, 'reloads');
    await settle(broadcast);
    expect(await viewer.sums()).toMatchObject({ counted: 40_000 });
    const { rows } = await api.database.query('SELECT 1 FROM early_proofs WHERE playback_id = $1', [
      viewer.id,
    ]);
    expect(rows).toEqual([]);
  });

  it('who comes and leaves in the middle of segments counts from the first picture to the last', async () => {
    const { broadcast, viewer } = await begin();
    // From the last second of segment 21 to the third of segment 31.
    await playLive(viewer, broadcast, { forMs: 40_000, loads: (seq) => seq > 21 && seq < 31 });
    await report(broadcast, viewer, 'reloads');
    await viewer.leave();
    await settle(broadcast);
    expect(await viewer.sums()).toEqual({ counted: 40_000 });
  });

  it('by the system’s own player counts by the bytes that went to him, without any proof', async () => {
    const { broadcast, viewer } = await begin({ player: 'native' });
    await playLive(viewer, broadcast, { forMs: 20_000, proves: false });
    await report(broadcast, viewer, 'bytes');
    await settle(broadcast);
    expect(await viewer.sums()).toMatchObject({ counted: 20_000 });
  });

  it('counts over the change from WebRTC, which passes the lease without a press', async () => {
    const { person, broadcast, viewer } = await begin();
    await playLive(viewer, broadcast, { forMs: 20_000 });
    await report(broadcast, viewer, 'reloads');
    const webrtc = await open(api, person, broadcast);
    const passed = await webrtc.socket.emitWithAck('lease:take', {
      playbackId: webrtc.id,
      insteadOf: viewer.id,
    });
    valueOf(passed);
    await viewer.leave();
    await playLive(webrtc, broadcast, { forMs: 20_000, proves: false, lagMs: 0 });
    await report(broadcast, webrtc, 'bytes');
    await settle(broadcast);
    expect(viewer.lost).toEqual([]);
    expect(await viewer.sums()).toEqual({ counted: 20_000 });
    expect(await webrtc.sums()).toMatchObject({ counted: 20_000 });
  });

  it('does not take the lease from another device by changing the way', async () => {
    const { person, broadcast, viewer } = await begin();
    const elsewhere = await open(api, person, broadcast);
    valueOf(await elsewhere.pressPlay());
    const next = await open(api, person, broadcast);
    const taken = await next.socket.emitWithAck('lease:take', { playbackId: next.id, insteadOf: viewer.id });
    expect(taken).toMatchObject({ ok: false, problem: { code: 'lease-lost', status: 409 } });
    await playLive(elsewhere, broadcast, { forMs: 10_000, proves: false });
    await report(broadcast, elsewhere, 'bytes');
    await settle(broadcast);
    expect(await elsewhere.sums()).toMatchObject({ counted: 10_000 });
  });
});

describe('forged live clients', () => {
  const forged: {
    name: string;
    play: (viewer: Viewer, broadcast: TestBroadcast, person: TestPerson) => Promise<void>;
    reports: readonly DeliveryLine['by'][];
  }[] = [
    {
      name: 'reload the playlist and load no media',
      play: (viewer, broadcast) => playLive(viewer, broadcast, { forMs: 20_000, proves: false }),
      reports: ['reloads'],
    },
    {
      name: 'copy proofs and reload nothing',
      play: (viewer, broadcast) => playLive(viewer, broadcast, { forMs: 20_000 }),
      reports: [],
    },
    {
      name: 'claim what has not been spoken yet',
      play: (viewer, broadcast) => playLive(viewer, broadcast, { forMs: 20_000, lagMs: -10_000 }),
      reports: ['reloads', 'bytes'],
    },
    {
      name: 'claim the beginning by the bytes of now',
      play: (viewer, broadcast) =>
        playLive(viewer, broadcast, { forMs: 20_000, proves: false, lagMs: 60_001 }),
      reports: ['bytes'],
    },
    {
      name: 'send wrong hashes before anything is stored',
      play: async (viewer, { zeroAtMs }) => {
        const mediaFromMs = api.time.nowMs - zeroAtMs - LAG_MS;
        api.advance(20_000);
        const proofs = viewer
          .proofs(mediaFromMs, mediaFromMs + 20_000)
          .map((proof) => ({ ...proof, sha256: '0'.repeat(64) }));
        const span = played(0, 20_000, mediaFromMs, mediaFromMs + 20_000);
        valueOf(await viewer.send(viewer.beat([span], proofs)));
      },
      reports: ['reloads'],
    },
  ];

  it.each(forged)('that $name earn nothing', async ({ play, reports }) => {
    const { person, broadcast, viewer } = await begin();
    await play(viewer, broadcast, person);
    for (const by of reports) await report(broadcast, viewer, by);
    await viewer.leave();
    await settle(broadcast);
    expect(await viewer.sums()).toEqual({ 'not-delivered': 20_000 });
    expect((await viewer.summary()).watchedMs).toBe(0);
  });

  it('that load one segment in three are credited for that one', async () => {
    const { broadcast, viewer } = await begin();
    // From 87 s to 127 s: a second of segment 21, then 24, 27 and 30, each of 4 s.
    await playLive(viewer, broadcast, { forMs: 40_000, loads: (seq) => seq % 3 === 0 });
    await report(broadcast, viewer, 'reloads');
    await viewer.leave();
    await settle(broadcast);
    expect(await viewer.sums()).toEqual({ counted: 13_000, 'not-delivered': 27_000 });
  });

  it('cannot let a WebRTC session count by reloads', async () => {
    const [person, broadcast] = [await api.person(), await api.broadcast(0)];
    const viewer = await open(api, person, broadcast);
    valueOf(await viewer.pressPlay());
    await playLive(viewer, broadcast, { forMs: 20_000, lagMs: 0 });
    await report(broadcast, viewer, 'reloads');
    await viewer.leave();
    await settle(broadcast);
    expect(await viewer.sums()).toEqual({ 'not-delivered': 20_000 });
  });
});
