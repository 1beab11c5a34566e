import { getLearningAccount } from '@yike/contracts/http/bank';
import { listMyCertificates } from '@yike/contracts/http/certificates';
import { listContinueWatching } from '@yike/contracts/http/library';
import { listViewingSessions } from '@yike/contracts/http/viewing';
import { load as fetchReply } from '#lib/api/load.ts';
import { signInFirst } from '#lib/frame/sign-in-first.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent, url }) => {
  const { me } = await parent();
  signInFirst(me, url);
  const [account, begun, certificates, sessions] = await Promise.all([
    fetchReply(getLearningAccount, {}, fetch),
    fetchReply(listContinueWatching, {}, fetch),
    fetchReply(listMyCertificates, {}, fetch),
    fetchReply(listViewingSessions, { query: { limit: 5 } }, fetch),
  ]);
  return {
    me,
    account,
    begun: begun.items,
    certificates: certificates.items,
    sessions: sessions.items,
  };
};
