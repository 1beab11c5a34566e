import { z } from 'zod';

/**
 * One id follows a request through every process: made by the page, passed on by the proxies, the API, the media node, and written
 * into every log line on its way. Whoever receives none, or a strange one, makes a new one.
 */
export const REQUEST_ID_HEADER = 'x-request-id';

/** Nothing that could break a log line or grow it. */
export const RequestId = z.string().regex(/^[A-Za-z0-9][\w.-]{7,63}$/);

/** The id as it was sent, where it is one: from a header's value, or a socket's handshake. */
export function readRequestId(said: unknown): string | undefined {
  return RequestId.safeParse(said).data;
}
