import type { ObjectStore } from '@yike/storage/object-store';
import { Client } from 'pg';

/** Keys of media that the index names and object storage does not have, in order. */
export async function missingObjects(ownerUrl: string, store: Pick<ObjectStore, 'list'>): Promise<string[]> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string; kind: 'recording' | 'asset' }>(
      'SELECT id, kind FROM timelines ORDER BY id',
    );
    const missing: string[] = [];
    for (const { id, kind } of rows) missing.push(...(await missingOf(client, store, id, `${kind}s/${id}/`)));
    return missing;
  } finally {
    await client.end();
  }
}

async function missingOf(
  client: Client,
  store: Pick<ObjectStore, 'list'>,
  timelineId: string,
  prefix: string,
): Promise<string[]> {
  const there = new Set<string>();
  for await (const { key } of store.list(prefix)) there.add(key);
  const { rows } = await client.query<{ key: string }>(
    `SELECT object_key AS key FROM segments WHERE timeline_id = $1
     UNION SELECT track.value ->> 'initKey' FROM recorder_epochs, jsonb_each(tracks) AS track WHERE timeline_id = $1
     ORDER BY key`,
    [timelineId],
  );
  return rows.map(({ key }) => key).filter((key) => !there.has(key));
}
