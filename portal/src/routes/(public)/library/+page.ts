import { listCourses } from '@yike/contracts/http/library';
import { Topic } from '@yike/contracts/http/lectures';
import { load as fetchReply } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

const PAGE_SIZE = 24;

/** The filters are the address, so a search can be sent to a neighbour. */
export const load: PageLoad = async ({ fetch, url }) => {
  const topic = Topic.safeParse(url.searchParams.get('topic')).data;
  const q = url.searchParams.get('q')?.trim().slice(0, 80) ?? '';
  const query = { limit: PAGE_SIZE, topic, q: q === '' ? undefined : q };
  return { topic, q, query, courses: await fetchReply(listCourses, { query }, fetch) };
};
