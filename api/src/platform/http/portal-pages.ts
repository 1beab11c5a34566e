import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pathToFileURL } from 'node:url';
import { problem } from '@yike/contracts/problem';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiConfig } from '../../config.ts';
import { PublicOrigin } from './public-origin.ts';
import { securityHeaders } from './security-headers.ts';

/** What is the API's own; all other paths are the portal's pages and files. */
const OWN = /^\/(?:api|playback|health|ready|metrics)(?:[/?#]|$)/;
export const isApiPath = (url: string): boolean => OWN.test(url);

type PageHandler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/**
 * Lets SvelteKit's node handler answer for the pages, before any body is parsed: it reads the raw request itself.
 * Without a built portal there is nothing but the API.
 */
export async function servePortalPages(
  server: FastifyInstance,
  publicOrigin: PublicOrigin,
  { PORTAL_HANDLER, PORT }: Pick<ApiConfig, 'PORTAL_HANDLER' | 'PORT'>,
): Promise<void> {
  const handle = await loadHandler(PORTAL_HANDLER, `http://127.0.0.1:${PORT}`);
  server.addHook('onRequest', (request, reply, done) => {
    if (handle === null || isApiPath(request.raw.url ?? '')) {
      void reply.headers(securityHeaders(request, 'data'));
      done();
      return;
    }
    tellOrigin(request, publicOrigin);
    for (const [name, value] of Object.entries(securityHeaders(request, 'page')))
      reply.raw.setHeader(name, value);
    reply.hijack();
    handle(request.raw, reply.raw, () => {
      reply.raw.writeHead(404, { 'content-type': 'application/problem+json' });
      reply.raw.end(JSON.stringify(problem('not-found')));
    });
  });
}

async function loadHandler(file: string, apiUrl: string): Promise<PageHandler | null> {
  if (!existsSync(file)) return null;
  // Pages rendered here ask this very process, not the public address.
  process.env.YIKE_API_INTERNAL_URL ??= apiUrl;
  // Names the headers by which the handler learns the page's origin; it reads them when it is loaded.
  process.env.PROTOCOL_HEADER = 'x-forwarded-proto';
  process.env.HOST_HEADER = 'x-forwarded-host';
  const module = (await import(pathToFileURL(file).href)) as { handler: PageHandler };
  return module.handler;
}

/** What a client claims in these headers never reaches the handler: they are written anew from what we trust. */
function tellOrigin(request: FastifyRequest, publicOrigin: PublicOrigin): void {
  const { protocol, host } = new URL(publicOrigin.of(request));
  request.raw.headers['x-forwarded-proto'] = protocol.slice(0, -1);
  request.raw.headers['x-forwarded-host'] = host;
}
