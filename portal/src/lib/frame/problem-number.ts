import type { Problem } from '@yike/contracts/problem';

const SHOWN = 8;
/** From here on it is ours to mend. */
const OURS_FROM = 500;

/**
 * What a person may tell an operator of a failure that is ours to mend: the beginning of the request's id, by which the logs are
 * searched. A refusal needs none.
 */
export function problemNumber({
  status,
  requestId,
}: Pick<Problem, 'status' | 'requestId'>): string | undefined {
  return status >= OURS_FROM ? requestId?.slice(0, SHOWN) : undefined;
}
