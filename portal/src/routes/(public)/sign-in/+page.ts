import { redirect } from '@sveltejs/kit';
import { getDemoAccounts } from '@yike/contracts/http/accounts';
import { load as fetchReply } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent, url }) => {
  const next = ownPath(url.searchParams.get('next'));
  const { me } = await parent();
  if (me !== null) redirect(303, next);
  const way = url.searchParams.get('by') === 'password' ? ('password' as const) : ('code' as const);
  return { next, way, ...(await fetchReply(getDemoAccounts, {}, fetch)) };
};

/** Where to go afterwards: a path of this site, never another site's address. */
function ownPath(next: string | null): string {
  const home = 'https://self.invalid';
  if (next === null || !URL.canParse(next, home)) return '/';
  const { origin, pathname, search } = new URL(next, home);
  return origin === home ? pathname + search : '/';
}
