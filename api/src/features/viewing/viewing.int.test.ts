import type { DeliveryLine } from '@yike/contracts/control/events';
import type { CertificateCheck } from '@yike/contracts/http/certificates';
import type { LearningAccount, LedgerAudit, StatementEntry } from '@yike/contracts/http/bank';
import type { LectureAttendance } from '@yike/contracts/http/administration';
import { CourseId, newId, PlaybackId, RecordingId, UnitId } from '@yike/contracts/ids';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../create-app.ts';
import { migrate } from '../../database/migrate.ts';
import { DeliverySink } from '../../media-link/delivery-sink.ts';
import { Clock } from '../../platform/clock.ts';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { LibraryService } from '../library/library.service.ts';
import { played, request, valueOf, Viewer } from './testing/viewer.ts';
import { startApp, type TestBroadcast, type TestPerson, ViewingApi } from './testing/viewing-api.ts';
import { ViewingSweeper } from './viewing-sweeper.ts';

let api: ViewingApi;
const viewers: Viewer[] = [];
const open = async (...args: Parameters<typeof Viewer.open>): Promise<Viewer> => {
  const viewer = await Viewer.open(...args);
  viewers.push(viewer);
  return viewer;
};

beforeAll(async () => {
  api = await ViewingApi.start({ createApp, migrate, Clock });
});
afterEach(() => {
  for (const viewer of viewers.splice(0)) viewer.socket.disconnect();
});
afterAll(() => api.close());

const account = (person: TestPerson): Promise<LearningAccount> =>
  request(api.origin, person, 'GET', '/api/me/account');
const sweep = (): Promise<void> => api.app.get(ViewingSweeper).sweep();

/** What a media node says, in the transaction that takes its event. */
const report = ({ broadcastId, lineageId }: TestBroadcast, lines: DeliveryLine[]): Promise<void> =>
  api.app.get(UnitOfWork).run((tx) => {
    const recordingId = RecordingId.parse(lineageId);
    return api.app.get(DeliverySink).delivered({ broadcastId, recordingId, atMs: api.time.nowMs, lines }, tx);
  });

/** The library publishes, and tells its listeners. */
async function publishReplay({ lineageId, lectureId }: TestBroadcast, durationMs: number) {
  const course: Parameters<LibraryService['publish']>[0] = {
    id: newId(CourseId),
    title: '讲座',
    summary: '',
    topic: 'health',
    origin: 'replay',
    lectureId,
    lecturerId: null,
    orgUnitId: api.orgUnitId,
    slug: null,
    givesCertificate: true,
    posterKey: null,
    durationMs,
    publishedAt: new Date(api.time.nowMs),
  };
  const unit = {
    id: newId(UnitId),
    courseId: course.id,
    position: 0,
    title: '',
    lineageId,
    cutRanges: [{ fromMs: 0, toMs: durationMs }],
  };
  await api.app.get(UnitOfWork).run((tx) => api.app.get(LibraryService).publish(course, [unit], tx));
  return { unitId: unit.id, lineageId };
}

