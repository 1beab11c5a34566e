import { createServer, request as sendRequest } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';

/**
 * What the proxy does to requests:
 * - `none` passes them on, untouched (the Host header too, which is signed)
 * - `refuse` closes the port: ECONNREFUSED, and cuts what is open
 * - `hang` takes requests and never answers
 * - `error-500` answers 500 without asking the storage
 * - `truncate-put` passes on half of a body, then cuts both sides
 * - `ok-with-error-body` answers 200 with an S3 error document, and stores nothing
 * - `drop-answer` lets the storage act, then cuts the connection before the answer
 */
export type Fault =
  'none' | 'refuse' | 'hang' | 'error-500' | 'truncate-put' | 'ok-with-error-body' | 'drop-answer';

export interface FaultyProxyOptions {
  /** `http://127.0.0.1:9000` */
  readonly target: string;
  /** Requests that are left alone whatever the fault, except `refuse`. Default: none. */
  readonly spares?: (request: { method: string; path: string }) => boolean;
}

const ERROR_DOCUMENT =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>';

/** A storage that fails on command, for tests: a proxy before an S3 server whose fault is switched while it runs. */
export class FaultyProxy {
  readonly #options: FaultyProxyOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #fault: Fault = 'none';
  #port = 0;
  #faultyRequests = 0;

  static async create(options: FaultyProxyOptions): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(options);
    await proxy.#listen();
    return proxy;
  }

  private constructor(options: FaultyProxyOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#handle(request, response));
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Requests that met a fault so far. */
  get faultyRequests(): number {
    return this.#faultyRequests;
  }

  /** Resolves once the fault holds; requests that were hanging are cut. */
  async setFault(fault: Fault): Promise<void> {
    const wasHanging = this.#fault === 'hang';
    this.#fault = fault;
    if (fault === 'refuse') {
      await this.#stopListening();
      return;
    }
    if (wasHanging) this.#cutAll();
    if (!this.#server.listening) await this.#listen();
  }

  async close(): Promise<void> {
    await this.#stopListening();
  }

  async #listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port; // it listens on TCP
  }

  async #stopListening(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#cutAll();
    await closed;
  }

  #cutAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    const method = request.method ?? '';
    const path = request.url ?? '';
    const isSpared = this.#options.spares?.({ method, path }) === true;
    const fault = isSpared || (this.#fault === 'truncate-put' && method !== 'PUT') ? 'none' : this.#fault;
    if (fault !== 'none') this.#faultyRequests += 1;
    switch (fault) {
      case 'hang':
        return;
      case 'error-500':
        answerDocument(request, response, 500);
        return;
      case 'ok-with-error-body':
        answerDocument(request, response, 200);
        return;
      case 'truncate-put':
        await this.#passOnHalf(request);
        return;
      default:
        await this.#passOn(request, response, fault === 'drop-answer');
    }
  }

  async #passOn(request: IncomingMessage, response: ServerResponse, dropsAnswer: boolean): Promise<void> {
    const upstream = this.#open(request);
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      upstream.once('response', resolve).once('error', reject);
    });
    answered.catch(() => undefined);
    response.once('close', () => upstream.destroy());
    try {
      await Promise.all([pipeline(request, upstream).catch(() => undefined), answered]);
      const answer = await answered;
      if (dropsAnswer) {
        answer.resume();
        request.socket.resetAndDestroy();
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      await pipeline(answer, response);
    } catch {
      request.socket.destroy();
    }
  }

  async #passOnHalf(request: IncomingMessage): Promise<void> {
    const upstream = this.#open(request);
    upstream.on('error', () => undefined);
    let bytesLeft = Math.floor(Number(request.headers['content-length'] ?? 0) / 2);
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      const passed = chunk.subarray(0, bytesLeft);
      bytesLeft -= passed.length;
      if (bytesLeft > 0) upstream.write(passed);
      else await new Promise((resolve) => upstream.write(passed, resolve));
      if (bytesLeft <= 0) break;
    }
    upstream.destroy();
    request.socket.resetAndDestroy();
  }

  #open(request: IncomingMessage) {
    const { hostname, port } = new URL(this.#options.target);
    const { method, url: path, rawHeaders: headers } = request;
    return sendRequest({ hostname, port, method, path, headers, agent: false });
  }
}

function answerDocument(request: IncomingMessage, response: ServerResponse, status: number): void {
  request.resume();
  response.writeHead(status, {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(ERROR_DOCUMENT),
  });
  response.end(request.method === 'HEAD' ? undefined : ERROR_DOCUMENT);
}
