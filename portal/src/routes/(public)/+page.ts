import { listContinueWatching, listCourses } from '@yike/contracts/http/library';
import { listLectures } from '@yike/contracts/http/lectures';
import { load as fetchReply } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent, depends }) => {
  depends('yike:lectures');
  const { me } = await parent();
  const [live, coming, fresh, begun] = await Promise.all([
    fetchReply(listLectures, { query: { when: 'live', limit: 4 } }, fetch),
    fetchReply(listLectures, { query: { when: 'coming', limit: 5 } }, fetch),
    fetchReply(listCourses, { query: { limit: 8 } }, fetch),
    me === null ? { items: [] } : fetchReply(listContinueWatching, {}, fetch),
  ]);
  return { live: live.items, coming: coming.items, fresh: fresh.items, begun: begun.items };
};
