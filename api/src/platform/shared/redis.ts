import type { Logger } from 'pino';
import { createClient } from 'redis';

/** The connection to what several API nodes share. */
export type Redis = ReturnType<typeof connect>;

const CONNECT_WITHIN_MS = 5_000;
const RETRY_AT_MOST_MS = 2_000;
/** News that waits while Redis is away; more than that nobody needs any more. */
const MOST_WAITING = 10_000;

/**
 * Connects in the background, and again whenever the connection is lost: the API starts and serves without Redis, each node for itself
 * until it is back. Null without an address: there is one node.
 */
export function connectRedis(url: string | undefined, log: Pick<Logger, 'info' | 'warn'>): Redis | null {
  return url === undefined ? null : connect(url, log);
}

function connect(url: string, log: Pick<Logger, 'info' | 'warn'>) {
  const client = createClient({
    url,
    name: 'yike-api',
    commandsQueueMaxLength: MOST_WAITING,
    socket: {
      connectTimeout: CONNECT_WITHIN_MS,
      reconnectStrategy: (retries) => Math.min(100 * 2 ** retries, RETRY_AT_MOST_MS),
    },
  });
  let isAway = false;
  client.on('error', (error: Error) => {
    if (!isAway)
      log.warn({ err: error }, 'Redis is away: limits and news are this node’s own until it is back');
    isAway = true;
  });
  client.on('ready', () => {
    if (isAway) log.info('Redis is back');
    isAway = false;
  });
  // Only an end in the middle of it rejects; a server that is away is tried again.
  client.connect().catch(() => undefined);
  return client;
}
