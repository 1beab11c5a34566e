import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KEY_INFO, NodeHeartbeat, type BroadcastCommand } from '@yike/contracts/control/commands';
import { type MediaEvent, MediaEventBatch } from '@yike/contracts/control/events';
import { deriveKey, verifySignature } from '../../control/signature.ts';

/** The API's two internal routes on a port of its own: takes heartbeats and events, says what it wants. */
export class FakeApi {
  readonly #server: Server;
  readonly #key: Uint8Array;
  readonly events: MediaEvent[] = [];
  readonly heartbeats: NodeHeartbeat[] = [];
  wanted: BroadcastCommand[] = [];
  /** Away: every request is answered with 503. */
  isAway = false;
  /** Requests that came while it was away. */
  turnedAway = 0;
  /** What it cannot take: refused by id, or so that the whole batch is answered with 400. */
  refuses: (event: MediaEvent) => 'event' | 'batch' | undefined = () => undefined;

  constructor(secret: string) {
    this.#key = deriveKey(secret, KEY_INFO.control);
    this.#server = createServer((request, reply) => {
      void this.#answer(request).then(({ status, body }) => {
        reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  of<T extends MediaEvent['type']>(type: T): Extract<MediaEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<MediaEvent, { type: T }> => event.type === type);
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { method = '', url = '' } = request;
    const header = [request.headers['yike-signature']].flat()[0];
    if (verifySignature(this.#key, { method, path: url, body }, header, Date.now()) !== 'valid') {
      return { status: 401, body: {} };
    }
    if (this.isAway) {
      this.turnedAway += 1;
      return { status: 503, body: {} };
    }
    const content: unknown = JSON.parse(body.toString());
    if (method === 'PUT' && url === '/api/internal/media-nodes/test') {
      this.heartbeats.push(NodeHeartbeat.parse(content));
      return { status: 200, body: { wanted: this.wanted } };
    }
    const { events } = MediaEventBatch.parse(content);
    if (events.some((event) => this.refuses(event) === 'batch')) return { status: 400, body: {} };
    const taken = events.filter((event) => this.refuses(event) === undefined);
    const refused = events
      .filter((event) => !taken.includes(event))
      .map(({ id }) => ({ id, reason: 'unknown' }));
    this.events.push(...taken);
    return { status: 200, body: { accepted: taken.map(({ id }) => id), refused } };
  }
}
