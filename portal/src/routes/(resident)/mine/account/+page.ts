import { getLearningAccount, listStatement } from '@yike/contracts/http/bank';
import { listViewingSessions } from '@yike/contracts/http/viewing';
import { load as fetchReply } from '#lib/api/load.ts';
import { signInFirst } from '#lib/frame/sign-in-first.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent, url }) => {
  const { me } = await parent();
  signInFirst(me, url);
  const [account, statement, sessions] = await Promise.all([
    fetchReply(getLearningAccount, {}, fetch),
    fetchReply(listStatement, {}, fetch),
    fetchReply(listViewingSessions, {}, fetch),
  ]);
  return { account, statement, sessions };
};
