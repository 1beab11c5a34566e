import type { MediaEvent } from '@yike/contracts/control/events';
import type { Course } from '@yike/contracts/http/library';
import type { Lecture } from '@yike/contracts/http/lectures';
import { EventId, newId } from '@yike/contracts/ids';
import { manifestKey, recordingPlace } from '@yike/storage/keys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rebuildIndex } from '../backup/rebuild-index.ts';
import { deriveKey } from '../platform/crypto/secrets.ts';
import { type ApiUnderTest, startApi } from '../testing/api-under-test.ts';
import { FakeMediaNode } from '../testing/fake-media-node.ts';
import {
  completedEvent,
  liveLecture,
  type LiveLecture,
  replayOf,
  storedEvent,
  storeEpochs,
} from '../testing/recorded-lecture.ts';
import type { Visitor } from '../testing/visitor.ts';

let api: ApiUnderTest;
let node: FakeMediaNode;
let lecturer: Visitor;

beforeAll(async () => {
  api = await startApi();
  node = await FakeMediaNode.create(api.url);
  lecturer = await api.signedIn('lecturer');
});
afterAll(async () => {
  await node.close();
  await api.close();
});

const lectureOf = async ({ lecture }: LiveLecture) =>
  (await lecturer.get<Lecture>(`/api/lectures/${lecture.id}`)).body;
const courseOf = async (live: LiveLecture) =>
  (await lecturer.get<Course>(`/api/courses/${(await lectureOf(live)).replayCourseId}`)).body;
const recordedOf = async ({ ids }: LiveLecture) =>
  (await api.sql<{ recorded: string }>('SELECT recorded FROM timelines WHERE id = $1', [ids.recordingId]))[0]
    ?.recorded;

describe('a request of a node', () => {
  it.each([
    { name: 'signed with another key', key: deriveKey('another secret of thirty-two chars', 'yike/control') },
    { name: 'signed for joining', key: deriveKey('the media nodes secret of the tests', 'yike/join') },
  ])('$name is refused', async ({ key }) => {
    const answer = await node.send('POST', '/api/internal/media-events', { events: [] }, key);
    expect(answer.status).toBe(401);
  });

  it('without a signature is refused, whoever is signed in', async () => {
    const admin = await api.signedIn('admin');
    expect(await admin.refusal('POST', '/api/internal/media-events', { events: [] })).toBe(
      'signature-invalid',
    );
    expect(await admin.refusal('PUT', `/api/internal/media-nodes/${node.id}`, {})).toBe('signature-invalid');
  });

  it('in the name of another node is refused', async () => {
    const answer = await node.send('PUT', '/api/internal/media-nodes/other', {
      nodeId: node.id,
      controlUrl: node.controlUrl,
      socketPath: '/',
      publicOrigin: null,
      state: 'ready',
      load: 0,
      startedAtMs: 0,
    });
    expect(answer.status).toBe(400);
  });
});

describe('events', () => {
  it('come at least once and in any order, and mean the same', async () => {
    const live = await liveLecture(node, lecturer);
    const [epoch] = await storeEpochs(api, live, [{ epoch: 0, startMs: 0, segments: 3 }]);
    const whole = storedEvent(node, live, epoch!);
    const events: MediaEvent[] = [
      whole,
      { ...whole, id: newId(EventId) },
      node.event<'publisher.left'>(live.ids, { type: 'publisher.left', atMs: Date.now() - 50_000 }),
      node.event<'recording.epoch-started'>(live.ids, {
        type: 'recording.epoch-started',
        atMs: Date.now(),
        timelineZeroAtMs: live.zeroAtMs + 5,
        epochStartMs: 0,
      }),
    ];
    for (const batch of [events, events, events.toReversed()]) {
      const reply = await node.deliver(batch);
      expect(reply).toEqual({ accepted: batch.map(({ id }) => id), refused: [] });
    }
    expect(await recordedOf(live)).toBe('{[0,12000)}');
    expect((await lectureOf(live)).state).toBe('live');
    const [timeline] = await api.sql('SELECT zero_at_ms::float8 AS zero FROM timelines WHERE id = $1', [
      live.ids.recordingId,
    ]);
    expect(timeline).toEqual({ zero: live.zeroAtMs });
  });

  it('a poisonous one is parked, and keeps back no other', async () => {
    const live = await liveLecture(node, lecturer);
    const good = node.event<'room.viewers'>(live.ids, { type: 'room.viewers', viewers: 3, atMs: Date.now() });
    const shapeless = { id: newId(EventId), type: 'room.viewers', viewers: -1 };
    const foreign = { ...good, id: newId(EventId), recordingId: newId(EventId) };
    const reply = await node.deliver([shapeless, foreign, good]);
    expect(reply.accepted).toEqual([good.id]);
    expect(reply.refused.map(({ id }) => id)).toEqual([shapeless.id, foreign.id]);
    const parked = await api.sql('SELECT payload FROM inbox_events WHERE id = $1', [shapeless.id]);
    expect(parked).toEqual([{ payload: shapeless }]);
    expect((await lectureOf(live)).viewers).toBe(3);
  });
});

