import { randomUUID } from 'node:crypto';
import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream';
import { problem } from '@yike/contracts/problem';
import { readRequestId, REQUEST_ID_HEADER } from '@yike/contracts/request-id';
import { type Origin, requestHeaders, responseHeaders, upgradeHeaders } from './headers.ts';
import { type Backend, backendFor, MAX_URL_LENGTH } from './routes.ts';

const RETRY_AFTER_SECONDS = 2;
const MAX_HEADER_BYTES = 16_384;
const HEADERS_WITHIN_MS = 15_000;
/** Uploads may take long on a thin line; the backends bound what they read. */
const REQUEST_WITHIN_MS = 3_600_000;

export interface FrontOptions {
  host: string;
  port: number;
  /** Its objects are under `/<bucket>/`. */
  bucket: string;
  /** Where each backend listens: an origin such as `http://127.0.0.1:8081`. Fixed over restarts of the backend. */
  backends: Record<Backend, string>;
}

/**
 * The one door to the product: a reverse proxy that streams. It stands apart from the API, so that the API's death cuts
 * neither the signaling to the media node nor the segments; whatever backend is away is answered for with 503.
 */
export class Front {
  /** Where the front listens: `port` is the real one where 0 was asked for. */
  readonly address: AddressInfo;
  readonly #server: Server;
  readonly #tunnels: Set<Duplex>;

  private constructor(server: Server, tunnels: Set<Duplex>) {
    this.#server = server;
    this.#tunnels = tunnels;
    this.address = server.address() as AddressInfo; // It listens on a port, not on a path.
  }

  /** @throws an error with code EADDRINUSE, EACCES or EADDRNOTAVAIL where the port cannot be had */
  static async listen(options: FrontOptions): Promise<Front> {
    const agent = new Agent({ keepAlive: true });
    const tunnels = new Set<Duplex>();
    const server = createServer({
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_WITHIN_MS,
      requestTimeout: REQUEST_WITHIN_MS,
      noDelay: true,
    });
    server.on('request', (incoming, reply) => forward(incoming, reply, agent, options));
    server.on('upgrade', (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
      tunnels.add(client);
      client.once('close', () => tunnels.delete(client));
      tunnel(incoming, client, head, options);
    });
    server.once('close', () => agent.destroy());
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, options.host, resolve);
    });
    return new Front(server, tunnels);
  }

  /** Closes the door and every connection. Idempotent. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const each of this.#tunnels) each.destroy();
    this.#server.closeAllConnections();
    await closed;
  }
}

function forward(
  incoming: IncomingMessage,
  reply: ServerResponse,
  agent: Agent,
  options: FrontOptions,
): void {
  const url = incoming.url ?? '/';
  if (url.length > MAX_URL_LENGTH) {
    reply.writeHead(414, { Connection: 'close' }).end();
    return;
  }
  const outgoing = request(options.backends[backendFor(url, options.bucket)], {
    agent,
    method: incoming.method ?? 'GET',
    path: url,
    headers: requestHeaders(incoming.rawHeaders, originOf(incoming)),
  });
  outgoing.on('response', (answer) => {
    reply.writeHead(answer.statusCode ?? 502, answer.statusMessage, responseHeaders(answer.rawHeaders));
    pipeline(answer, reply, () => undefined); // Either side gone ends the other; there is nobody left to tell.
  });
  outgoing.on('error', () => {
    if (reply.headersSent) reply.destroy();
    else refuse(incoming, reply);
  });
  reply.once('close', () => {
    if (!reply.writableFinished) outgoing.destroy();
  });
  incoming.pipe(outgoing);
}

/** A backend is away: the client is told in the words of the API, and may come back in a moment. */
function refuse(incoming: IncomingMessage, reply: ServerResponse): void {
  const { head, body } = unavailable(incoming);
  incoming.unpipe();
  incoming.resume();
  reply.writeHead(503, head).end(body);
}

function unavailable({ headers }: IncomingMessage): { head: Record<string, string>; body: string } {
  const requestId = readRequestId(headers[REQUEST_ID_HEADER]) ?? randomUUID();
  const body = JSON.stringify(
    problem('service-unavailable', 'This part is starting again.', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      requestId,
    }),
  );
  const head = {
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-store',
    'Retry-After': String(RETRY_AFTER_SECONDS),
    'X-Request-Id': requestId,
  };
  return { head, body };
}

function originOf(incoming: IncomingMessage): Origin {
  return { address: incoming.socket.remoteAddress ?? '', scheme: 'http' };
}

/** Passes a WebSocket's handshake on and then joins both connections. */
function tunnel(incoming: IncomingMessage, client: Duplex, head: Buffer, options: FrontOptions): void {
  const url = incoming.url ?? '/';
  const outgoing = request(options.backends[backendFor(url, options.bucket)], {
    agent: false,
    method: incoming.method ?? 'GET',
    path: url,
    headers: upgradeHeaders(incoming.rawHeaders, incoming.headers.upgrade ?? '', originOf(incoming)),
  });
  client.on('error', () => outgoing.destroy());
  client.once('close', () => outgoing.destroy());
  outgoing.on('upgrade', (answer, backend: Duplex, backendHead: Buffer) => {
    // The handshake's own Connection and Upgrade belong to the client as they are.
    client.write(headText(101, answer.statusMessage, answer.rawHeaders));
    if (backendHead.length > 0) client.write(backendHead);
    if (head.length > 0) backend.write(head);
    pipeline(client, backend, client, () => undefined);
  });
  outgoing.on('response', (answer) => {
    const headers = [...responseHeaders(answer.rawHeaders), 'Connection', 'close'];
    client.write(headText(answer.statusCode ?? 502, answer.statusMessage, headers));
    pipeline(answer, client, () => undefined);
  });
  outgoing.on('error', () => {
    if (client.destroyed) return;
    const { head: headers, body } = unavailable(incoming);
    client.end(
      headText(503, STATUS_CODES[503], [...Object.entries(headers).flat(), 'Connection', 'close']) + body,
    );
  });
  outgoing.end();
}

function headText(status: number, text: string | undefined, headers: string[]): string {
  const lines = Array.from(
    { length: headers.length / 2 },
    (_, i) => `${headers[2 * i] ?? ''}: ${headers[2 * i + 1] ?? ''}`,
  );
  return [`HTTP/1.1 ${status} ${text ?? ''}`, ...lines, '', ''].join('\r\n');
}
