import { ABSENT_MS } from '@yike/contracts/absence';
import { KEY_INFO } from '@yike/contracts/control/commands';
import type { Broadcast, JoinTicket } from '@yike/contracts/http/broadcasts';
import type { Lecture } from '@yike/contracts/http/lectures';
import type { BroadcastNews, Reply } from '@yike/contracts/realtime/viewing';
import { TicketClaims } from '@yike/contracts/signaling/room';
import { jwtVerify } from 'jose';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { deriveKey } from '../../platform/crypto/secrets.ts';
import { type ApiUnderTest, NODE_SECRET, startApi } from '../../testing/api-under-test.ts';
import { FakeMediaNode } from '../../testing/fake-media-node.ts';
import { planLecture } from '../../testing/lectures.ts';
import type { Visitor } from '../../testing/visitor.ts';

let api: ApiUnderTest;
let node: FakeMediaNode;
let lecturer: Visitor;
let resident: Visitor;
let lecture: Lecture;

beforeAll(async () => {
  api = await startApi();
  node = await FakeMediaNode.create(api.url);
  lecturer = await api.signedIn('lecturer');
  resident = await api.signedIn('resident');
});
beforeEach(async () => {
  node.status = 200;
  await node.heartbeat();
  lecture = await planLecture(lecturer);
});
afterAll(async () => {
  await node.close();
  await api.close();
});

const start = () => lecturer.post<Broadcast>(`/api/lectures/${lecture.id}/broadcast`);
async function goLive(): Promise<Broadcast> {
  const { body } = await start();
  const joined = node.event<'publisher.joined'>(idsOf(body), { type: 'publisher.joined', atMs: Date.now() });
  expect((await node.deliver([joined])).accepted).toEqual([joined.id]);
  return body;
}
const idsOf = ({ id, recordingId }: Broadcast) => ({ broadcastId: id, recordingId });
const stateOf = async ({ id }: Broadcast) =>
  (await resident.get<Broadcast>(`/api/broadcasts/${id}`)).body.state;
const commandsFor = ({ id }: Broadcast) => node.commands.filter(({ broadcastId }) => broadcastId === id);

