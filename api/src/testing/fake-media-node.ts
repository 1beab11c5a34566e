import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import {
  BroadcastCommand,
  KEY_INFO,
  NodeHeartbeatReply,
  SIGNATURE_HEADER,
} from '@yike/contracts/control/commands';
import { type MediaEvent, MediaEventReply } from '@yike/contracts/control/events';
import type { EpochManifest, ManifestSegment, TrackKind } from '@yike/contracts/control/manifest';
import { EventId, MediaNodeId, newId } from '@yike/contracts/ids';
import { readRequestId, REQUEST_ID_HEADER } from '@yike/contracts/request-id';
import { initKey, manifestKey, recordingPlace, segmentKey } from '@yike/storage/keys';
import type { ObjectStore } from '@yike/storage/object-store';
import { isSignatureValid, signRequest } from '../platform/crypto/node-signature.ts';
import { deriveKey } from '../platform/crypto/secrets.ts';
import { NODE_SECRET } from './api-under-test.ts';

const KEY = deriveKey(NODE_SECRET, KEY_INFO.control);
type EventBody<T extends MediaEvent['type']> = Omit<
  Extract<MediaEvent, { type: T }>,
  'id' | 'nodeId' | 'broadcastId' | 'recordingId' | 'epoch' | 'n'
>;

/** A media node as far as the API sees one: takes signed commands over HTTP, sends heartbeats and events, stores segments. */
export class FakeMediaNode {
  readonly id: MediaNodeId;
  readonly commands: BroadcastCommand[] = [];
  /** On whose behalf they came, command by command. */
  readonly requestIds: (string | undefined)[] = [];
  /** What commands are answered with. */
  status = 200;
  readonly #server: Server;
  readonly #apiUrl: string;
  #n = 0;

  static async create(apiUrl: string, id = 'node-1'): Promise<FakeMediaNode> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FakeMediaNode(server, apiUrl, MediaNodeId.parse(id));
  }

  private constructor(server: Server, apiUrl: string, id: MediaNodeId) {
    this.id = id;
    this.#server = server;
    this.#apiUrl = apiUrl;
    server.on('request', (request, response) => {
      void buffer(request).then((body) => {
        const signed = { method: request.method ?? '', path: request.url ?? '', body };
        const isValid = isSignatureValid(KEY, signed, String(request.headers[SIGNATURE_HEADER]), Date.now());
        this.requestIds.push(readRequestId(request.headers[REQUEST_ID_HEADER]));
        if (isValid) this.commands.push(BroadcastCommand.parse(JSON.parse(body.toString())));
        response.writeHead(isValid ? this.status : 401).end('{}');
      });
    });
  }

  get controlUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // it listens on TCP
  }

  async heartbeat(more: { load?: number; state?: 'ready' | 'draining' } = {}): Promise<BroadcastCommand[]> {
    const reply = await this.send('PUT', `/api/internal/media-nodes/${this.id}`, {
      nodeId: this.id,
      controlUrl: this.controlUrl,
      socketPath: `/media/${this.id}/socket.io`,
      publicOrigin: null,
      state: 'ready',
      load: 0,
      startedAtMs: Date.now(),
      ...more,
    });
    return NodeHeartbeatReply.parse(await reply.json()).wanted;
  }

  /** A whole event of a broadcast that the node was told of. */
  event<T extends MediaEvent['type']>(
    { broadcastId, recordingId }: Pick<BroadcastCommand, 'broadcastId' | 'recordingId'>,
    body: EventBody<T>,
    epoch = 0,
  ): MediaEvent {
    this.#n += 1;
    const common = { id: newId(EventId), nodeId: this.id, broadcastId, recordingId, epoch, n: this.#n };
    // The parts of a union's member are that member; TypeScript cannot see it through a parameter.
    return { ...common, ...body } as unknown as MediaEvent;
  }

  async deliver(events: readonly unknown[]): Promise<MediaEventReply> {
    const reply = await this.send('POST', '/api/internal/media-events', { events });
    return MediaEventReply.parse(await reply.json());
  }

  send(method: 'PUT' | 'POST', path: string, content: unknown, key = KEY): Promise<Response> {
    const body = JSON.stringify(content);
    const signature = signRequest(key, { method, path, body }, Date.now());
    const headers = { 'content-type': 'application/json', [SIGNATURE_HEADER]: signature };
    return fetch(new URL(path, this.#apiUrl), { method, body, headers });
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export interface EpochPlan {
  readonly epoch: number;
  /** Timeline ms at which its first segment begins. */
  readonly startMs: number;
  /** How many segments of 4 s each track has. */
  readonly segments: number;
}

export interface StoredEpoch {
  readonly manifest: EpochManifest;
  readonly manifestKey: string;
  readonly manifestSha256: string;
}

const SEGMENT_MS = 4_000;

/** Stores an epoch's segments and manifest, as a recorder would have. The bytes are no media; nothing here decodes them. */
export async function storeEpoch(
  store: ObjectStore,
  recordingId: string,
  zeroAtMs: number,
  plan: EpochPlan,
): Promise<StoredEpoch> {
  const place = recordingPlace(recordingId, plan.epoch);
  const track = async (kind: TrackKind) => {
    const segments: ManifestSegment[] = [];
    for (let seq = 0; seq < plan.segments; seq += 1) {
      const key = segmentKey({ ...place, track: kind, seq });
      const bytes = Buffer.from(`${kind} ${plan.epoch} ${seq}`.padEnd(500));
      await store.put(key, bytes);
      const startMs = plan.startMs + seq * SEGMENT_MS;
      segments.push({
        seq,
        key,
        startMs,
        durationMs: SEGMENT_MS,
        bytes: bytes.length,
        sha256: sha256(bytes),
      });
    }
    const init = Buffer.from(`init ${kind} ${plan.epoch}`);
    await store.put(initKey(place, kind), init);
    const facts = {
      initKey: initKey(place, kind),
      initSha256: sha256(init),
      initBytes: init.length,
      segments,
    };
    return kind === 'video'
      ? { codec: 'avc1.42c01f', width: 1280, height: 720, ...facts }
      : { codec: 'mp4a.40.2', ...facts };
  };
  const manifest: EpochManifest = {
    version: 1,
    recordingId,
    epoch: plan.epoch,
    state: 'final',
    timelineZeroAtMs: zeroAtMs,
    epochStartMs: plan.startMs,
    tracks: { video: await track('video'), audio: await track('audio') },
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  await store.put(manifestKey(place), bytes);
  return { manifest, manifestKey: manifestKey(place), manifestSha256: sha256(bytes) };
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
