import { redirect } from '@sveltejs/kit';
import type { Me } from '@yike/contracts/http/accounts';

/** Leads a stranger to the sign-in page, and back here afterwards. */
export function signInFirst(me: Me | null, url: URL): asserts me is Me {
  if (me === null) redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`);
}