describe('a resident plays a course', () => {
  it('watches it all: complete, posted once, certificate valid, sums zero, chain verified', async () => {
    const [person, unit] = [await api.person(), await api.unit(120_000)];
    const viewer = await open(api, person, unit);
    valueOf(await viewer.pressPlay());
    const ack = await viewer.play(0, 120_000);
    expect(ack).toMatchObject({
      holdsLease: true,
      summary: {
        watchedMs: 120_000,
        validMs: 120_000,
        requiredMs: 90_000,
        grantsSeconds: 120,
        completed: true,
        postedSeconds: 120,
      },
    });
    expect(await viewer.sums()).toEqual({ counted: 120_000 });
    expect(await account(person)).toMatchObject({
      watchedMs: 120_000,
      pendingMs: 0,
      postedSeconds: 120,
      milliCredits: 2,
      certificates: 1,
    });

    const { items } = await viewer.get<{ items: StatementEntry[] }>('/api/me/statement');
    expect(items.map(({ asset, amount, balanceAfter }) => [asset, amount, balanceAfter])).toEqual([
      ['credit', 2, 2],
      ['class-time', 120, 120],
    ]);
    const mine = await viewer.get<{ items: { number: string }[] }>('/api/me/certificates');
    const check = await request<CertificateCheck>(
      api.origin,
      null,
      'GET',
      `/api/certificates/${mine.items[0]?.number}`,
    );
    expect(check).toMatchObject({
      status: 'valid',
      signatureValid: true,
      maskedName: '王*英',
      seconds: 120,
      courseTitle: '太极入门',
      place: '南山社区',
    });
    expect(check.qrSvg).toContain('<svg');
    const audit = await request<LedgerAudit>(
      api.origin,
      await api.person('platform-administrator'),
      'GET',
      '/api/admin/ledger',
    );
    expect(audit.sums.map(({ sum }) => sum)).toEqual([0, 0]);
    expect(audit.chain).toMatchObject({ verified: true, brokenAt: null });
  });

  it('seeks to the end: not complete, and told why', async () => {
    const [person, unit] = [await api.person(), await api.unit(120_000)];
    const viewer = await open(api, person, unit);
    valueOf(await viewer.pressPlay());
    const ack = await viewer.play(110_000, 120_000);
    expect(ack.summary).toMatchObject({ watchedMs: 10_000, completed: false, postedSeconds: 0 });
  });

  it('watches again: clock and no media, called repeat', async () => {
    const [person, unit] = [await api.person(), await api.unit(120_000)];
    const viewer = await open(api, person, unit);
    valueOf(await viewer.pressPlay());
    await viewer.play(0, 20_000);
    await viewer.play(0, 20_000);
    expect(await viewer.sums()).toEqual({ counted: 20_000, repeat: 20_000 });
    expect((await viewer.summary()).watchedMs).toBe(20_000);
  });

  it('leaves: what was not proven is refused, and the session is as long as its verdicts', async () => {
    const [person, unit] = [await api.person(), await api.unit(120_000)];
    const viewer = await open(api, person, unit);
    valueOf(await viewer.pressPlay());
    await viewer.requestSegments(0, 10_000);
    api.advance(10_000);
    valueOf(await viewer.send(viewer.beat([played(0, 10_000, 0, 10_000)])));
    expect(await viewer.sums()).toEqual({ pending: 10_000 });
    expect((await account(person)).pendingMs).toBe(10_000);
    api.advance(5_000);
    await viewer.leave();
    expect(await viewer.sums()).toEqual({ 'not-delivered': 10_000, 'silent-client': 5_000 });
    expect((await account(person)).pendingMs).toBe(0);
  });

  it('falls silent: closed at the last word after 15 minutes', async () => {
    const [person, unit] = [await api.person(), await api.unit(120_000)];
    const viewer = await open(api, person, unit);
    valueOf(await viewer.pressPlay());
    await viewer.play(0, 10_000);
    api.advance(16 * 60_000);
    await sweep();
    expect(await viewer.sums()).toEqual({ counted: 10_000 });
    await expect(viewer.requestSegments(0, 1)).rejects.toThrow('404');
  });
});

describe('duplicates, order, tabs', () => {
  it('the same beats twice, backward and late count as once', async () => {
    const [person, unit] = [await api.person(), await api.unit(120_000)];
    const viewer = await open(api, person, unit);
    valueOf(await viewer.pressPlay());
    const beats = [];
    for (let ms = 0; ms < 60_000; ms += 10_000) {
      await viewer.requestSegments(ms, ms + 10_000);
      api.advance(10_000);
      beats.push(viewer.beat([played(ms, ms + 10_000, ms, ms + 10_000)], viewer.proofs(ms, ms + 10_000)));
    }
    const [last, ...first] = beats.toReversed();
    await Promise.all([viewer.send(last!, ...first), viewer.send(...beats), viewer.send(last!)]);
    expect((await viewer.summary()).watchedMs).toBe(60_000);
    expect(await viewer.sums()).toEqual({ counted: 60_000 });

    api.advance(10 * 60_000);
    await viewer.requestSegments(60_000, 70_000);
    const late = viewer.beat([played(60_000, 70_000, 60_000, 70_000)], viewer.proofs(60_000, 70_000));
    api.advance(10_001);
    valueOf(await viewer.send(late));
    expect(await viewer.sums()).toMatchObject({ counted: 60_000, late: 10_000 });
  });

  it('two tabs have one clock: the older is told, and keeps what it played before', async () => {
    const [person, one, two] = [await api.person(), await api.unit(120_000), await api.unit(120_000)];
    const first = await open(api, person, one);
    const second = await open(api, person, two);
    valueOf(await first.pressPlay());
    await Promise.all([first.requestSegments(0, 20_000), second.requestSegments(0, 20_000)]);
    api.advance(10_000);
    valueOf(await second.pressPlay());
    api.advance(10_000);
    const both = [first, second].map((tab) =>
      tab.send(tab.beat([played(0, 20_000, 0, 20_000)], tab.proofs(0, 20_000))),
    );
    const [olderAck] = (await Promise.all(both)).map((reply) => valueOf(reply));
    expect(first.lost).toEqual([first.id]);
    expect(olderAck?.holdsLease).toBe(false);
    expect(await first.sums()).toEqual({ counted: 10_000, superseded: 10_000 });
    expect(await second.sums()).toEqual({ superseded: 10_000, counted: 10_000 });
    expect(await account(person)).toMatchObject({ todaySeconds: 20 });
  });

  it('sessions of two API processes post a completion once', async () => {
    const second = await startApp(createApp, api.config, Clock, api.time);
    try {
      const [person, unit] = [await api.person(), await api.unit(60_000)];
      const viewer = await open(api, person, unit);
      const elsewhere = await open(api, person, unit, await second.getUrl());
      valueOf(await viewer.pressPlay());
      await viewer.requestSegments(0, 60_000);
      api.advance(60_000);
      const spans = [0, 20_000, 40_000].map((ms) => played(ms, ms + 20_000, ms, ms + 20_000));
      const beat = viewer.beat(spans, viewer.proofs(0, 60_000));
      await Promise.all([viewer.send(beat), elsewhere.send(beat), viewer.send(beat), elsewhere.send(beat)]);
      await Promise.all([sweep(), second.get(ViewingSweeper).sweep(), sweep()]);
      expect(await account(person)).toMatchObject({ postedSeconds: 60, milliCredits: 1, certificates: 1 });
    } finally {
      await second.close();
    }
  });
});

