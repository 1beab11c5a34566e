import { Locale } from '@yike/contracts/http/accounts';
import { LineageId } from '@yike/contracts/ids';
import { parseCaptionKey } from '@yike/storage/keys';
import type { ListedObject, ObjectStore } from '@yike/storage/object-store';
import type { CaptionsRepository } from '../features/timelines/captions.repository.ts';
import type { TimelinesRepository } from '../features/timelines/timelines.repository.ts';
import type { Tx } from '../platform/database/unit-of-work.ts';

/** All files of captions that storage has of one timeline in one language. */
interface StoredCaptions {
  readonly timelineId: LineageId;
  readonly language: Locale;
  readonly files: ListedObject[];
}

/**
 * Makes the index of captions anew from their names in object storage, for timelines that are in the index. A row stays as it is while its file is
 * there; else the newest file of its language takes its place.
 * @returns how many captions the index has of what storage has
 */
export async function rebuildCaptions(
  store: Pick<ObjectStore, 'list'>,
  captions: CaptionsRepository,
  timelines: TimelinesRepository,
  tx: Tx,
): Promise<number> {
  let count = 0;
  for (const { timelineId, language, files } of await listCaptions(store)) {
    if ((await timelines.lock(timelineId, tx)) === null) continue;
    count += 1;
    const known = await captions.of(timelineId, language, tx);
    if (files.some(({ key }) => key === known?.objectKey)) continue;
    await captions.put({ timelineId, language, objectKey: newest(files).key }, tx);
  }
  return count;
}

async function listCaptions(store: Pick<ObjectStore, 'list'>): Promise<Iterable<StoredCaptions>> {
  const found = new Map<string, StoredCaptions>();
  for await (const file of store.list('captions/')) {
    const named = parseCaptionKey(file.key);
    const timelineId = LineageId.safeParse(named?.id);
    const language = Locale.safeParse(named?.language);
    if (!timelineId.success || !language.success) continue;
    const name = `${timelineId.data} ${language.data}`;
    const same = found.get(name) ?? { timelineId: timelineId.data, language: language.data, files: [] };
    same.files.push(file);
    found.set(name, same);
  }
  return found.values();
}

const newest = (files: readonly ListedObject[]): ListedObject =>
  files.reduce((a, b) => (b.lastModified > a.lastModified ? b : a));
