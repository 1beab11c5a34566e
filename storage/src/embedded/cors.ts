/**
 * Any origin may use a presigned URL, `null` too (players send it after a redirect), but never with cookies: there are none
 * here, and the signature is what opens the door.
 */
const EXPOSED_HEADERS =
  'ETag, Content-Length, Content-Range, Accept-Ranges, Last-Modified, Date, x-amz-request-id, x-amz-checksum-sha256';

export function corsHeaders(headers: ReadonlyMap<string, string>): [string, string][] {
  if (!headers.has('origin')) return [];
  return [
    ['access-control-allow-origin', '*'],
    ['access-control-expose-headers', EXPOSED_HEADERS],
  ];
}

export const preflightHeaders = (headers: ReadonlyMap<string, string>): Record<string, string | number> => ({
  'access-control-allow-methods': 'GET, HEAD, PUT, POST, DELETE',
  'access-control-allow-headers': headers.get('access-control-request-headers') ?? '*',
  'access-control-max-age': 3600,
  'content-length': 0,
});