describe('a lecture', () => {
  it('live and replay are stitched together, and attendance is the sum of the database', async () => {
    const person = await api.person();
    const broadcast = await api.broadcast(0);
    api.advance(20_000);
    const live = await open(api, person, broadcast);
    valueOf(await live.pressPlay());
    for (let beat = 1; beat <= 4; beat += 1) {
      const from = live.clockMs;
      api.advance(10_000);
      valueOf(await live.send(live.beat([played(from, live.clockMs, 0, 0)])));
    }
    // Without a report for 30 s the first ten count as not delivered; a report that comes yet later mends it.
    expect((await live.summary()).pendingMs).toBe(30_000);
    const fromMs = broadcast.zeroAtMs + 20_000;
    const line = {
      playbackId: live.id,
      by: 'bytes' as const,
      windows: [{ fromMs, toMs: fromMs + 40_000 }],
      bytes: 5_000_000,
    };
    await report(broadcast, [line]);
    await report(broadcast, [line, { ...line, playbackId: newId(PlaybackId) }]);
    await api.complete(broadcast.lineageId, 60_000);
    const unit = await publishReplay(broadcast, 60_000);
    await sweep();
    expect(await live.sums()).toEqual({ counted: 40_000 });
    await live.leave();

    const replay = await open(api, person, unit);
    valueOf(await replay.pressPlay());
    await replay.play(0, 25_000);
    expect(await replay.summary()).toMatchObject({ watchedMs: 60_000, completed: true, postedSeconds: 60 });

    const attendance = await request<LectureAttendance>(
      api.origin,
      await api.person('platform-administrator'),
      'GET',
      `/api/admin/lectures/${broadcast.lectureId}/attendance`,
    );
    expect(attendance).toMatchObject({ persons: 1, attendances: 2, completions: 1, recordedSeconds: 60 });
    expect(attendance.totals).toEqual({
      liveSeconds: 40,
      replaySeconds: 25,
      mergedSeconds: 60,
      postedSeconds: 60,
    });
    const { rows } = await api.database.query<{ ms: number }>(
      'SELECT sum(upper(r) - lower(r))::int AS ms FROM coverages, unnest(media) r WHERE lineage_id = $1',
      [broadcast.lineageId],
    );
    expect(attendance.totals.mergedSeconds).toBe(Math.floor((rows[0]?.ms ?? 0) / 1000));
  });

  it('a room without delivered bytes gives nothing', async () => {
    const person = await api.person();
    const broadcast = await api.broadcast(60_000);
    const live = await open(api, person, broadcast);
    valueOf(await live.pressPlay());
    api.advance(20_000);
    valueOf(await live.send(live.beat([played(0, 20_000, 0, 20_000)])));
    api.advance(31_000);
    await sweep();
    expect(await live.sums()).toMatchObject({ 'not-delivered': 20_000 });
  });
});
