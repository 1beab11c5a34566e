import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { BroadcastCommand } from '@yike/contracts/control/commands';
import { KEY_INFO } from '@yike/contracts/control/commands';
import { BroadcastId, newId, PlaybackId, RecordingId } from '@yike/contracts/ids';
import type { TicketClaims } from '@yike/contracts/signaling/room';
import { SignJWT } from 'jose';
import { testEnvironment } from '../../../../scripts/testing/env.ts';
import { APP_OPTIONS, createAdapter, furnish, listen } from '../../app.ts';
import { AppModule } from '../../app.module.ts';
import { readConfig } from '../../config.ts';
import { Lifecycle } from '../../control/lifecycle.ts';
import { deriveKey, sign } from '../../control/signature.ts';
import { RECORDING } from '../recording-port.ts';
import { FakeApi } from './fake-api.ts';
import { FakeRecorder } from './fake-recorder.ts';

export const SECRET = 'the secret of a node under test, 32 bytes';

/** A whole media node: real mediasoup workers, HTTP and sockets; only ffmpeg and the API are stand-ins. */
export class TestNode {
  readonly url: string;
  readonly app: NestFastifyApplication;
  readonly api: FakeApi;
  readonly recorder: FakeRecorder;
  readonly #spool: string;

  private constructor(
    url: string,
    app: NestFastifyApplication,
    api: FakeApi,
    recorder: FakeRecorder,
    spool: string,
  ) {
    this.url = url;
    this.app = app;
    this.api = api;
    this.recorder = recorder;
    this.#spool = spool;
  }

  /** @param prepare sets the API, and what an earlier process left, up before the node starts */
  static async start(
    env: Record<string, string> = {},
    prepare: (api: FakeApi, recorder: FakeRecorder) => void = () => undefined,
  ): Promise<TestNode> {
    const { workerBin } = testEnvironment();
    const api = new FakeApi(SECRET);
    const spool = mkdtempSync(path.join(tmpdir(), 'media-node-'));
    const config = readConfig({
      LOG_LEVEL: 'silent',
      PORT: '0',
      RTC_PORT: '0',
      MEDIA_NODE_ID: 'test',
      MEDIA_NODE_SECRET: SECRET,
      API_URL: await api.listen(),
      PUBLIC_PATH: '/media/test',
      SPOOL_DIR: spool,
      MEDIASOUP_WORKER_BIN: workerBin,
      MEDIASOUP_NUM_WORKERS: '1',
      S3_ENDPOINT: 'http://127.0.0.1:9',
      S3_ACCESS_KEY: 'key',
      S3_SECRET_KEY: 'secret',
      ...env,
    });
    const recorder = new FakeRecorder();
    prepare(api, recorder);
    const module = await Test.createTestingModule({ imports: [AppModule.of(config)] })
      .overrideProvider(RECORDING)
      .useValue(recorder)
      .compile();
    const app = module.createNestApplication<NestFastifyApplication>(createAdapter(), APP_OPTIONS);
    furnish(app, config);
    const url = await listen(app, config);
    await app.get(Lifecycle).start(url);
    return new TestNode(url, app, api, recorder, spool);
  }

  /** Opens a broadcast as the API does, by a signed command, and keeps wanting it. */
  async open(): Promise<BroadcastCommand> {
    const command = newCommand();
    this.api.wanted = [...this.api.wanted, command];
    const { status } = await this.command(command);
    if (status !== 200) throw new Error(`not opened: ${status}`);
    return command;
  }

  async command(content: BroadcastCommand, headers: Record<string, string> = {}): Promise<Response> {
    const target = `/control/broadcasts/${content.broadcastId}`;
    const body = JSON.stringify(content);
    const signature = sign(
      deriveKey(SECRET, KEY_INFO.control),
      { method: 'PUT', path: target, body },
      Date.now(),
    );
    return fetch(`${this.url}${target}`, {
      method: 'PUT',
      body,
      headers: { 'content-type': 'application/json', 'yike-signature': signature, ...headers },
    });
  }

  async close(): Promise<void> {
    await this.app.close();
    this.api.close();
    rmSync(this.#spool, { recursive: true, force: true });
  }
}

/** A ticket as the API signs it; a viewer's for one minute unless said otherwise. */
export function ticket(
  broadcastId: string,
  claims: Partial<TicketClaims> = {},
  secret = SECRET,
): Promise<string> {
  const content = {
    use: 'join',
    broadcastId,
    peerId: crypto.randomUUID(),
    playbackId: newId(PlaybackId),
    mayPublish: false,
  };
  return new SignJWT({ ...content, exp: Math.floor(Date.now() / 1000) + 60, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(deriveKey(secret, KEY_INFO.join));
}

/** A broadcast's first placement, as the API would command it. */
export function newCommand(): BroadcastCommand {
  return {
    broadcastId: newId(BroadcastId),
    recordingId: newId(RecordingId),
    state: 'open',
    firstEpoch: 1000,
    timelineZeroAtMs: null,
    closeReason: null,
  };
}
