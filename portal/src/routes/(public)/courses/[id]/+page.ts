import { getCourse } from '@yike/contracts/http/library';
import { load as fetchReply } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, depends }) => {
  depends('yike:course');
  return { course: await fetchReply(getCourse, { params: { courseId: params.id } }, fetch) };
};
