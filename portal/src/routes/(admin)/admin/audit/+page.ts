import { listAuditedActions, listAuditEntries } from '@yike/contracts/http/audit';
import { load as fetchReply } from '#lib/api/load.ts';
import { queryOf } from '#lib/audit/search.ts';
import type { PageLoad } from './$types';

/** `?action=`, `?from=` and `?to=` (days) say what is looked for. */
export const load: PageLoad = async ({ fetch, depends, parent, url }) => {
  depends('yike:audit');
  await parent();
  const search = {
    action: url.searchParams.get('action') ?? '',
    from: url.searchParams.get('from') ?? '',
    to: url.searchParams.get('to') ?? '',
  };
  const [entries, { actions }] = await Promise.all([
    fetchReply(listAuditEntries, { query: queryOf(search) }, fetch),
    fetchReply(listAuditedActions, {}, fetch),
  ]);
  return { search, entries, actions };
};
