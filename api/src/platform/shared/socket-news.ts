import { createAdapter } from '@socket.io/redis-streams-adapter';
import type { ServerOptions } from 'socket.io';
import type { Redis } from './redis.ts';

/** Some minutes of news of a busy evening; what a node missed while Redis was away comes afterwards. */
const KEPT_MESSAGES = 10_000;
/** How long a read waits; at the end the last one is waited for. */
const READ_WAITS_MS = 2_000;

/** Lets a message to a room reach its sockets on every node, and a session end on all of them. */
export const socketNews = (redis: Redis): NonNullable<ServerOptions['adapter']> =>
  createAdapter(redis, {
    streamName: 'yike:sockets',
    channelPrefix: 'yike:sockets',
    sessionKeyPrefix: 'yike:session:',
    maxLen: KEPT_MESSAGES,
    blockTimeInMs: READ_WAITS_MS,
  });
