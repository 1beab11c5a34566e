import { listLectures } from '@yike/contracts/http/lectures';
import { load as fetchReply } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends }) => {
  depends('yike:lectures');
  const [live, coming, past] = await Promise.all(
    (['live', 'coming', 'past'] as const).map((when) =>
      fetchReply(listLectures, { query: { when, limit: 20 } }, fetch).then(({ items }) => items),
    ),
  );
  return { live: live ?? [], coming: coming ?? [], past: past ?? [] };
};
