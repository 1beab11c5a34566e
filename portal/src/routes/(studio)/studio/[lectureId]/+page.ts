import { error } from '@sveltejs/kit';
import { getLecture } from '@yike/contracts/http/lectures';
import { load as fetchReply } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, depends, parent }) => {
  depends('yike:lecture');
  const { me } = await parent();
  const lecture = await fetchReply(getLecture, { params }, fetch);
  if (lecture.lecturer.id !== me.id) error(403, 'another lecturer’s lecture', { code: 'forbidden' });
  return { lecture };
};
