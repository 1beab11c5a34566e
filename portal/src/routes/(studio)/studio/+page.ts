import { listMyLectures } from '@yike/contracts/http/lectures';
import { load as fetchReply } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends, parent }) => {
  depends('yike:lectures');
  await parent();
  return { lectures: await fetchReply(listMyLectures, { query: { limit: 50 } }, fetch) };
};
