import type { Broadcast } from '@yike/contracts/http/broadcasts';
import type { Lecture } from '@yike/contracts/http/lectures';
import type { ApiUnderTest } from './api-under-test.ts';
import { type EpochPlan, type FakeMediaNode, storeEpoch, type StoredEpoch } from './fake-media-node.ts';
import { planLecture } from './lectures.ts';
import type { Visitor } from './visitor.ts';

/** A lecture that is on air since `zeroAtMs`, with nothing recorded yet. */
export interface LiveLecture {
  readonly lecture: Lecture;
  readonly broadcast: Broadcast;
  readonly ids: { broadcastId: Broadcast['id']; recordingId: Broadcast['recordingId'] };
  /** Wall clock of timeline 0. */
  readonly zeroAtMs: number;
}

/** @param agoMs how long ago its media began */
export async function liveLecture(
  node: FakeMediaNode,
  lecturer: Visitor,
  agoMs = 60_000,
): Promise<LiveLecture> {
  await node.heartbeat();
  const lecture = await planLecture(lecturer);
  const { body: broadcast } = await lecturer.post<Broadcast>(`/api/lectures/${lecture.id}/broadcast`);
  const ids = { broadcastId: broadcast.id, recordingId: broadcast.recordingId };
  await node.deliver([node.event<'publisher.joined'>(ids, { type: 'publisher.joined', atMs: Date.now() })]);
  return { lecture, broadcast, ids, zeroAtMs: Date.now() - agoMs };
}

/** Puts epochs into storage. */
export const storeEpochs = (
  api: ApiUnderTest,
  { broadcast, zeroAtMs }: LiveLecture,
  plans: readonly EpochPlan[],
): Promise<StoredEpoch[]> =>
  Promise.all(plans.map((plan) => storeEpoch(api.store, broadcast.recordingId, zeroAtMs, plan)));

/** The event that tells of the end. */
export const completedEvent = (
  node: FakeMediaNode,
  { ids, zeroAtMs }: LiveLecture,
  epochs: readonly StoredEpoch[],
) =>
  node.event<'recording.completed'>(ids, {
    type: 'recording.completed',
    atMs: Date.now(),
    timelineZeroAtMs: zeroAtMs,
    degraded: false,
    epochs: epochs.map(({ manifest, manifestKey, manifestSha256 }) => ({
      epoch: manifest.epoch,
      manifestKey,
      manifestSha256,
      segments: (manifest.tracks.video?.segments.length ?? 0) + (manifest.tracks.audio?.segments.length ?? 0),
    })),
  });

/** The events that tell what is stored, while it runs. */
export const storedEvent = (
  node: FakeMediaNode,
  { ids, zeroAtMs }: LiveLecture,
  { manifest }: StoredEpoch,
) => {
  const tracks = (['video', 'audio'] as const).flatMap((kind) => {
    const track = manifest.tracks[kind];
    if (track === undefined) return [];
    const { segments, ...facts } = track;
    return [{ kind, track: facts, segments }];
  });
  const body = {
    type: 'recording.segments-stored' as const,
    atMs: Date.now(),
    timelineZeroAtMs: zeroAtMs,
    tracks,
  };
  return node.event<'recording.segments-stored'>(ids, body, manifest.epoch);
};

/** Ends it, and waits for nothing: returns the course of its replay. */
export async function replayOf(
  api: ApiUnderTest,
  node: FakeMediaNode,
  lecturer: Visitor,
  plans: readonly EpochPlan[],
): Promise<LiveLecture & { courseId: string }> {
  const live = await liveLecture(node, lecturer);
  const epochs = await storeEpochs(api, live, plans);
  await lecturer.post(`/api/broadcasts/${live.broadcast.id}/end`, { now: true });
  await node.deliver([completedEvent(node, live, epochs)]);
  const { body } = await lecturer.get<Lecture>(`/api/lectures/${live.lecture.id}`);
  return { ...live, courseId: body.replayCourseId ?? '' };
}
