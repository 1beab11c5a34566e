import { error } from '@sveltejs/kit';
import { browser } from '$app/env';
import { navigating } from '$app/state';
import type { Endpoint } from '@yike/contracts/http/endpoint';
import { isPassing } from '#lib/live/acknowledged.ts';
import { addressOf, ApiProblem, call, type Reply, type Request } from './call.ts';

/** The last replies by address; in the browser alone, where one person looks at one page. */
const lastReplies = new Map<string, unknown>();

/**
 * {@link call} for load functions: a problem becomes the error page, whose words follow its code. A page that is already shown and
 * only asks again stays as it is while the API is away: a live picture does not depend on it.
 */
export async function load<const E extends Endpoint>(
  endpoint: E,
  request: Request<E>,
  fetcher: typeof fetch,
): Promise<Reply<E>> {
  const address = addressOf(endpoint, request);
  const isRefresh = browser && navigating.to === null;
  try {
    const reply = await call(endpoint, request, fetcher);
    if (browser) lastReplies.set(address, reply);
    return reply;
  } catch (cause) {
    // Of this very page: whoever goes to another one is told that it cannot be had.
    if (isRefresh && isPassing(cause) && lastReplies.has(address))
      return lastReplies.get(address) as Reply<E>;
    if (cause instanceof ApiProblem) {
      const { code, requestId } = cause.problem;
      error(cause.problem.status, cause.message, { code, requestId });
    }
    throw cause;
  }
}