describe('the end of a recording', () => {
  it('is known from the manifests alone: gap, fence and trim', async () => {
    const live = await liveLecture(node, lecturer, 40_000);
    const epochs = await storeEpochs(api, live, [
      { epoch: 0, startMs: 0, segments: 4 },
      // The old recorder woke up: what it wrote after the next epoch began is not of the lecture.
      { epoch: 1, startMs: 20_000, segments: 6 },
      { epoch: 1_000, startMs: 36_000, segments: 3 },
    ]);
    await lecturer.post(`/api/broadcasts/${live.broadcast.id}/end`, {});
    await lecturer.post(`/api/broadcasts/${live.broadcast.id}/end`, { now: true });
    const trimAt = Date.now();
    const completed = completedEvent(node, live, epochs);
    expect((await node.deliver([completed, { ...completed, id: newId(EventId) }])).refused).toEqual([]);

    expect(await recordedOf(live)).toBe('{[0,16000),[20000,48000)}');
    const course = await courseOf(live);
    expect(course).toMatchObject({
      origin: 'replay',
      lectureId: live.lecture.id,
      lecturerName: '陈老师',
      givesCertificate: true,
    });
    expect(course.units).toHaveLength(1);
    expect(Math.abs((course.units[0]?.durationMs ?? 0) - (trimAt - live.zeroAtMs))).toBeLessThan(3_000);
    expect(course.units[0]?.recorded[0]).toEqual({ fromMs: 0, toMs: 16_000 });
    expect((await node.heartbeat()).map(({ broadcastId }) => broadcastId)).not.toContain(live.broadcast.id);
    const rows = await api.sql<{ n: number }>(
      'SELECT count(*)::int AS n FROM courses WHERE lecture_id = $1',
      [live.lecture.id],
    );
    expect(rows[0]?.n).toBe(1);
  });

  it('replaces what the events had told before', async () => {
    const live = await liveLecture(node, lecturer);
    const [full] = await storeEpochs(api, live, [{ epoch: 0, startMs: 0, segments: 5 }]);
    await node.deliver([storedEvent(node, live, full!)]);
    const [less] = await storeEpochs(api, live, [{ epoch: 0, startMs: 0, segments: 2 }]);
    await node.deliver([completedEvent(node, live, [less!])]);
    expect(await recordedOf(live)).toBe('{[0,8000)}');
    expect((await lectureOf(live)).state).toBe('ended');
    expect((await node.deliver([{ ...storedEvent(node, live, full!) }])).refused).toEqual([]);
    expect(await recordedOf(live)).toBe('{[0,8000)}');
  });

  it('of a recording without media leaves no course', async () => {
    const replay = await replayOf(api, node, lecturer, []);
    expect(replay.courseId).toBe('');
    expect((await lectureOf(replay)).state).toBe('ended');
  });

  it('whose node was lost with its spool: the index is rebuilt, then a node with an empty spool closes it', async () => {
    const live = await liveLecture(node, lecturer);
    await storeEpochs(api, live, [
      { epoch: 0, startMs: 0, segments: 3 },
      { epoch: 1, startMs: 20_000, segments: 2 },
    ]);
    await rebuildIndex(api.ownerUrl, api.store);
    await node.deliver([completedEvent(node, live, [])]);
    expect(await recordedOf(live)).toBe('{[0,12000),[20000,28000)}');
    expect((await courseOf(live)).units[0]?.recorded).toHaveLength(2);
  });

  it.each([
    { name: 'missing', spoil: (key: string) => api.store.delete(key) },
    { name: 'another one', spoil: (key: string) => api.store.put(key, Buffer.from('{}')) },
  ])('is parked when a manifest is $name', async ({ spoil }) => {
    const live = await liveLecture(node, lecturer);
    const epochs = await storeEpochs(api, live, [{ epoch: 0, startMs: 0, segments: 1 }]);
    await spoil(manifestKey(recordingPlace(live.ids.recordingId, 0)));
    const completed = completedEvent(node, live, epochs);
    expect(await node.deliver([completed])).toMatchObject({ accepted: [], refused: [{ id: completed.id }] });
    expect((await lectureOf(live)).replayCourseId).toBeNull();
  });
});
