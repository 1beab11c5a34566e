import { getOwnData } from '@yike/contracts/http/privacy';
import { listSessions } from '@yike/contracts/http/sessions';
import { load as fetchReply } from '#lib/api/load.ts';
import { signInFirst } from '#lib/frame/sign-in-first.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent, url }) => {
  const { me } = await parent();
  signInFirst(me, url);
  const [own, sessions] = await Promise.all([
    fetchReply(getOwnData, {}, fetch),
    fetchReply(listSessions, {}, fetch),
  ]);
  return { me, own, sessions: sessions.items };
};
