import { auditLedger } from '@yike/contracts/http/bank';
import { listLectures } from '@yike/contracts/http/lectures';
import { load as fetchReply } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends, parent }) => {
  depends('yike:lectures');
  const { me } = await parent();
  const [live, coming, past, ledger] = await Promise.all([
    fetchReply(listLectures, { query: { when: 'live', limit: 50 } }, fetch),
    fetchReply(listLectures, { query: { when: 'coming' } }, fetch),
    fetchReply(listLectures, { query: { when: 'past' } }, fetch),
    // The sums are of the whole house.
    me?.roles.includes('platform-administrator') === true ? fetchReply(auditLedger, {}, fetch) : null,
  ]);
  return { live: live.items, coming, past, ledger };
};