describe('going on air', () => {
  it('opens a room on the least loaded node, once, and is live with the first publisher', async () => {
    const busy = await FakeMediaNode.create(api.url, 'busy');
    await busy.heartbeat({ load: 0.9 });
    const first = await start();
    const second = await start();
    expect(first).toMatchObject({ status: 200, body: { state: 'scheduled', endingAt: null, viewers: 0 } });
    expect(second.body).toEqual(first.body);
    expect(Math.abs(Date.parse(first.body.absentUntil ?? '') - Date.now() - ABSENT_MS)).toBeLessThan(60_000);
    expect(busy.commands).toEqual([]);
    expect(commandsFor(first.body)[0]).toEqual({
      broadcastId: first.body.id,
      recordingId: first.body.recordingId,
      state: 'open',
      firstEpoch: 0,
      timelineZeroAtMs: null,
      closeReason: null,
    });
    await busy.heartbeat({ state: 'draining' });
    await busy.close();
    expect(await node.heartbeat()).toContainEqual(commandsFor(first.body)[0]);

    await node.deliver([node.event(idsOf(first.body), { type: 'publisher.joined', atMs: Date.now() })]);
    const shown = await api.visitor().get<Lecture>(`/api/lectures/${lecture.id}`);
    expect(shown.body).toMatchObject({
      state: 'live',
      broadcastId: first.body.id,
      liveSince: expect.any(String) as string,
    });
    const live = await api.visitor().get<{ items: Lecture[] }>('/api/lectures?when=live');
    expect(live.body.items.map(({ id }) => id)).toContain(lecture.id);
  });

  it('moves to another node when its own falls silent, with a higher block of epochs', async () => {
    const broadcast = await goLive();
    const other = await FakeMediaNode.create(api.url, 'other');
    await other.heartbeat({ load: 0.5 });
    await api.sql(`UPDATE media_nodes SET seen_at = now() - interval '16 s' WHERE id = 'node-1'`);
    expect((await start()).body.id).toBe(broadcast.id);
    expect(other.commands).toMatchObject([{ broadcastId: broadcast.id, firstEpoch: 1_000 }]);
    expect((await node.heartbeat()).map(({ broadcastId }) => broadcastId)).not.toContain(broadcast.id);
    await lecturer.post(`/api/broadcasts/${broadcast.id}/end`, { now: true });
    await other.heartbeat({ state: 'draining' });
    await other.close();
  });

  it('leaves a node that goes down with the next page that asks the way', async () => {
    const broadcast = await goLive();
    const path = `/api/broadcasts/${broadcast.id}/join`;
    await node.heartbeat({ state: 'draining' });
    expect(await lecturer.refusal('POST', path, { as: 'publisher' })).toBe('no-media-node');
    const other = await FakeMediaNode.create(api.url, 'other');
    await other.heartbeat();
    const ways = await Promise.all(
      ['publisher', 'viewer', 'viewer'].map((as) =>
        (as === 'publisher' ? lecturer : resident).post<JoinTicket>(path, { as }),
      ),
    );
    expect(new Set(ways.map(({ body }) => body.socketPath))).toEqual(new Set(['/media/other/socket.io']));
    expect(other.commands[0]).toMatchObject({ broadcastId: broadcast.id, state: 'open', firstEpoch: 1_000 });
    expect((await node.heartbeat()).map(({ broadcastId }) => broadcastId)).not.toContain(broadcast.id);
    await lecturer.post(`/api/broadcasts/${broadcast.id}/end`, { now: true });
    await other.heartbeat({ state: 'draining' });
    await other.close();
  });

  it('says so when no node is there, and works later', async () => {
    await api.sql(`UPDATE media_nodes SET seen_at = now() - interval '16 s'`);
    expect(await start()).toMatchObject({ status: 503, body: { code: 'no-media-node' } });
    await node.heartbeat();
    node.status = 500;
    expect(await start()).toMatchObject({ status: 503, body: { code: 'no-media-node' } });
    node.status = 200;
    expect((await start()).status).toBe(200);
  });

  it('is for its lecturer, and not for a cancelled lecture', async () => {
    expect(await resident.refusal('POST', `/api/lectures/${lecture.id}/broadcast`)).toBe('forbidden');
    await api.sql(
      `UPDATE lectures SET lecturer_id = (SELECT id FROM users WHERE username = 'admin') WHERE id = $1`,
      [lecture.id],
    );
    expect(await lecturer.refusal('POST', `/api/lectures/${lecture.id}/broadcast`)).toBe('forbidden');
    lecture = await planLecture(lecturer);
    expect((await lecturer.send('DELETE', `/api/lectures/${lecture.id}`)).status).toBe(204);
    expect(await lecturer.refusal('POST', `/api/lectures/${lecture.id}/broadcast`)).toBe('wrong-state');
  });

  it('fixes the plan', async () => {
    await start();
    const { title, summary, topic, startsAt, plannedMinutes } = lecture;
    const plan = { title, summary, topic, startsAt, plannedMinutes };
    expect(await lecturer.refusal('PUT', `/api/lectures/${lecture.id}`, plan)).toBe('lecture-not-editable');
    expect(await lecturer.refusal('DELETE', `/api/lectures/${lecture.id}`)).toBe('lecture-not-editable');
  });
});

