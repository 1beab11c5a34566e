import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions } from 'socket.io';
import type { MediaConfig } from '../config.ts';
import { Metrics } from '../platform/metrics.ts';
import { observeSockets } from '../platform/observe-sockets.ts';
import { isOriginAllowed, readOrigins } from './origin.ts';
import { isKnownEvent } from './signaling.socket.ts';

/** RTP parameters and capabilities of a browser are under 20 kB. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/** A page that went without a word is noticed within 15 s. */
const PING = { pingInterval: 8000, pingTimeout: 7000 };

/** The socket.io server under the node's public path: bounded messages, known origins only. */
export class SignalingAdapter extends IoAdapter {
  readonly #config: Pick<MediaConfig, 'PUBLIC_PATH' | 'ALLOWED_ORIGINS'>;
  readonly #metrics: Metrics;

  constructor(app: INestApplicationContext, config: Pick<MediaConfig, 'PUBLIC_PATH' | 'ALLOWED_ORIGINS'>) {
    super(app);
    this.#config = config;
    this.#metrics = app.get(Metrics);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const allowedOrigins = readOrigins(this.#config.ALLOWED_ORIGINS);
    const own: Partial<ServerOptions> = {
      ...PING,
      path: `${this.#config.PUBLIC_PATH}/socket.io`,
      serveClient: false,
      maxHttpBufferSize: MAX_MESSAGE_BYTES,
      connectTimeout: 10_000,
      perMessageDeflate: false,
      allowRequest: ({ headers }, answer) => answer(null, isOriginAllowed(headers, allowedOrigins)),
      ...(allowedOrigins.length > 0 && { cors: { origin: allowedOrigins } }),
    };
    // Nest passes partial options under the type of whole ones.
    const server = super.createIOServer(port, { ...options, ...own } as ServerOptions);
    observeSockets(server, this.#metrics, isKnownEvent);
    return server;
  }
}
