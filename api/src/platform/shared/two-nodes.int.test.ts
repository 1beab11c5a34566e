import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { BroadcastNews } from '@yike/contracts/realtime/viewing';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startTestRedis, type TestRedis } from '../../../../scripts/testing/redis.ts';
import { createApp } from '../../create-app.ts';
import { migrate } from '../../database/migrate.ts';
import { BroadcastsService } from '../../features/broadcasts/broadcasts.service.ts';
import { played, request, valueOf, Viewer } from '../../features/viewing/testing/viewer.ts';
import { startApp, type TestPerson, ViewingApi } from '../../features/viewing/testing/viewing-api.ts';
import { ViewingSweeper } from '../../features/viewing/viewing-sweeper.ts';
import { Clock } from '../clock.ts';
import { ReadinessChecks } from '../health/readiness.ts';
import { RateLimits } from './rate-limits.ts';

const MINUTE_MS = 60_000;

/** The database and the clock; and on them two nodes that share a Redis. */
let api: ViewingApi;
let redis: TestRedis;
let nodes: [NestFastifyApplication, NestFastifyApplication];
let origins: [string, string];
const sockets: { disconnect(): unknown }[] = [];

beforeAll(async () => {
  [api, redis] = await Promise.all([ViewingApi.start({ createApp, migrate, Clock }), startTestRedis()]);
  const start = () => startApp(createApp, { ...api.config, REDIS_URL: redis.url }, Clock, api.time);
  nodes = [await start(), await start()];
  origins = [await nodes[0].getUrl(), await nodes[1].getUrl()];
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await Promise.all([api.close(), redis.stop()]);
});

const redisIsUp = async (node: 0 | 1): Promise<boolean | undefined> =>
  (await nodes[node].get(ReadinessChecks).run()).checks.find(({ name }) => name === 'redis')?.isUp;

async function open(
  node: 0 | 1,
  person: TestPerson,
  what: Parameters<typeof Viewer.open>[2],
): Promise<Viewer> {
  const viewer = await Viewer.open(api, person, what, origins[node]);
  sockets.push(viewer.socket);
  return viewer;
}

it('both find Redis, after they have started', async () => {
  await expect.poll(() => redisIsUp(0)).toBe(true);
  await expect.poll(() => redisIsUp(1)).toBe(true);
});

it('who presses Play at one node is told at the other that the lease is lost', async () => {
  const [person, unit] = [await api.person(), await api.unit(MINUTE_MS)];
  const [phone, desk] = [await open(0, person, unit), await open(1, person, unit)];
  valueOf(await phone.pressPlay());
  valueOf(await desk.pressPlay());
  await expect.poll(() => phone.lost).toEqual([phone.id]);
});

it('one session through both nodes, every beat through each: one verdict, posted once', async () => {
  const [person, unit] = [await api.person(), await api.unit(MINUTE_MS)];
  const here = await open(0, person, unit);
  const there = await open(1, person, unit);
  valueOf(await here.pressPlay());
  for (let fromMs = 0; fromMs < MINUTE_MS; fromMs += 10_000) {
    await here.requestSegments(fromMs, fromMs + 10_000);
    const clockFromMs = here.clockMs;
    api.advance(10_000);
    const span = played(clockFromMs, here.clockMs, fromMs, fromMs + 10_000);
    const beat = here.beat([span], here.proofs(fromMs, fromMs + 10_000));
    // The page's acknowledgement got lost; it sends again, and the proxy chose the other node.
    const [first, second] = await Promise.all([here.send(beat), there.send(beat)]);
    expect(valueOf(first).acknowledged).toEqual(valueOf(second).acknowledged);
    await Promise.all(nodes.map((node) => node.get(ViewingSweeper).sweep()));
  }
  const summaries = await Promise.all(
    origins.map((origin) => request(origin, person, 'GET', `/api/playbacks/${here.id}/summary`)),
  );
  expect(summaries[0]).toMatchObject({ watchedMs: MINUTE_MS, validMs: MINUTE_MS, completed: true });
  expect(summaries[1]).toEqual(summaries[0]);
  await here.leave();
  expect(await here.sums()).toEqual({ counted: MINUTE_MS });
  const { rows } = await api.database.query<{ entries: number; certificates: number }>(
    `SELECT (SELECT count(*)::int FROM ledger_entries e WHERE e.evidence ->> 'lineageId' = $1 AND e.asset = 'class-time') AS entries,
       (SELECT count(*)::int FROM certificates WHERE user_id = $2) AS certificates`,
    [unit.lineageId, person.id],
  );
  expect(rows).toEqual([{ entries: 1, certificates: 1 }]);
});

