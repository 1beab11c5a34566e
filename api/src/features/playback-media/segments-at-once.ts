import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { PublicOrigin } from '../../platform/http/public-origin.ts';
import { readSessionCookie } from '../../platform/security/session-cookie.ts';
import { PlaybackMediaService } from './playback-media.service.ts';

const ROUTE = '/playback/:token/s/:epoch/:track/:file';
const ENDING = '.m4s';

/**
 * Answers requests of segments before the framework's pipeline, where all about them is known already; everything else goes the long way through
 * the controller, which refuses what is to be refused. To be called before the routes are made.
 */
export function answerSegmentsAtOnce(app: NestFastifyApplication): void {
  const [media, origin] = [app.get(PlaybackMediaService), app.get(PublicOrigin)];
  const answer = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void => {
    const url = addressFor(request);
    if (url === null) done();
    else void reply.header('cache-control', 'no-store').redirect(url);
  };
  const addressFor = (request: FastifyRequest): string | null => {
    const session = readSessionCookie(request);
    // The route's own names.
    const { token, epoch, track, file } = request.params as Record<
      'token' | 'epoch' | 'track' | 'file',
      string
    >;
    if (session === undefined || !file.endsWith(ENDING)) return null;
    const name = `${epoch}/${track}/${file.slice(0, -ENDING.length)}`;
    return media.segmentUrlAtOnce({ session, playback: token }, name, origin.ofStorage(request));
  };
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', (route) => {
      if (route.url === ROUTE) route.onRequest = answer;
    });
}
