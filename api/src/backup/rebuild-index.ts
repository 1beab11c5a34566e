import { createHash } from 'node:crypto';
import { EpochManifest } from '@yike/contracts/control/manifest';
import { LineageId } from '@yike/contracts/ids';
import { parseManifestKey } from '@yike/storage/keys';
import type { ObjectStore } from '@yike/storage/object-store';
import { pino } from 'pino';
import { createDataSource } from '../database/data-source.ts';
import { CaptionsRepository } from '../features/timelines/captions.repository.ts';
import { type ReadManifest, TimelineRecorder } from '../features/timelines/timeline-recorder.ts';
import { TimelinesRepository } from '../features/timelines/timelines.repository.ts';
import { UnitOfWork } from '../platform/database/unit-of-work.ts';
import { manifestKeys } from './manifests.ts';
import { rebuildCaptions } from './rebuild-captions.ts';

export interface Rebuilt {
  readonly timelines: number;
  readonly epochs: number;
  readonly segments: number;
  readonly captions: number;
  /** Manifests that could not be read, and why. */
  readonly unreadable: readonly string[];
}

/**
 * Makes the index of recordings, epochs and segments anew from the manifests in object storage, timeline by timeline, each in a
 * transaction of its own, then that of captions from their names. What runs now is only added to. Running it again changes nothing.
 */
export async function rebuildIndex(ownerUrl: string, store: ObjectStore): Promise<Rebuilt> {
  const { byTimeline, unreadable } = await readManifests(store);
  const dataSource = await createDataSource(ownerUrl, pino({ level: 'silent' })).initialize();
  const unitOfWork = new UnitOfWork(dataSource);
  const timelines = new TimelinesRepository();
  const recorder = new TimelineRecorder(timelines);
  try {
    for (const { id, kind, manifests } of byTimeline.values())
      await unitOfWork.run((tx) => recorder.rebuild(id, kind, manifests, tx));
    const captions = await unitOfWork.run((tx) =>
      rebuildCaptions(store, new CaptionsRepository(), timelines, tx),
    );
    const all = [...byTimeline.values()].flatMap(({ manifests }) => manifests);
    const segments = countSegments(all);
    return { timelines: byTimeline.size, epochs: all.length, segments, captions, unreadable };
  } finally {
    await dataSource.destroy();
  }
}

interface TimelineManifests {
  readonly id: LineageId;
  readonly kind: 'recording' | 'asset';
  readonly manifests: ReadManifest[];
}

async function readManifests(store: ObjectStore) {
  const byTimeline = new Map<string, TimelineManifests>();
  const unreadable: string[] = [];
  for await (const key of manifestKeys(store)) {
    const place = parseManifestKey(key);
    const id = LineageId.safeParse(place?.id);
    const bytes = await store.getBuffer(key);
    const manifest = parseManifest(bytes);
    if (place === undefined || !id.success || manifest?.epoch !== place.epoch) {
      unreadable.push(key);
      continue;
    }
    const kind = place.collection === 'recordings' ? ('recording' as const) : ('asset' as const);
    const timeline = byTimeline.get(id.data) ?? { id: id.data, kind, manifests: [] };
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    timeline.manifests.push({ key, sha256, manifest });
    byTimeline.set(id.data, timeline);
  }
  return { byTimeline, unreadable };
}

function parseManifest(bytes: Buffer): EpochManifest | undefined {
  try {
    return EpochManifest.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    return undefined; // Told as unreadable: one that is spoilt must not keep back the others.
  }
}

const countSegments = (manifests: readonly ReadManifest[]): number =>
  manifests.reduce(
    (sum, { manifest: { tracks } }) =>
      sum + (tracks.video?.segments.length ?? 0) + (tracks.audio?.segments.length ?? 0),
    0,
  );
