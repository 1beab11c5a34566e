import type { FastifyInstance, FastifyReply } from 'fastify';
import { toProblem } from '../platform/problems.ts';
import { Refusal } from '../platform/refusal.ts';
import { MediaPath, PlaylistQuery } from './addresses.ts';
import type { HlsOrigin, MediaAnswer } from './hls-origin.ts';

/** Players on pages of other origins send no cookies, and need none. */
const FOR_ALL_ORIGINS = { 'access-control-allow-origin': '*' };
/** It is made for one viewer, and old in a third of a second. */
const PLAYLIST = {
  ...FOR_ALL_ORIGINS,
  'content-type': 'application/vnd.apple.mpegurl',
  'cache-control': 'no-store',
};
/** A name never has other bytes; after an hour nobody asks for it. */
const SHARED = 'public, max-age=3600, immutable';
const PRIVATE = 'private, no-store';

const PLAYLISTS = { 'video.m3u8': 'video', 'audio.m3u8': 'audio' } as const;

/**
 * `<publicPath>/hls/<broadcastId>/{index,video,audio}.m3u8` and `…/<key>/<epoch>/<track>/<file>`. Plain routes of the server: they
 * are asked for several times a second by every viewer.
 */
export function serveHls(server: FastifyInstance, origin: HlsOrigin, publicPath: string): void {
  const root = `${publicPath}/hls/:broadcastId`;
  server.get<{ Params: { broadcastId: string } }>(`${root}/index.m3u8`, ({ params, query }, reply) =>
    answer(reply, async (gone) => {
      const text = await origin.multivariant(params.broadcastId, PlaylistQuery.parse(query), gone);
      void reply.headers(PLAYLIST).send(text);
    }),
  );
  for (const [file, kind] of Object.entries(PLAYLISTS)) {
    server.get<{ Params: { broadcastId: string } }>(`${root}/${file}`, ({ params, query }, reply) =>
      answer(reply, async (gone) => {
        const text = await origin.playlist(params.broadcastId, kind, PlaylistQuery.parse(query), gone);
        void reply.headers(PLAYLIST).send(text);
      }),
    );
  }
  server.get<{ Querystring: Record<string, unknown> }>(
    `${root}/:key/:epoch/:track/:file`,
    ({ params, query }, reply) =>
      answer(reply, async (gone) => {
        const path = MediaPath.safeParse(params);
        if (!path.success) throw new Refusal('not-found');
        const { ticket } = query;
        if (ticket !== undefined && typeof ticket !== 'string') throw new Refusal('token-invalid');
        sendMedia(reply, await origin.media(path.data, ticket, gone));
      }),
  );
}

/** Does the work; whoever goes away meanwhile is not waited for, and what is refused is told as a problem that no cache keeps. */
async function answer(
  reply: FastifyReply,
  work: (gone: AbortSignal) => Promise<void>,
): Promise<FastifyReply> {
  const leaving = new AbortController();
  const leave = (): void => leaving.abort();
  reply.raw.once('close', leave);
  try {
    await work(leaving.signal);
  } catch (error) {
    const told = toProblem(error);
    if (told.status === 500) reply.log.error({ err: error }, 'a live stream could not be served');
    if (told.retryAfterSeconds !== undefined) void reply.header('retry-after', told.retryAfterSeconds);
    const problem = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
    void reply
      .status(told.status)
      .headers({ ...FOR_ALL_ORIGINS, ...problem })
      .send(JSON.stringify(told));
  } finally {
    reply.raw.off('close', leave);
  }
  return reply;
}

/** The buffers go out as they lie: a segment is its parts, and is never copied together. */
function sendMedia(reply: FastifyReply, { kind, chunks, isPrivate, sent }: MediaAnswer): void {
  const { raw } = reply;
  reply.hijack();
  raw.once('finish', sent);
  raw.writeHead(200, {
    ...FOR_ALL_ORIGINS,
    'content-type': `${kind}/mp4`,
    'content-length': chunks.reduce((sum, { length }) => sum + length, 0),
    'cache-control': isPrivate ? PRIVATE : SHARED,
  });
  raw.cork();
  for (const chunk of chunks) raw.write(chunk);
  raw.end();
}
