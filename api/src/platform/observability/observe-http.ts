import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { REQUEST_ID_HEADER, readRequestId } from '@yike/contracts/request-id';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Metrics } from '../health/metrics.ts';
import { isApiPath } from '../http/portal-pages.ts';
import { loggedPath } from '../logger.ts';
import { inRequest } from './request-context.ts';

/** The id that the page or a proxy has given the request, else a new one. */
export const requestIdOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string =>
  readRequestId(headers[REQUEST_ID_HEADER]) ?? randomUUID();

/** Each request knows its id, says it in its answer, and is counted and timed; to be added before any other hook. */
export function observeHttp(server: FastifyInstance, metrics: Pick<Metrics, 'requests'>, log: Logger): void {
  server
    .addHook('onRequest', (request, reply, done) => {
      // For the pages too, whose handler knows nothing but the raw request.
      request.raw.headers[REQUEST_ID_HEADER] = request.id;
      reply.raw.setHeader(REQUEST_ID_HEADER, request.id);
      inRequest(request.id, request.ip, done);
    })
    // The body's events come from the connection, which is older than the request.
    .addHook('preValidation', (request, _reply, done) => inRequest(request.id, request.ip, done))
    .addHook('onResponse', (request, reply, done) => {
      const url = request.raw.url ?? '';
      const route = request.routeOptions.url ?? (isApiPath(url) ? 'none' : 'page');
      const { id: requestId, method } = request;
      const ms = reply.elapsedTime;
      noteAnswer({ requestId, method, url, route, status: reply.raw.statusCode, ms }, metrics, log);
      done();
    });
}

/** What is counted and logged of an answer. */
interface Answer {
  readonly requestId: string;
  readonly method: string;
  readonly url: string;
  /** The template of the route. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
}

/** Counts and times an answer, and logs it where someone reads that. */
export function noteAnswer(
  { requestId, method, url, route, status, ms }: Answer,
  metrics: Pick<Metrics, 'requests'>,
  log: Logger,
): void {
  metrics.requests.observe({ method, route, status }, ms / 1000);
  const level = status >= 500 ? 'warn' : 'debug';
  if (!log.isLevelEnabled(level)) return;
  log[level]({ requestId, method, status, path: loggedPath(url), ms: Math.round(ms) }, 'answered');
}
