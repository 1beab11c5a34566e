import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { REQUEST_ID_HEADER } from '@yike/contracts/request-id';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { ExpiringMap } from '../../platform/expiring-map.ts';
import { Metrics } from '../../platform/health/metrics.ts';
import { PublicOrigin } from '../../platform/http/public-origin.ts';
import { securityHeaders } from '../../platform/http/security-headers.ts';
import { noteAnswer, requestIdOf } from '../../platform/observability/observe-http.ts';
import { cookieOf } from '../../platform/realtime/cookie-header.ts';
import { SESSION_COOKIE } from '../../platform/security/session-authenticator.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { PlaybackMediaService } from './playback-media.service.ts';

const ROUTE = '/playback/:token/s/:epoch/:track/:file';
/** The token, and `<epoch>/<track>/<seq>`. What is written in any other way goes the long way. */
const SEGMENT = /^\/playback\/([\w-]{43})\/s\/(\d+\/(?:video|audio)\/\d+)\.m4s$/;
const FOUND = 302;
const MOST_WAYS = 1_000;
const WAY_FOR_MS = 3_600_000;

/** How callers come to this process, and what they are told because of it. */
interface Way {
  /** Under which they reach object storage. */
  readonly storageOrigin: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
}

/**
 * Answers requests of segments before any framework sees them, where all about them is known already; everything else goes the long way
 * through the controller, which refuses what is to be refused. To be called before the routes are made.
 */
export function answerSegmentsAtOnce(app: NestFastifyApplication): void {
  const shortcut = new SegmentShortcut(
    app.get(PlaybackMediaService),
    app.get(PublicOrigin),
    app.get(Metrics),
    app.get<Logger>(LOGGER),
  );
  const fastify = app.getHttpAdapter().getInstance();
  const longWay = fastify.server.listeners('request');
  fastify.server.removeAllListeners('request');
  fastify.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (shortcut.answer(request, response)) return;
    for (const listener of longWay) listener.call(fastify.server, request, response);
  });
  fastify.addHook('onRoute', (route) => {
    if (route.url !== ROUTE) return;
    route.onRequest = (request, _reply, done) => {
      shortcut.learn(request);
      done();
    };
  });
}

class SegmentShortcut {
  readonly #ways = new ExpiringMap<Way>(MOST_WAYS);
  readonly #media: PlaybackMediaService;
  readonly #origin: PublicOrigin;
  readonly #metrics: Metrics;
  readonly #log: Logger;

  constructor(media: PlaybackMediaService, origin: PublicOrigin, metrics: Metrics, log: Logger) {
    this.#media = media;
    this.#origin = origin;
    this.#metrics = metrics;
    this.#log = log;
  }

  /** Which proxies are trusted is the framework's business: what it made of a request holds for those that come the same way. */
  learn(request: FastifyRequest): void {
    const headers = {
      'cache-control': 'no-store',
      ...securityHeaders(request, 'data'),
      'content-length': '0',
    };
    const way = { storageOrigin: this.#origin.ofStorage(request), headers: Object.entries(headers).flat() };
    this.#ways.set(wayOf(request.raw), way, Date.now() + WAY_FOR_MS);
  }

  /** Whether the request was answered. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const { method, url = '' } = request;
    const [, playback, name] = SEGMENT.exec(url) ?? [];
    const session = cookieOf(request.headers.cookie, SESSION_COOKIE);
    if (method !== 'GET' || playback === undefined || name === undefined || session === undefined)
      return false;
    const way = this.#ways.get(wayOf(request), Date.now());
    if (way === undefined) return false;
    const beganAt = performance.now();
    const address = this.#media.segmentUrlAtOnce({ session, playback }, name, way.storageOrigin);
    if (address === null) return false;
    const requestId = requestIdOf(request);
    response.writeHead(FOUND, [...way.headers, 'location', address, REQUEST_ID_HEADER, requestId]).end();
    const ms = performance.now() - beganAt;
    noteAnswer({ requestId, method, url, route: ROUTE, status: FOUND, ms }, this.#metrics, this.#log);
    return true;
  }
}

/** All that {@link PublicOrigin} and the security headers depend on. */
function wayOf({ socket, headers }: IncomingMessage): string {
  const told = [headers.host, headers['x-forwarded-proto'], headers['x-forwarded-host']];
  return `${socket.remoteAddress ?? ''} ${told.join(' ')}`;
}
