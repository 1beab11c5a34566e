import { Inject, Injectable } from '@nestjs/common';
import { type Problem, problem } from '@yike/contracts/problem';
import { HandshakeAuth, type Reply } from '@yike/contracts/signaling/room';
import { Broadcasts } from '../control/broadcasts.ts';
import { LOG, type Log } from '../platform/logger.ts';
import { Metrics } from '../platform/metrics.ts';
import { toProblem } from '../platform/problems.ts';
import { RateGuard } from './rate-guard.ts';
import { actionOf, type SignalingServer, type SignalingSocket } from './signaling.socket.ts';
import { Tickets } from './tickets.ts';

/** socket.io's client does not try again by itself when it was turned away: rather let it wait while the node comes up. */
const WAIT_FOR_ROOMS_MS = 5000;

/** What socket.io sends to a page that it does not let in, as `error.data`. */
class TurnedAway extends Error {
  readonly data: Problem;

  constructor(told: Problem) {
    super(told.code);
    this.data = told;
  }
}

/** Lets sockets in by their ticket, and throws those out that flood. */
@Injectable()
export class SignalingDoor {
  readonly #tickets: Tickets;
  readonly #broadcasts: Broadcasts;
  readonly #metrics: Metrics;
  readonly #log: Log;
  readonly #rate = new RateGuard();

  constructor(tickets: Tickets, broadcasts: Broadcasts, metrics: Metrics, @Inject(LOG) log: Log) {
    this.#tickets = tickets;
    this.#broadcasts = broadcasts;
    this.#metrics = metrics;
    this.#log = log;
  }

  /** Before a socket is let in: its ticket must be good and its room open. */
  guard(server: SignalingServer): void {
    server.use((socket, next) => {
      this.#admit(socket.handshake.auth).then(
        (claims) => {
          socket.data.claims = claims;
          next();
        },
        (error: unknown) => next(new TurnedAway(toProblem(error))),
      );
    });
  }

  /** From then on: each message is counted, and known by its name. */
  watch(socket: SignalingSocket): void {
    socket.use((packet, next) => void this.#let(socket, packet, next));
    socket.once('disconnect', () => void this.#rate.forget(socket.id));
  }

  async #admit(auth: unknown) {
    const claims = await this.#tickets.verify(HandshakeAuth.parse(auth).token);
    await this.#broadcasts.settled(claims.broadcastId, WAIT_FOR_ROOMS_MS);
    this.#broadcasts.roomFor(claims.broadcastId);
    return claims;
  }

  async #let(socket: SignalingSocket, packet: readonly unknown[], next: () => void): Promise<void> {
    if (socket.disconnected) return;
    const rate = await this.#rate.take(socket.id);
    if (rate.verdict === 'abuse') {
      this.#throwOut(socket);
    } else if (rate.verdict === 'too-many') {
      refuse(packet, problem('too-many-requests', undefined, { retryAfterSeconds: rate.retryAfterSeconds }));
    } else {
      this.#decide(socket, packet, next);
    }
  }

  /** The ticket says what its peer may do. */
  #decide({ data }: SignalingSocket, packet: readonly unknown[], next: () => void): void {
    const action = actionOf(packet[0]);
    if (action === undefined) refuse(packet, problem('invalid-request', 'no such request'));
    else if (action === 'room.publish' && !data.claims.mayPublish) {
      refuse(packet, problem('forbidden', 'viewers do not send'));
    } else next();
  }

  #throwOut(socket: SignalingSocket): void {
    if (socket.disconnected) return;
    this.#metrics.abusersDisconnected.inc();
    this.#log.warn({ broadcastId: socket.data.claims.broadcastId }, 'socket closed: too many messages');
    socket.disconnect(true);
  }
}

/** Answers where an answer was asked for; the handlers never see the message. */
function refuse(packet: readonly unknown[], told: Problem): void {
  const acknowledge = packet.at(-1);
  if (isCallback(acknowledge)) acknowledge({ ok: false, problem: told });
}

const isCallback = (value: unknown): value is (reply: Reply<never>) => void => typeof value === 'function';
