import { error } from '@sveltejs/kit';
import type { Endpoint } from '@yike/contracts/http/endpoint';
import { ApiProblem, call, type Reply, type Request } from './call.ts';

/** {@link call} for load functions: a problem becomes the error page, whose words follow its code. */
export async function load<const E extends Endpoint>(
  endpoint: E,
  request: Request<E>,
  fetcher: typeof fetch,
): Promise<Reply<E>> {
  try {
    return await call(endpoint, request, fetcher);
  } catch (cause) {
    if (cause instanceof ApiProblem) {
      error(cause.problem.status, cause.message, { code: cause.code });
    }
    throw cause;
  }
}