describe('joining', () => {
  const claimsOf = async (token: string) =>
    TicketClaims.parse((await jwtVerify(token, deriveKey(NODE_SECRET, KEY_INFO.join))).payload);

  it('gives a ticket of 60 s for the media node', async () => {
    const broadcast = await goLive();
    const publisher = await lecturer.post<JoinTicket>(`/api/broadcasts/${broadcast.id}/join`, {
      as: 'publisher',
    });
    expect(publisher.body).toMatchObject({
      socketPath: '/media/node-1/socket.io',
      origin: null,
      mayPublish: true,
    });
    const claims = await claimsOf(publisher.body.token);
    expect(claims).toMatchObject({ use: 'join', broadcastId: broadcast.id, mayPublish: true });
    expect(Math.abs(claims.exp - Date.now() / 1_000 - 60)).toBeLessThan(2);

    const studioId = '6f1c9f0e-55a8-4d0c-9d2c-0d9a4ad7b7b1';
    const ask = { as: 'publisher', studioId };
    const again = await lecturer.post<JoinTicket>(`/api/broadcasts/${broadcast.id}/join`, ask);
    expect((await claimsOf(again.body.token)).peerId).toBe(`studio:${studioId}`);

    const opened = await resident.post<{ id: string }>('/api/playbacks', {
      mode: 'webrtc',
      broadcastId: broadcast.id,
    });
    const ticket = { as: 'viewer', playbackId: opened.body.id };
    const viewer = await resident.post<JoinTicket>(`/api/broadcasts/${broadcast.id}/join`, ticket);
    expect(await claimsOf(viewer.body.token)).toMatchObject({
      mayPublish: false,
      playbackId: opened.body.id,
    });

    const other = await api.signedIn('resident2');
    expect(await other.refusal('POST', `/api/broadcasts/${broadcast.id}/join`, ticket)).toBe('not-found');
  });

  it('is refused to strangers, too early, too late and to other publishers', async () => {
    const { body: broadcast } = await start();
    const path = `/api/broadcasts/${broadcast.id}/join`;
    expect(await api.visitor().refusal('POST', path, { as: 'viewer' })).toBe('not-signed-in');
    expect(await resident.refusal('POST', path, { as: 'viewer' })).toBe('broadcast-not-live');
    expect(await resident.refusal('POST', path, { as: 'publisher' })).toBe('forbidden');
    expect(await resident.refusal('POST', path, { as: 'director' })).toBe('invalid-request');
    await lecturer.post(`/api/broadcasts/${broadcast.id}/end`, { now: true });
    expect(await resident.refusal('POST', path, { as: 'viewer' })).toBe('broadcast-ended');
  });

  it('is refused to viewers when the node is full', async () => {
    const broadcast = await goLive();
    await node.heartbeat({ load: 1 });
    const path = `/api/broadcasts/${broadcast.id}/join`;
    expect(await resident.refusal('POST', path, { as: 'viewer' })).toBe('node-full');
    expect((await lecturer.post(path, { as: 'publisher' })).status).toBe(200);
  });
});

