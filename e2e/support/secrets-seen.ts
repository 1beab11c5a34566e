import type { Page } from 'playwright-core';

/** What a page sent and was given that nobody else may learn. */
export interface SecretsSeen {
  /** Tokens of playback sessions, tickets of rooms and live playlists, signatures of presigned addresses. */
  readonly secrets: Set<string>;
  /** Ids that the page gave its requests, by method and path. */
  readonly requestIds: Map<string, string>;
  /** Ids that it gave its connections to rooms. */
  readonly connectionIds: Set<string>;
}

const IN_ADDRESS = [
  /\/playback\/([\w-]{20,})/,
  /[?&]X-Amz-Signature=([0-9a-f]{64})/,
  /[?&]ticket=([\w.-]{40,})/,
];
const JWT = /eyJ[\w-]+\.[\w-]+\.[\w-]+/g;

/** Looks at all that the page sends from now on, and at all that it is answered. */
export function watchSecrets(page: Page): SecretsSeen {
  const seen: SecretsSeen = { secrets: new Set(), requestIds: new Map(), connectionIds: new Set() };
  page.on('request', (request) => {
    for (const pattern of IN_ADDRESS) add(seen.secrets, pattern.exec(request.url())?.[1]);
    const requestId = request.headers()['x-request-id'];
    const key = `${request.method()} ${new URL(request.url()).pathname}`;
    if (requestId !== undefined) seen.requestIds.set(key, requestId);
  });
  page.on('websocket', (socket) => {
    const look = ({ payload }: { payload: string | Buffer }): void => {
      const text = payload.toString();
      for (const [token] of text.matchAll(JWT)) seen.secrets.add(token);
      if (socket.url().includes('/media/')) add(seen.connectionIds, /"requestId":"([\w-]+)"/.exec(text)?.[1]);
    };
    socket.on('framesent', look);
    socket.on('framereceived', look);
  });
  return seen;
}

function add(set: Set<string>, value: string | undefined): void {
  if (value !== undefined) set.add(value);
}
