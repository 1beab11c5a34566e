import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { REQUEST_ID_HEADER, readRequestId } from '@yike/contracts/request-id';
import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';
import { inRequest } from './request-context.ts';

/** The id that the page, the API or a proxy has given the request, else a new one. */
export const requestIdOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string =>
  readRequestId(headers[REQUEST_ID_HEADER]) ?? randomUUID();

/** Each request knows its id, says it in its answer, and is counted and timed. */
export function observeHttp(server: FastifyInstance, { requests }: Pick<Metrics, 'requests'>): void {
  server
    .addHook('onRequest', (request, reply, done) => {
      void reply.header(REQUEST_ID_HEADER, request.id);
      inRequest(request.id, done);
    })
    // The body's events come from the connection, which is older than the request.
    .addHook('preValidation', (request, _reply, done) => inRequest(request.id, done))
    .addHook('onResponse', ({ method, routeOptions }, { statusCode: status, elapsedTime }, done) => {
      requests.observe({ method, route: routeOptions.url ?? 'none', status }, elapsedTime / 1000);
      done();
    });
}
