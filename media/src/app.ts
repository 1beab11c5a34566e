import type { INestApplication, NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module.ts';
import type { MediaConfig } from './config.ts';
import { HlsOrigin } from './hls/hls-origin.ts';
import { serveHls } from './hls/hls-routes.ts';
import { Metrics } from './platform/metrics.ts';
import { observeHttp, requestIdOf } from './platform/observe-http.ts';
import { SignalingAdapter } from './sfu/signaling.adapter.ts';

/** A command is under 1 kB. */
const BODY_LIMIT_BYTES = 64 * 1024;

/** `rawBody`: signatures are over the bytes as they came. Connections that idle must not hold up the end of the process. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares these options as a class and takes literals.
export const APP_OPTIONS: NestApplicationOptions = {
  rawBody: true,
  forceCloseConnections: true,
  abortOnError: false,
  bufferLogs: true,
};

export const createAdapter = (): FastifyAdapter =>
  new FastifyAdapter({ bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true, genReqId: requestIdOf });

/** The node, put together and not yet listening. */
export async function createApp(config: MediaConfig): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.of(config),
    createAdapter(),
    APP_OPTIONS,
  );
  furnish(app, config);
  return app;
}

/** What is not said by modules: the log, the live streams under the node's public path, and the sockets. */
export function furnish(app: INestApplication, config: MediaConfig): void {
  app.useLogger(app.get(Logger));
  const server = app.getHttpAdapter().getInstance() as FastifyInstance; // Of the adapter that createAdapter makes.
  observeHttp(server, app.get(Metrics));
  serveHls(server, app.get(HlsOrigin), config.PUBLIC_PATH);
  app.useWebSocketAdapter(new SignalingAdapter(app, config));
}

/** Listens. Returns the address at which other processes of this machine reach the node. */
export async function listen(app: INestApplication, { HOST, PORT }: MediaConfig): Promise<string> {
  await app.listen(PORT, HOST);
  const url = new URL(await app.getUrl());
  if (HOST === '0.0.0.0' || HOST === '::') url.hostname = '127.0.0.1';
  return url.origin;
}
