import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { BroadcastCommand, KEY_INFO, SIGNATURE_HEADER } from '@yike/contracts/control/commands';
import type { MediaEvent } from '@yike/contracts/control/events';
import { EventId, MediaNodeId, newId } from '@yike/contracts/ids';
import type { ObjectStore } from '@yike/storage/object-store';
import { pino } from 'pino';
import { deriveKey, sign, verifySignature } from '../../media/src/control/signature.ts';
import type { DraftEvent, EpochSink } from '../../media/src/recording/ports.ts';
import { RecordingService } from '../../media/src/recording/recording-service.ts';

const NODE_ID = MediaNodeId.parse('bench');
const BATCH = 200;
const SEGMENT_MS = 4_000;
const VIDEO_BYTES = 100_000;
const AUDIO_BYTES = 30_000;
/** Segments that may wait for storage while a long lecture is fed. */
const AHEAD_BYTES = 4_000_000;

/**
 * A media node whose lectures pass as fast as storage takes them: the real recorder (spool, uploads, manifests, events) behind
 * the real control interface, fed with segments instead of RTP.
 */
export class FastNode {
  readonly #server: Server;
  readonly #origin: string;
  readonly #key: Uint8Array;
  readonly #recordings: RecordingService<string>;
  readonly #sinks = new Map<string, EpochSink>();
  readonly #opened: BroadcastCommand[] = [];
  readonly #waiting: MediaEvent[] = [];
  #shipping: Promise<void> | null = null;
  #n = 0;

  private constructor(server: Server, origin: string, secret: string, store: ObjectStore, folder: string) {
    this.#server = server;
    this.#origin = origin;
    this.#key = deriveKey(secret, KEY_INFO.control);
    this.#recordings = new RecordingService<string>(
      {
        store,
        events: { emit: (event) => this.#tell(event) },
        logger: pino({ level: 'error' }),
        now: Date.now,
        startEpoch: (source, sink) => {
          this.#sinks.set(source, sink);
          const stop = (): Promise<void> => {
            sink.ended('finished');
            return Promise.resolve();
          };
          return Promise.resolve({ stop });
        },
      },
      path.join(folder, 'spool'),
    );
  }

  static async start(origin: string, secret: string, store: ObjectStore, folder: string): Promise<FastNode> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const node = new FastNode(server, origin, secret, store, folder);
    server.on('request', (request, response) => {
      void buffer(request).then((body) => {
        const signed = { method: request.method ?? '', path: request.url ?? '', body };
        const header = request.headers[SIGNATURE_HEADER];
        if (verifySignature(node.#key, signed, String(header), Date.now()) !== 'valid') {
          response.writeHead(401).end();
          return;
        }
        node.#obey(BroadcastCommand.parse(JSON.parse(body.toString())));
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    return node;
  }

  async heartbeat(): Promise<void> {
    await this.#send('PUT', `/api/internal/media-nodes/${NODE_ID}`, {
      nodeId: NODE_ID,
      controlUrl: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`, // it listens on TCP
      socketPath: '/media/bench/socket.io',
      publicOrigin: null,
      state: 'ready',
      load: 0,
      startedAtMs: Date.now(),
    });
  }

  has(broadcastId: string): boolean {
    return this.#opened.some((command) => command.broadcastId === broadcastId);
  }

  /** A lecture of so many minutes, stored but for its last segment. @returns that last picture segment's bytes */
  async lecture(broadcastId: string, minutes: number): Promise<Buffer> {
    const recordings = this.#recordings;
    recordings.publish(broadcastId, broadcastId);
    while (!this.#sinks.has(broadcastId)) await sleep(5);
    const sink = this.#sinks.get(broadcastId);
    if (!sink) throw new Error('the epoch did not start');
    sink.started(Date.now() - minutes * 60_000, ['video', 'audio']);
    sink.init({ kind: 'video', codec: 'avc1.42c01f', width: 1280, height: 720, bytes: Buffer.from('video') });
    sink.init({ kind: 'audio', codec: 'mp4a.40.2', bytes: Buffer.from('audio') });
    let last = Buffer.alloc(0);
    for (let startMs = 0; startMs < minutes * 60_000; startMs += SEGMENT_MS) {
      const part = { startMs, endMs: startMs + SEGMENT_MS, independent: true, opensSegment: true };
      last = randomBytes(VIDEO_BYTES);
      sink.part({ kind: 'video', ...part, bytes: last });
      sink.part({ kind: 'audio', ...part, bytes: randomBytes(AUDIO_BYTES) });
      while (recordings.status(broadcastId).waitingBytes > AHEAD_BYTES) await sleep(5);
    }
    await sleep(100);
    while (recordings.status(broadcastId).waitingBytes > 0) await sleep(20);
    await this.#shipping;
    return last;
  }

  async close(): Promise<void> {
    await this.#recordings.shutdown();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #obey(command: BroadcastCommand): void {
    if (command.state === 'closed') {
      void this.#recordings.close(command);
      return;
    }
    this.#opened.push(command);
    this.#recordings.open(command);
  }

  /** In order and in batches, as the outbox does. */
  #tell(event: DraftEvent): Promise<void> {
    this.#n += 1;
    this.#waiting.push({ ...event, id: newId(EventId), nodeId: NODE_ID, n: this.#n, atMs: Date.now() });
    this.#shipping ??= this.#ship().finally(() => {
      this.#shipping = null;
    });
    return Promise.resolve();
  }

  async #ship(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#send('POST', '/api/internal/media-events', { events: this.#waiting.splice(0, BATCH) });
    }
  }

  async #send(method: 'PUT' | 'POST', target: string, content: unknown): Promise<void> {
    const body = JSON.stringify(content);
    const signature = sign(this.#key, { method, path: target, body }, Date.now());
    const headers = { 'content-type': 'application/json', [SIGNATURE_HEADER]: signature };
    const reply = await fetch(new URL(target, this.#origin), { method, body, headers });
    if (!reply.ok) throw new Error(`${target} answered ${reply.status}: ${await reply.text()}`);
    await reply.body?.cancel();
  }
}
