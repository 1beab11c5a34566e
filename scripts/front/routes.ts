/** What stands behind the front. */
export type Backend = 'api' | 'media' | 's3';

/** Longer request lines are refused with 414: nothing of ours comes near (presigned URLs have about 500 characters). */
export const MAX_URL_LENGTH = 8_192;

/**
 * Which backend answers a request. Signaling and live playlists belong to the media node, objects to the S3 server
 * under the bucket's name, and all else (pages, REST, socket.io, playlists) to the API.
 * @param url the request target as it came: it is never decoded or normalised, so that signatures stay valid
 */
export function backendFor(url: string, bucket: string): Backend {
  if (/^\/media\/[a-z0-9-]+\//.test(url)) return 'media';
  if (url.startsWith(`/${bucket}/`)) return 's3';
  return 'api';
}
