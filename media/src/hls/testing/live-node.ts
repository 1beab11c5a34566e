import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { BroadcastCommand } from '@yike/contracts/control/commands';
import { BroadcastId, newId, PlaybackId, RecordingId } from '@yike/contracts/ids';
import { EmbeddedS3Server } from '@yike/storage/embedded/server';
import { createMinioStore } from '@yike/storage/minio-store';
import type { ObjectStore } from '@yike/storage/object-store';
import { testEnvironment } from '../../../../scripts/testing/env.ts';
import { createApp, listen } from '../../app.ts';
import { readConfig } from '../../config.ts';
import { Lifecycle } from '../../control/lifecycle.ts';
import { RECORDING, type RecordingPort, type RecordingSource } from '../../sfu/recording-port.ts';
import { FakeApi } from '../../sfu/testing/fake-api.ts';
import { SECRET, ticket } from '../../sfu/testing/node.ts';

const S3 = { accessKey: 'key-of-a-test', secretKey: 'secret-of-a-test', region: 'us-east-1' };

/** A whole media node that records and serves: real ffmpeg, real storage; only the API is a stand-in, and the source may be any router's. */
export class LiveNode {
  readonly api: FakeApi;
  readonly store: ObjectStore;
  url = '';
  readonly #root: string;
  readonly #apiUrl: string;
  #storage: EmbeddedS3Server;
  #app: NestFastifyApplication | undefined;

  private constructor(root: string, api: FakeApi, apiUrl: string, storage: EmbeddedS3Server) {
    this.#root = root;
    this.api = api;
    this.#apiUrl = apiUrl;
    this.#storage = storage;
    const endpoint = `http://127.0.0.1:${storage.port}`;
    this.store = createMinioStore({ ...S3, endpoint, bucket: 'yike' });
  }

  /** @param root a folder for the spool and the storage */
  static async start(root: string): Promise<LiveNode> {
    const api = new FakeApi(SECRET);
    const storage = await EmbeddedS3Server.create({
      ...S3,
      folder: path.join(root, 's3'),
      host: '127.0.0.1',
      port: 0,
    });
    const node = new LiveNode(root, api, await api.listen(), storage);
    await node.store.ensureBucket();
    await node.up();
    return node;
  }

  /** The process starts (again), with the spool that the last one left. */
  async up(): Promise<void> {
    const { ffmpegPath, workerBin } = testEnvironment();
    const config = readConfig({
      LOG_LEVEL: 'silent',
      PORT: '0',
      RTC_PORT: '0',
      MEDIA_NODE_ID: 'test',
      MEDIA_NODE_SECRET: SECRET,
      API_URL: this.#apiUrl,
      PUBLIC_PATH: '/media/test',
      SPOOL_DIR: path.join(this.#root, 'spool'),
      FFMPEG_PATH: ffmpegPath,
      MEDIASOUP_WORKER_BIN: workerBin,
      MEDIASOUP_NUM_WORKERS: '1',
      S3_ENDPOINT: `http://127.0.0.1:${this.#storage.port}`,
      S3_ACCESS_KEY: S3.accessKey,
      S3_SECRET_KEY: S3.secretKey,
    });
    this.#app = await createApp(config);
    this.url = await listen(this.#app, config);
    await this.#app.get(Lifecycle).start(this.url);
  }

  async down(): Promise<void> {
    await this.#app?.close();
    this.#app = undefined;
  }

  /** Storage goes away, for good. */
  async loseStorage(): Promise<void> {
    await this.#storage.close();
  }

  /** The API wants a new broadcast here, and the node has heard it. */
  open(): BroadcastCommand {
    const command: BroadcastCommand = {
      broadcastId: newId(BroadcastId),
      recordingId: newId(RecordingId),
      state: 'open',
      firstEpoch: 1000,
      timelineZeroAtMs: null,
      closeReason: null,
    };
    this.api.wanted = [...this.api.wanted, command];
    this.recording.open(command);
    return command;
  }

  get recording(): RecordingPort {
    if (!this.#app) throw new Error('the node is down');
    return this.#app.get<RecordingPort>(RECORDING);
  }

  publish({ broadcastId }: BroadcastCommand, source: RecordingSource): void {
    this.recording.publish(broadcastId, source);
  }

  /** The recorders' process ids, not those of the tests' own programs. */
  recorderPids(): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        const [args, status] = [procFile(pid, 'cmdline'), procFile(pid, 'status')];
        return args.includes('sdp\0-i\0pipe:0') && status.includes(`PPid:\t${process.pid}\n`);
      });
  }

  async playerUrl({ broadcastId }: BroadcastCommand): Promise<string> {
    const exp = Math.floor(Date.now() / 1000) + 3600;
    const pass = await ticket(broadcastId, { use: 'watch', playbackId: newId(PlaybackId), exp });
    return `${this.url}/media/test/hls/${broadcastId}/index.m3u8?ticket=${pass}`;
  }

  async close(): Promise<void> {
    await this.down();
    this.api.close();
    await this.#storage.close();
  }
}

/** Empty for a process that is gone. */
function procFile(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
