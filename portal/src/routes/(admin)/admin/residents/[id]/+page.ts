import { getResident } from '@yike/contracts/http/residents';
import { load as fetchReply } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params }) => ({
  resident: await fetchReply(getResident, { params: { userId: params.id } }, fetch),
});
