import type { HandleClientError } from '@sveltejs/kit/hooks';

/** As on the server: what was not thrown as a problem is ours to mend. */
export const handleError: HandleClientError = ({ kind, error }) => {
  if (kind === 'app') return { code: error.code, requestId: error.requestId };
  if (kind === 'framework') return { code: 'not-found' };
  console.error(error);
  return { code: 'internal' };
};
