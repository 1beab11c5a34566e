import { setTimeout as sleep } from 'node:timers/promises';
import type { LearningAccount, LedgerAudit } from '@yike/contracts/http/bank';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createApp } from '../../create-app.ts';
import { migrate } from '../../database/migrate.ts';
import { Clock } from '../../platform/clock.ts';
import { played, request, valueOf, Viewer } from './testing/viewer.ts';
import { type TestPerson, ViewingApi } from './testing/viewing-api.ts';
import { ViewingSweeper } from './viewing-sweeper.ts';

let api: ViewingApi;
const viewers: Viewer[] = [];

beforeAll(async () => {
  api = await ViewingApi.start({ createApp, migrate, Clock });
});
afterEach(() => {
  for (const viewer of viewers.splice(0)) viewer.socket.disconnect();
});
afterAll(() => api.close());

async function begin(lengthMs: number): Promise<{ person: TestPerson; viewer: Viewer }> {
  const [person, unit] = [await api.person(), await api.unit(lengthMs)];
  const viewer = await Viewer.open(api, person, unit);
  viewers.push(viewer);
  valueOf(await viewer.pressPlay());
  return { person, viewer };
}
const account = (person: TestPerson): Promise<LearningAccount> =>
  request(api.origin, person, 'GET', '/api/me/account');
const audit = async (): Promise<LedgerAudit> =>
  request(api.origin, await api.person('platform-administrator'), 'GET', '/api/admin/ledger');

it('every connection to the database is cut in the middle of a batch: nothing is lost, nothing is double', async () => {
  const { person, viewer } = await begin(60_000);
  await viewer.requestSegments(0, 60_000);
  api.advance(60_000);
  const beats = [0, 20_000, 40_000].map((ms) =>
    viewer.beat([played(ms, ms + 20_000, ms, ms + 20_000)], viewer.proofs(ms, ms + 20_000)),
  );
  const blocker = await api.database.connect();
  await blocker.query('BEGIN');
  await blocker.query('SELECT FROM leases WHERE user_id = $1 FOR UPDATE', [person.id]);
  const refused = viewer.send(...beats);
  await sleep(400); // The batch has begun its transaction, and waits for the resident's row.
  const killer = new Client({ connectionString: api.config.DATABASE_URL });
  await killer.connect();
  await killer.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND datname = current_database() AND pid <> pg_backend_pid()',
  );
  await killer.end();
  expect(await refused).toMatchObject({ ok: false, problem: { code: 'service-unavailable' } });
  await blocker.query('ROLLBACK');
  blocker.release();

  valueOf(await viewer.send(...beats));
  valueOf(await viewer.send(...beats));
  expect(await viewer.sums()).toEqual({ counted: 60_000 });
  expect(await account(person)).toMatchObject({ watchedMs: 60_000, postedSeconds: 60, certificates: 1 });
});

it('an acknowledgement that is lost is asked for again', async () => {
  const { person, viewer } = await begin(60_000);
  await viewer.requestSegments(0, 20_000);
  api.advance(20_000);
  const beat = viewer.beat([played(0, 20_000, 0, 20_000)], viewer.proofs(0, 20_000));
  viewer.socket.emit('viewing:beat', { beats: [beat] }, () => undefined);
  await sleep(10);
  viewer.socket.disconnect().connect();
  valueOf(await viewer.send(beat));
  expect(await account(person)).toMatchObject({ watchedMs: 20_000, todaySeconds: 20 });
});

it('a crash between the commit and the posting is made good by the next sweep', async () => {
  const { person, viewer } = await begin(60_000);
  await api.database.query('ALTER TABLE completions RENAME TO completions_away');
  await viewer.play(0, 60_000).catch(() => undefined); // The time is committed, the completion cannot be.
  await api.database.query('ALTER TABLE completions_away RENAME TO completions');
  await api.app.get(ViewingSweeper).sweep();
  expect(await account(person)).toMatchObject({ watchedMs: 60_000, postedSeconds: 60 });
});

it('a clock set back an hour and forward again gives nothing for free', async () => {
  const { person, viewer } = await begin(120_000);
  await viewer.play(0, 20_000);
  api.advance(-3_600_000);
  valueOf(
    await viewer.send(viewer.beat([played(20_000, 40_000, 20_000, 40_000)], viewer.proofs(20_000, 40_000))),
  );
  await api.app.get(ViewingSweeper).sweep();
  expect(await account(person)).toMatchObject({ watchedMs: 20_000 });
  api.advance(3_600_000);
  await viewer.play(20_000, 40_000);
  expect(await viewer.sums()).toEqual({ counted: 40_000 });
});

it('an entry that was tampered with shows, also when the owner of the database did it', async () => {
  const { viewer } = await begin(60_000);
  await viewer.play(0, 60_000);
  expect((await audit()).chain.verified).toBe(true);
  const { rows } = await api.database.query<{ id: string }>(
    "SELECT e.id FROM ledger_entries e WHERE asset = 'class-time' ORDER BY id DESC LIMIT 1",
  );
  const tamper = async (sql: string): Promise<void> => {
    await api.database.query('ALTER TABLE ledger_entries DISABLE TRIGGER USER');
    await api.database.query(sql, [rows[0]?.id]);
    await api.database.query('ALTER TABLE ledger_entries ENABLE TRIGGER USER');
  };
  await tamper('UPDATE ledger_entries SET booked_at_ms = booked_at_ms + 1 WHERE id = $1');
  expect((await audit()).chain).toMatchObject({ verified: false, brokenAt: rows[0]?.id });
  await tamper('UPDATE ledger_entries SET booked_at_ms = booked_at_ms - 1 WHERE id = $1');
  expect((await audit()).chain.verified).toBe(true);
});

it('a certificate whose facts were changed is not valid', async () => {
  const { viewer } = await begin(60_000);
  await viewer.play(0, 60_000);
  const { items } = await viewer.get<{ items: { number: string }[] }>('/api/me/certificates');
  const number = items[0]?.number ?? '';
  await api.database.query('UPDATE certificates SET seconds = 99999 WHERE number = $1', [number]);
  expect(await request(api.origin, null, 'GET', `/api/certificates/${number}`)).toMatchObject({
    signatureValid: false,
  });
  expect(await request(api.origin, null, 'GET', '/api/certificates/YK-2026-2222222222')).toMatchObject({
    status: 'unknown',
    maskedName: null,
    qrSvg: null,
  });
});
