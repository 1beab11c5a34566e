import { newId, PlaybackId } from '@yike/contracts/ids';
import type { Beat } from '@yike/contracts/realtime/viewing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../create-app.ts';
import { migrate } from '../../database/migrate.ts';
import { Clock } from '../../platform/clock.ts';
import { played, request, valueOf, Viewer } from './testing/viewer.ts';
import { type TestPerson, type TestUnit, ViewingApi } from './testing/viewing-api.ts';

let api: ViewingApi;
let viewers: Viewer[] = [];

beforeAll(async () => {
  api = await ViewingApi.start({ createApp, migrate, Clock });
});
afterEach(() => {
  for (const viewer of viewers) viewer.socket.disconnect();
  viewers = [];
});
afterAll(() => api.close());

async function begin(lengthMs = 300_000): Promise<{ person: TestPerson; unit: TestUnit; viewer: Viewer }> {
  const [person, unit] = [await api.person(), await api.unit(lengthMs)];
  const viewer = await Viewer.open(api, person, unit);
  viewers.push(viewer);
  valueOf(await viewer.pressPlay());
  return { person, unit, viewer };
}

/** Beats over a whole course at the honest pace, with whatever proofs. */
async function claimAll(
  viewer: Viewer,
  lengthMs: number,
  proofs: (fromMs: number, toMs: number) => Beat['proofs'],
): Promise<void> {
  let beats: Beat[] = [];
  for (let ms = 0; ms < lengthMs; ms += 10_000) {
    const clockFromMs = viewer.clockMs;
    api.advance(10_000);
    beats.push(viewer.beat([played(clockFromMs, viewer.clockMs, ms, ms + 10_000)], proofs(ms, ms + 10_000)));
    if (beats.length < 30) continue;
    valueOf(await viewer.send(...beats));
    beats = [];
  }
  if (beats.length > 0) valueOf(await viewer.send(...beats));
}

describe('clients that did not play get 0 s, and are told why', () => {
  it('1,000 beats without fetching anything', async () => {
    const { viewer } = await begin();
    for (let round = 0; round < 20; round += 1) {
      const beats = Array.from({ length: 50 }, (_, i) => {
        const clockFromMs = viewer.clockMs;
        api.advance(100);
        const mediaMs = (round * 50 + i) * 100;
        return viewer.beat(
          [played(clockFromMs, viewer.clockMs, mediaMs, mediaMs + 100)],
          viewer.proofs(mediaMs, mediaMs + 1),
        );
      });
      valueOf(await viewer.send(...beats));
    }
    expect((await viewer.summary()).watchedMs).toBe(0);
    expect(await viewer.sums()).toEqual({ 'not-delivered': 100_000 });
  });

  it('segments requested, the redirect not followed: no bytes, no proofs', async () => {
    const { viewer } = await begin(120_000);
    await viewer.requestSegments(0, 80_000);
    await claimAll(viewer, 80_000, () => []);
    expect(await viewer.sums()).toEqual({ pending: 80_000 });
    await viewer.leave();
    expect(await viewer.sums()).toEqual({ 'not-delivered': 80_000 });
  });

  it('wrong hashes', async () => {
    const { viewer } = await begin(120_000);
    await viewer.requestSegments(0, 80_000);
    await claimAll(viewer, 80_000, (fromMs, toMs) =>
      viewer.proofs(fromMs, toMs).map((proof) => ({ ...proof, sha256: '0'.repeat(64) })),
    );
    await viewer.leave();
    expect(await viewer.sums()).toEqual({ 'not-delivered': 80_000 });
  });

  it('all segments of five minutes fetched in a burst', async () => {
    const { viewer, unit } = await begin();
    await viewer.requestSegments(0, unit.lengthMs);
    await claimAll(viewer, unit.lengthMs, (fromMs, toMs) => viewer.proofs(fromMs, toMs));
    expect((await viewer.summary()).watchedMs).toBe(0);
    expect(await viewer.sums()).toEqual({ 'not-delivered': 300_000 });
  });

  it('requested after it was "played"', async () => {
    const { viewer } = await begin(120_000);
    await claimAll(viewer, 40_000, () => []);
    api.advance(2_000);
    await viewer.requestSegments(0, 40_000);
    valueOf(await viewer.send(viewer.beat([], viewer.proofs(0, 40_000))));
    await viewer.leave();
    expect(await viewer.sums()).toEqual({ 'not-delivered': 40_000, 'silent-client': 2_000 });
  });

  it('without pressing Play', async () => {
    const [person, unit] = [await api.person(), await api.unit(60_000)];
    const viewer = await Viewer.open(api, person, unit);
    viewers.push(viewer);
    await viewer.play(0, 30_000);
    expect(await viewer.sums()).toEqual({ superseded: 30_000 });
  });

  it('rate 16, and a hidden page', async () => {
    const { viewer } = await begin();
    await viewer.requestSegments(0, 60_000);
    api.advance(20_000);
    const spans = [played(0, 10_000, 0, 160_000), played(10_000, 20_000, 0, 10_000, true)];
    valueOf(await viewer.send(viewer.beat(spans, viewer.proofs(0, 60_000))));
    expect(await viewer.sums()).toEqual({ 'over-rate': 10_000, hidden: 10_000 });
  });

  it('the same clock claimed for many parts', async () => {
    const { viewer } = await begin();
    await viewer.requestSegments(0, 80_000);
    api.advance(10_000);
    const spans = [0, 15_000, 30_000, 45_000, 60_000].map((mediaMs) =>
      played(0, 10_000, mediaMs, mediaMs + 15_000),
    );
    valueOf(await viewer.send(viewer.beat(spans, viewer.proofs(0, 80_000))));
    expect(await viewer.summary()).toMatchObject({ watchedMs: 15_000, validMs: 10_000 });
  });
});

