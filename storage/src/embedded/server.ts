import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { authenticate, type Credentials } from './authenticate.ts';
import { verifiedBody } from './body.ts';
import { type Answer, Query } from './call.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { dispatch } from './routes.ts';
import { type S3Error, toS3Error } from './s3-error.ts';
import { StorageFolder } from './storage-folder.ts';
import { parseTarget } from './target.ts';
import { errorDocument } from './xml.ts';

export interface EmbeddedS3Options extends Credentials {
  /** Owned by this server alone; created if missing. */
  readonly folder: string;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Told of faults of the server itself (500), never of wrong requests. */
  readonly onError?: (error: unknown) => void;
}

/** A socket on which nothing moves for so long is closed; behind a proxy idle connections live longer than there. */
const SOCKET_IDLE_MS = 120_000;
const KEEP_ALIVE_MS = 75_000;
const DRAIN_MS = 10_000;
const SWEEP_MS = 50;
const MAX_DRAINED_BYTES = 64 * 1024 * 1024;

/**
 * A small S3 server on a folder, for development, tests and small sites on one machine; production uses MinIO. It serves
 * `minio` and the AWS SDK v3 as MinIO does, path style, one account, one region, without versions, policies or tags.
 */
export class EmbeddedS3Server {
  readonly port: number;
  readonly #server: Server;

  /** @throws Error when NODE_ENV is production, or the port is taken (EADDRINUSE) */
  static async create(options: EmbeddedS3Options): Promise<EmbeddedS3Server> {
    if (process.env.NODE_ENV === 'production') {
      throw new Error(
        'The embedded S3 server is not for production: set S3_ENDPOINT to a MinIO or another S3.',
      );
    }
    // The port first: a second server, started by mistake, must not touch the folder of the first.
    const storage = Promise.withResolvers<StorageFolder>();
    const handle = (request: IncomingMessage, response: ServerResponse) =>
      void storage.promise.then((folder) => serve(request, response, folder, options));
    const server = await listen(options, handle);
    try {
      storage.resolve(await StorageFolder.create(options.folder));
    } catch (error) {
      server.close();
      server.closeAllConnections();
      throw error;
    }
    return new EmbeddedS3Server(server);
  }

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port; // it listens on TCP
  }

  /** Takes no new connections, lets requests finish for up to 10 s, then ends them. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const force = setTimeout(() => this.#server.closeAllConnections(), DRAIN_MS);
    // A connection that becomes idle later would be kept alive
    const sweep = setInterval(() => this.#server.closeIdleConnections(), SWEEP_MS);
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    clearInterval(sweep);
    clearTimeout(force);
  }
}

async function listen({ host, port }: EmbeddedS3Options, handle: RequestListener): Promise<Server> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, handle);
  server.setTimeout(SOCKET_IDLE_MS);
  // Not answered by Node itself, a request that is refused never sends its body.
  server.on('checkContinue', handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  storage: StorageFolder,
  options: EmbeddedS3Options,
): Promise<void> {
  const requestId = randomBytes(8).toString('hex').toUpperCase();
  const headers = readHeaders(request);
  response.setHeader('x-amz-request-id', requestId);
  for (const [name, value] of corsHeaders(headers)) response.setHeader(name, value);
  try {
    if (request.method === 'OPTIONS') {
      response.writeHead(200, preflightHeaders(headers)).end();
      return;
    }
    await send(response, await answer(request, response, headers, storage, options));
  } catch (error) {
    const s3Error = toS3Error(error);
    if (s3Error.status === 500) options.onError?.(error);
    sendError(request, response, s3Error, requestId);
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  headers: ReadonlyMap<string, string>,
  storage: StorageFolder,
  options: EmbeddedS3Options,
): Promise<Answer> {
  const method = request.method ?? '';
  const target = parseTarget(request.url ?? '');
  const authentication = authenticate({ method, target, headers }, options, Date.now());
  const body = () => {
    if (headers.get('expect')?.toLowerCase() === '100-continue') response.writeContinue();
    // Left open when reading stops early, or the answer that says why would be lost with the socket.
    const raw = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    return verifiedBody({ headers, authentication, raw });
  };
  const { region } = options;
  return dispatch({ method, storage, region, query: new Query(target.query), headers, body }, target);
}

/** Lower-case names; a header sent twice is joined by a comma, as the signature wants it. */
function readHeaders(request: IncomingMessage): Map<string, string> {
  const entries = Object.entries(request.headersDistinct);
  return new Map(entries.map(([name, values]) => [name, (values ?? []).join(',')]));
}

async function send(response: ServerResponse, { status, headers, body }: Answer): Promise<void> {
  if (body === undefined || typeof body === 'string') {
    const length = body === undefined ? undefined : { 'content-length': Buffer.byteLength(body) };
    // A bodiless answer to HEAD says the length of the object
    response.writeHead(status, {
      ...(body === undefined && status === 200 && { 'content-length': 0 }),
      ...headers,
      ...length,
    });
    response.end(body);
    return;
  }
  response.writeHead(status, headers);
  await pipeline(body, response).catch(() => response.destroy()); // the client went away, or the disk failed
}

function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  error: S3Error,
  requestId: string,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const [path = '/'] = (request.url ?? '/').split('?');
  const document = errorDocument(error.code, error.message, path, requestId);
  if (isWorthDraining(request)) request.resume();
  else response.setHeader('connection', 'close');
  response.writeHead(error.status, {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(document),
    ...error.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : document);
}

/**
 * Whether to read on what nobody wants: a client that is still sending would see a reset in place of the answer. One that
 * waits for "100 Continue", or means to send very much, is cut off.
 */
function isWorthDraining(request: IncomingMessage): boolean {
  const length = Number(request.headers['content-length'] ?? 0);
  return request.headers.expect === undefined && length <= MAX_DRAINED_BYTES;
}