describe('ending', () => {
  it('waits 30 s', async () => {
    const broadcast = await goLive();
    const ending = await lecturer.post<Broadcast>(`/api/broadcasts/${broadcast.id}/end`, {});
    expect(ending.body.state).toBe('ending');
    expect(Math.abs(Date.parse(ending.body.endingAt ?? '') - Date.now() - 30_000)).toBeLessThan(2_000);
  });

  it('undone is live again', async () => {
    const broadcast = await goLive();
    const path = `/api/broadcasts/${broadcast.id}`;
    await lecturer.post(`${path}/end`, {});
    expect((await lecturer.post<Broadcast>(`${path}/undo-end`)).body).toMatchObject({
      state: 'live',
      endingAt: null,
    });
    expect(await lecturer.refusal('POST', `${path}/undo-end`)).toBe('wrong-state');
  });

  it('closes by the ticker, and tells the node', async () => {
    const broadcast = await goLive();
    await lecturer.post(`/api/broadcasts/${broadcast.id}/end`, {});
    await api.sql('UPDATE broadcasts SET ending_at = now() WHERE id = $1', [broadcast.id]);
    await vi.waitFor(async () => expect(await stateOf(broadcast)).toBe('ended'), { timeout: 4_000 });
    await vi.waitFor(() =>
      expect(commandsFor(broadcast).at(-1)).toMatchObject({ state: 'closed', closeReason: 'ended' }),
    );
    expect(await lecturer.refusal('POST', `/api/broadcasts/${broadcast.id}/undo-end`)).toBe(
      'broadcast-ended',
    );
    expect(await lecturer.refusal('POST', `/api/lectures/${lecture.id}/broadcast`)).toBe('broadcast-ended');
  });

  it('comes by itself after half an hour without a publisher', async () => {
    const broadcast = await goLive();
    await node.deliver([node.event(idsOf(broadcast), { type: 'publisher.left', atMs: Date.now() })]);
    expect(await stateOf(broadcast)).toBe('interrupted');
    await api.sql(`UPDATE broadcasts SET publisher_since = now() - interval '30 min' WHERE id = $1`, [
      broadcast.id,
    ]);
    await vi.waitFor(async () => expect(await stateOf(broadcast)).toBe('ended'), { timeout: 4_000 });
  });

  it('is told again with each heartbeat to a node that did not hear it', async () => {
    const broadcast = await goLive();
    node.status = 500;
    await lecturer.post(`/api/broadcasts/${broadcast.id}/end`, { now: true });
    const wanted = (await node.heartbeat()).find(({ broadcastId }) => broadcastId === broadcast.id);
    expect(wanted).toMatchObject({ state: 'closed', closeReason: 'ended' });
  });

  it('is forced by an administrator, and by nobody else', async () => {
    const broadcast = await goLive();
    const path = `/api/broadcasts/${broadcast.id}/stop`;
    expect(await lecturer.refusal('POST', path, { reason: 'no' })).toBe('forbidden');
    const admin = await api.signedIn('admin');
    expect(await admin.refusal('POST', path, { reason: '' })).toBe('invalid-request');
    const began = Date.now();
    expect((await admin.post<Broadcast>(path, { reason: '内容不当' })).body.state).toBe('ended');
    await vi.waitFor(() => expect(commandsFor(broadcast).at(-1)).toMatchObject({ closeReason: 'stopped' }));
    expect(Date.now() - began).toBeLessThan(2_000);
  });
});

describe('following', () => {
  const follow = (socket: Socket, broadcastId: string) =>
    socket.emitWithAck('broadcast:follow', { broadcastId }) as Promise<Reply<BroadcastNews>>;

  it('anyone is told how it goes on', async () => {
    const broadcast = await goLive();
    const socket = io(api.url, { path: '/api/socket.io', transports: ['websocket'] });
    try {
      expect(await follow(socket, broadcast.id)).toMatchObject({
        ok: true,
        value: { state: 'live', viewers: 0 },
      });
      const news: BroadcastNews[] = [];
      socket.on('broadcast:news', (each: BroadcastNews) => news.push(each));
      await node.deliver([
        node.event<'room.viewers'>(idsOf(broadcast), { type: 'room.viewers', viewers: 7, atMs: Date.now() }),
      ]);
      await lecturer.post(`/api/broadcasts/${broadcast.id}/end`, { now: true });
      await vi.waitFor(() =>
        expect(news.map(({ state, viewers }) => [state, viewers])).toEqual([
          ['live', 7],
          ['ended', 0],
        ]),
      );
      expect(await follow(socket, 'nonsense')).toMatchObject({
        ok: false,
        problem: { code: 'invalid-request' },
      });
    } finally {
      socket.close();
    }
  });

  it('a page of another origin gets no socket', async () => {
    const socket = io(api.url, {
      path: '/api/socket.io',
      transports: ['websocket'],
      reconnection: false,
      extraHeaders: { origin: 'https://evil.example' },
    });
    const isRefused = await new Promise<boolean>((resolve) => {
      socket.on('connect_error', () => resolve(true));
      socket.on('connect', () => resolve(false));
    });
    expect(isRefused).toBe(true);
    socket.close();
  });

  it('ends with the session', async () => {
    const person = await api.signedIn('resident');
    const socket = io(api.url, {
      path: '/api/socket.io',
      transports: ['websocket'],
      reconnection: false,
      extraHeaders: { cookie: person.cookie },
    });
    await new Promise<void>((resolve) => socket.on('connect', () => resolve()));
    const gone = new Promise<void>((resolve) => socket.on('disconnect', () => resolve()));
    await person.send('DELETE', '/api/session');
    await gone;
  });
});