it('news of a broadcast that one node makes reaches the followers at the other', async () => {
  const { broadcastId } = await api.broadcast(0);
  const heard: BroadcastNews[] = [];
  for (const origin of origins) {
    const socket = io(origin, { path: '/api/socket.io', transports: ['websocket'], forceNew: true });
    sockets.push(socket);
    socket.on('broadcast:news', (news: BroadcastNews) => heard.push(news));
    expect(await socket.emitWithAck('broadcast:follow', { broadcastId })).toMatchObject({ ok: true });
  }
  await nodes[0].get(BroadcastsService).announce(broadcastId);
  await expect.poll(() => heard.map((news) => news.broadcastId)).toEqual([broadcastId, broadcastId]);
});

it('who signs out at one node is signed out of the sockets at the other', async () => {
  const [person, unit] = [await api.person(), await api.unit(MINUTE_MS)];
  const viewer = await open(1, person, unit);
  valueOf(await viewer.pressPlay());
  await request(origins[0], person, 'DELETE', '/api/session');
  await expect.poll(() => viewer.socket.connected).toBe(false);
});

it('what is due is closed by one of them', async () => {
  const { broadcastId } = await api.broadcast(0);
  await api.database.query("UPDATE broadcasts SET state = 'ending', ending_at = $2 WHERE id = $1", [
    broadcastId,
    new Date(api.time.nowMs - 1),
  ]);
  const closed = await Promise.all(
    nodes.flatMap((node) => [node.get(BroadcastsService).closeDue(), node.get(BroadcastsService).closeDue()]),
  );
  // Their own tickers take part as well.
  expect(closed.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(1);
  await expect.poll(() => nodes[1].get(BroadcastsService).get(broadcastId)).toMatchObject({ state: 'ended' });
});

it('a limit is one for both; while Redis is away each node has its own, and still serves', async () => {
  const limit = { name: 'test', points: 2, seconds: 60 };
  const [here, there] = [nodes[0].get(RateLimits).create(limit), nodes[1].get(RateLimits).create(limit)];
  await here.consume('key');
  await there.consume('key');
  for (const each of [here, there]) await expect(each.consume('key')).rejects.toThrow('too many requests');
  await here.giveBack('key');
  await here.forget('key');
  await there.consume('key');

  await redis.kill();
  await expect.poll(() => redisIsUp(0)).toBe(false);
  await expect.poll(() => redisIsUp(1)).toBe(false);
  expect((await nodes[0].get(ReadinessChecks).run()).status).toBe('degraded');
  for (const each of [here, there]) {
    await each.consume('other');
    await each.consume('other');
    await expect(each.consume('other')).rejects.toThrow('too many requests');
  }
  const [person, unit] = [await api.person(), await api.unit(MINUTE_MS)];
  valueOf(await (await open(0, person, unit)).pressPlay());

  await redis.restart();
  await expect.poll(() => redisIsUp(0), { timeout: 10_000 }).toBe(true);
  await expect.poll(() => redisIsUp(1), { timeout: 10_000 }).toBe(true);
  const phone = await open(1, person, unit);
  await expect
    .poll(
      async () => {
        valueOf(await phone.pressPlay());
        valueOf(await (await open(0, person, unit)).pressPlay());
        return phone.lost.length;
      },
      { timeout: 10_000 },
    )
    .toBeGreaterThan(0);
});
