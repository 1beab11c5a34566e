import cookie from '@fastify/cookie';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { MAX_SHEET_BYTES, XLSX_TYPE } from '@yike/contracts/http/organisations';
import { problem } from '@yike/contracts/problem';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.ts';
import type { ApiConfig } from './config.ts';
import { answerSegmentsAtOnce } from './features/playback-media/segments-at-once.ts';
import { Metrics } from './platform/health/metrics.ts';
import { servePortalPages } from './platform/http/portal-pages.ts';
import { PublicOrigin } from './platform/http/public-origin.ts';
import { createLogger, FrameworkLogger } from './platform/logger.ts';
import { observeHttp, requestIdOf } from './platform/observability/observe-http.ts';
import { problemOf } from './platform/problems/problem-of.ts';
import { sendProblem } from './platform/problems/problem.filter.ts';
import { PortalSocketAdapter } from './platform/realtime/portal-socket.adapter.ts';
import { LOGGER } from './platform/tokens.ts';

const BODY_LIMIT = 256 * 1024;
/** Up to 500 events of a media node. */
const EVENTS_BODY_LIMIT = 4 * 1024 * 1024;
const EVENTS_PATH = '/api/internal/media-events';

/** The whole API, ready to listen. The caller closes it. */
export async function createApp(config: ApiConfig): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    trustProxy: ['loopback', config.TRUSTED_PROXIES].filter(Boolean).join(','),
    bodyLimit: BODY_LIMIT,
    genReqId: requestIdOf,
    frameworkErrors: answerFrameworkError,
    forceCloseConnections: true,
  });
  const options = {
    rawBody: true,
    logger: new FrameworkLogger(createLogger(config.LOG_LEVEL)),
    abortOnError: false,
  };
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- the framework's options are a class to no purpose
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config), adapter, options);
  const server = adapter.getInstance();
  server.addHook('onRoute', (route) => {
    if (route.url === EVENTS_PATH) route.bodyLimit = EVENTS_BODY_LIMIT;
  });
  observeHttp(server, app.get(Metrics), app.get<Logger>(LOGGER));
  await servePortalPages(server, app.get(PublicOrigin), config);
  await app.register(cookie);
  // A beacon cannot ask for a preflight, so its JSON comes as text.
  app.useBodyParser('text/plain', { bodyLimit: BODY_LIMIT }, (_request, body, done) => {
    done(null, body.toString('utf8'));
  });
  app.useBodyParser(XLSX_TYPE, { bodyLimit: MAX_SHEET_BYTES });
  answerSegmentsAtOnce(app);
  app.useWebSocketAdapter(new PortalSocketAdapter(app));
  app.enableShutdownHooks();
  return app;
}

/** Fastify's own refusals before any route is found. A strange path under `/playback/` is no hint for anyone. */
function answerFrameworkError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const isPlayback = request.raw.url?.startsWith('/playback/') === true;
  sendProblem(reply, { ...(isPlayback ? problem('not-found') : problemOf(error)), requestId: request.id });
}
