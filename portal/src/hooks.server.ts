import type { Handle, HandleFetch, HandleServerError } from '@sveltejs/kit/hooks';
import { S3_PUBLIC_URL, YIKE_API_INTERNAL_URL } from '$app/env/private';
import { getMe, type Me } from '@yike/contracts/http/accounts';
import { REQUEST_ID_HEADER } from '@yike/contracts/request-id';
import { ApiProblem, call } from '#lib/api/call.ts';
import { ELDER_COOKIE, LOCALE_COOKIE, localeOf, THEME_COOKIE, themeOf } from '#lib/preferences/cookies.ts';
import { compressPage } from '#lib/server/compression.ts';
import { allowObjectStore } from '#lib/server/security-headers.ts';

/** Who asks, and how they want the pages: told by the account, else by this device's cookies. */
export const handle: Handle = async ({ event, resolve }) => {
  const me = event.route.id === null ? null : await whoAsks(event.fetch);
  event.locals.me = me;
  event.locals.locale =
    me?.locale ?? localeOf(event.cookies.get(LOCALE_COOKIE), event.request.headers.get('accept-language'));
  event.locals.elderMode = me?.elderMode ?? event.cookies.get(ELDER_COOKIE) === '1';
  event.locals.theme = themeOf(event.cookies.get(THEME_COOKIE));

  const { locale, elderMode, theme } = event.locals;
  const response = await resolve(event, {
    transformPageChunk: ({ html }) =>
      html
        .replace('%yike.locale%', locale)
        .replace('%yike.elder%', String(elderMode))
        .replace('%yike.theme%', theme),
  });

  const policy = response.headers.get('content-security-policy');
  if (policy !== null) {
    response.headers.set('content-security-policy', allowObjectStore(policy, S3_PUBLIC_URL));
  }
  response.headers.set('referrer-policy', 'same-origin');
  response.headers.set('x-content-type-options', 'nosniff');
  response.headers.set('permissions-policy', 'camera=(self), microphone=(self), display-capture=(self)');
  return compressPage(response, event.request.headers.get('accept-encoding'));
};

/** A page is shown also while the API is away: as to a stranger. */
async function whoAsks(fetcher: typeof fetch): Promise<Me | null> {
  try {
    return (await call(getMe, {}, fetcher)).me;
  } catch (cause) {
    if (cause instanceof ApiProblem) return null;
    throw cause;
  }
}

/** Pages rendered on the server ask the API by its inner address, with the visitor's own cookie, host and address. */
export const handleFetch: HandleFetch = ({ event, request, fetch }) => {
  const url = new URL(request.url);
  if (url.origin !== event.url.origin || !url.pathname.startsWith('/api/')) return fetch(request);

  const inner = new Request(new URL(url.pathname + url.search, YIKE_API_INTERNAL_URL ?? url.origin), request);
  // A page and what it asks for on the server are one request.
  const requestId = event.request.headers.get(REQUEST_ID_HEADER);
  if (requestId !== null) inner.headers.set(REQUEST_ID_HEADER, requestId);
  inner.headers.set('cookie', event.request.headers.get('cookie') ?? '');
  inner.headers.set('x-forwarded-host', event.url.host);
  inner.headers.set('x-forwarded-proto', event.url.protocol.replace(':', ''));
  // A proxy before us has written the visitor's address already; the API reads it from the end that it trusts.
  const visitor = event.request.headers.get('x-forwarded-for') ?? event.getClientAddress();
  inner.headers.set('x-forwarded-for', visitor);
  return globalThis.fetch(inner);
};

/** What was not thrown as a problem is ours to mend: logged whole, told as `internal`. */
export const handleError: HandleServerError = ({ kind, error, event }) => {
  // What the page asked for had the id of the page's own request.
  const requestId = event.request.headers.get(REQUEST_ID_HEADER) ?? undefined;
  if (kind === 'app') return { code: error.code, requestId: requestId ?? error.requestId };
  if (kind === 'framework') return { code: 'not-found' };
  console.error({ path: event.url.pathname, requestId, error }, 'a page failed');
  return { code: 'internal', requestId };
};
