import { getLecture } from '@yike/contracts/http/lectures';
import { load as fetchReply } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, depends }) => {
  depends('yike:lecture');
  return { lecture: await fetchReply(getLecture, { params }, fetch) };
};