describe('bad input is refused with a clear problem, and the next beat is taken', () => {
  const span = played(0, 10_000, 0, 10_000);
  const odd: { name: string; beats: (beat: Beat) => unknown }[] = [
    { name: 'from after to', beats: (b) => [{ ...b, spans: [played(10_000, 0, 0, 10_000)] }] },
    { name: 'media backward', beats: (b) => [{ ...b, spans: [played(0, 10_000, 10_000, 0)] }] },
    { name: 'a negative clock', beats: (b) => [{ ...b, spans: [{ ...span, clockFromMs: -1 }] }] },
    { name: 'NaN', beats: (b) => [{ ...b, spans: [{ ...span, mediaToMs: Number.NaN }] }] },
    { name: 'Infinity', beats: (b) => [{ ...b, spans: [{ ...span, mediaToMs: Infinity }] }] },
    { name: '1e308', beats: (b) => [{ ...b, spans: [{ ...span, clockToMs: 1e308 }] }] },
    { name: 'a fraction', beats: (b) => [{ ...b, spans: [{ ...span, clockToMs: 0.5 }] }] },
    { name: 'sequence 0', beats: (b) => [{ ...b, seq: 0 }] },
    { name: 'sequence -1', beats: (b) => [{ ...b, seq: -1 }] },
    { name: 'sequence 2^53', beats: (b) => [{ ...b, seq: 2 ** 53 }] },
    { name: 'a clock in 2099', beats: (b) => [{ ...b, spans: [{ ...span, clockToMs: Date.UTC(2099, 0) }] }] },
    { name: '61 spans', beats: (b) => [{ ...b, spans: Array.from({ length: 61 }, () => span) }] },
    { name: 'no beats', beats: () => [] },
    { name: 'an unknown field', beats: (b) => [{ ...b, rate: 16 }] },
    {
      name: '__proto__',
      beats: (b) => [JSON.parse(`{"__proto__":{},${JSON.stringify(b).slice(1)}`) as unknown],
    },
    {
      name: 'a segment name that climbs',
      beats: (b) => [{ ...b, proofs: [{ segment: '0/video/../1', sha256: '0'.repeat(64) }] }],
    },
    { name: 'a string', beats: () => 'beats' },
    { name: 'null', beats: () => null },
  ];

  it.each(odd)('$name', async ({ beats }) => {
    const { viewer } = await begin(60_000);
    await viewer.requestSegments(0, 10_000);
    api.advance(10_000);
    const beat = viewer.beat([span], viewer.proofs(0, 10_000));
    // What the type forbids is what a stranger sends.
    const reply = await viewer.socket.emitWithAck('viewing:beat', { beats: beats(beat) } as never);
    expect(reply).toMatchObject({ ok: false, problem: { code: 'invalid-request', status: 400 } });
    expect(valueOf(await viewer.send(beat)).summary?.watchedMs).toBe(10_000);
  });

  it.each([
    { name: 'a span beyond 25 s', spans: [played(0, 25_001, 0, 25_001)] },
    { name: 'a span in the future', spans: [played(30_000, 40_000, 0, 10_000)] },
    { name: 'beyond the end of the timeline', spans: [played(0, 10_000, 86_000_000, 86_010_000)] },
  ])('$name counts nothing', async ({ spans }) => {
    const { viewer } = await begin(60_000);
    api.advance(26_000);
    valueOf(await viewer.send(viewer.beat(spans)));
    expect((await viewer.summary()).watchedMs).toBe(0);
  });

  it('a gap in the sequence is no reason to refuse', async () => {
    const { viewer } = await begin(60_000);
    await viewer.requestSegments(0, 10_000);
    api.advance(10_000);
    const beat = { ...viewer.beat([span], viewer.proofs(0, 10_000)), seq: 999_999 };
    expect(valueOf(await viewer.send(beat)).summary?.watchedMs).toBe(10_000);
  });

  it('the session of someone else, or of nobody, is not found', async () => {
    const { viewer } = await begin(60_000);
    const stranger = await begin(60_000);
    const foreign = { ...stranger.viewer.beat([span]), playbackId: viewer.id };
    expect(await stranger.viewer.send(foreign)).toMatchObject({ ok: false, problem: { code: 'not-found' } });
    const nobody = { ...foreign, playbackId: newId(PlaybackId) };
    expect(await stranger.viewer.send(nobody)).toMatchObject({ ok: false, problem: { code: 'not-found' } });
    const taken = await stranger.viewer.socket.emitWithAck('lease:take', { playbackId: viewer.id });
    expect(taken).toMatchObject({ ok: false, problem: { code: 'not-found' } });
    await expect(stranger.viewer.get(`/api/playbacks/${viewer.id}/summary`)).rejects.toThrow('404');
    await expect(
      request(api.origin, stranger.person, 'DELETE', `/api/playbacks/${viewer.id}`),
    ).rejects.toThrow('404');
  });

  it('a session that ended long ago is closed', async () => {
    const { viewer, person } = await begin(60_000);
    await request(api.origin, person, 'DELETE', `/api/playbacks/${viewer.id}`);
    api.advance(600_001);
    expect(await viewer.send(viewer.beat([span]))).toMatchObject({
      ok: false,
      problem: { code: 'playback-closed' },
    });
  });

  it('too many at once are slowed down', async () => {
    const { viewer } = await begin(60_000);
    const spans = Array.from({ length: 60 }, () => span);
    const batch = () => viewer.send(...Array.from({ length: 35 }, () => viewer.beat(spans)));
    const replies = [await batch(), await batch()];
    expect(replies[1]).toMatchObject({ ok: false, problem: { code: 'too-many-requests' } });
  });

  it('a million intervals or a megabyte close the socket, and the page comes back', async () => {
    const { viewer } = await begin(60_000);
    const closed = new Promise((resolve) => viewer.socket.once('disconnect', resolve));
    viewer.socket.emit(
      'viewing:beat',
      { beats: [viewer.beat(Array.from({ length: 1_000_000 }, () => span))] },
      () => undefined,
    );
    await closed;
    await new Promise((resolve) => viewer.socket.once('connect', () => resolve(undefined)));
    await viewer.requestSegments(0, 10_000);
    api.advance(10_000);
    expect(valueOf(await viewer.send(viewer.beat([span], viewer.proofs(0, 10_000)))).summary?.watchedMs).toBe(
      10_000,
    );
  });

  it('a beacon takes the same beats as text, and nothing else', async () => {
    const { viewer, person } = await begin(60_000);
    const beacon = (body: string) =>
      fetch(`${api.origin}/api/playbacks/${viewer.id}/beats`, {
        method: 'POST',
        body,
        headers: { cookie: person.cookie, origin: api.origin, 'content-type': 'text/plain;charset=UTF-8' },
      });
    await viewer.requestSegments(0, 10_000);
    api.advance(10_000);
    expect((await beacon('{')).status).toBe(400);
    expect((await beacon('{"beats":[]}')).status).toBe(400);
    expect((await beacon(' '.repeat(1_000_000))).status).toBe(413);
    const beat = viewer.beat([span], viewer.proofs(0, 10_000));
    expect(
      (await beacon(JSON.stringify({ beats: [{ ...beat, playbackId: newId(PlaybackId) }] }))).status,
    ).toBe(400);
    expect((await beacon(JSON.stringify({ beats: [beat] }))).status).toBe(204);
    expect((await viewer.summary()).watchedMs).toBe(10_000);
  });
});
