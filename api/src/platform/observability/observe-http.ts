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
      const { method } = request;
      const status = reply.raw.statusCode;
      metrics.requests.observe({ method, route, status }, reply.elapsedTime / 1000);
      const level = status >= 500 ? 'warn' : 'debug';
      const fields = { requestId: request.id, method, status, path: loggedPath(url) };
      log[level]({ ...fields, ms: Math.round(reply.elapsedTime) }, 'answered');
      done();
    });
}
