import type { IncomingMessage } from 'node:http';
import type { INestApplicationContext, WsMessageHandler } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { problem } from '@yike/contracts/problem';
import type { ApiToPortal, PortalToApi } from '@yike/contracts/realtime/viewing';
import type { Logger } from 'pino';
import { isObservable, lastValueFrom } from 'rxjs';
import type { DefaultEventsMap, Server, ServerOptions, Socket } from 'socket.io';
import type { ApiConfig } from '../../config.ts';
import { Metrics } from '../health/metrics.ts';
import { observeSockets } from '../observability/observe-sockets.ts';
import { Acts } from '../security/acts.ts';
import type { SignedInUser } from '../security/actor.ts';
import { SESSION_COOKIE, SessionAuthenticator } from '../security/session-authenticator.ts';
import type { Redis } from '../shared/redis.ts';
import { socketNews } from '../shared/socket-news.ts';
import { CONFIG, LOGGER, REDIS } from '../tokens.ts';
import { cookieOf } from './cookie-header.ts';
import { PortalSockets, sessionRoom, userRoom } from './portal-sockets.ts';
import { guardSockets, socketEvents } from './socket-door.ts';

/** What is known of a connected page: its person, or null without a session. */
interface PortalSocketData {
  user: SignedInUser | null;
}
export type PortalServer = Server<PortalToApi, ApiToPortal, DefaultEventsMap, PortalSocketData>;
export type PortalSocket = Socket<PortalToApi, ApiToPortal, DefaultEventsMap, PortalSocketData>;

const MAX_MESSAGE_BYTES = 256 * 1024;
const PATH = '/api/socket.io';

/** socket.io at `/api/socket.io` for our own pages; the handshake's cookie says who it is, once for its whole life. */
export class PortalSocketAdapter extends IoAdapter {
  readonly #app: INestApplicationContext;

  constructor(app: INestApplicationContext) {
    super(app);
    this.#app = app;
  }

  override createIOServer(port: number, options?: ServerOptions): PortalServer {
    const config = this.#app.get<ApiConfig>(CONFIG);
    const redis = this.#app.get<Redis | null>(REDIS);
    const ours: Partial<ServerOptions> = {
      ...options,
      path: PATH,
      serveClient: false,
      maxHttpBufferSize: MAX_MESSAGE_BYTES,
      ...(redis !== null && { adapter: socketNews(redis) }),
      allowRequest: (request: IncomingMessage, answer: (refusal: string | null, ok: boolean) => void) => {
        const ok = isOwnPage(request, config.PUBLIC_ORIGIN);
        answer(ok ? null : problem('wrong-origin').title, ok);
      },
    };
    // The framework's type asks for every option; socket.io itself for none.
    const server = super.createIOServer(port, ours as ServerOptions) as PortalServer;
    server.use((socket, next) => {
      this.#identify(socket).then(
        () => next(),
        () => next(new Error('service-unavailable')),
      );
    });
    observeSockets(server, this.#app.get(Metrics));
    guardSockets(server, socketEvents(this.#app.get(ModulesContainer)), this.#app.get(Acts));
    this.#app.get(PortalSockets).serve(server);
    return server;
  }

  /** Each message is one question with one answer: no stream is made for it. */
  override bindMessageHandlers(socket: Socket, handlers: readonly WsMessageHandler[]): void {
    for (const { message, callback } of handlers) {
      socket.on(message, (...parts: unknown[]) => {
        const acknowledge = parts.at(-1);
        const rest = isCallback(acknowledge) ? parts.slice(0, -1) : parts;
        const data = rest.length === 1 ? rest[0] : rest; // Whatever is not one thing, no schema takes.
        // Gateways answer by `replyTo`, which never throws; an interceptor makes a stream of one of the answer.
        const answered = callback(data, acknowledge) as Promise<unknown>;
        void answered.then(async (answer) => {
          const reply: unknown = isObservable(answer) ? await lastValueFrom(answer) : answer;
          if (isCallback(acknowledge)) acknowledge(reply);
        });
      });
    }
  }

  async #identify(socket: PortalSocket): Promise<void> {
    const token = cookieOf(socket.handshake.headers.cookie, SESSION_COOKIE);
    try {
      const session =
        token === undefined ? null : await this.#app.get(SessionAuthenticator).authenticate(token, false);
      socket.data.user = session?.user ?? null;
    } catch (error) {
      this.#app.get<Logger>(LOGGER).warn({ err: error }, 'a socket could not be identified');
      throw error;
    }
    const { user } = socket.data;
    if (user !== null) await socket.join([userRoom(user.id), sessionRoom(user.sessionId)]);
  }
}

/** A browser always says where its page comes from; what says nothing is no browser. */
function isOwnPage({ headers }: IncomingMessage, publicOrigin: string | undefined): boolean {
  if (headers.origin === undefined) return true;
  if (publicOrigin !== undefined) return headers.origin === publicOrigin;
  return URL.canParse(headers.origin) && new URL(headers.origin).host === headers.host;
}

const isCallback = (value: unknown): value is (reply: unknown) => void => typeof value === 'function';
