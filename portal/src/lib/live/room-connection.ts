import type { JoinTicket } from '@yike/contracts/http/broadcasts';
import { Problem, problem, type ProblemCode } from '@yike/contracts/problem';
import type {
  BroadcastHealth,
  MediaToPortal,
  PortalToMedia,
  RoomState,
} from '@yike/contracts/signaling/room';
import type { Socket } from 'socket.io-client';
import { ApiProblem } from '#lib/api/call.ts';
import { newRequestId } from '#lib/api/request-id.ts';
import { asker } from './acknowledged.ts';
import { pause, waitBefore } from './back-off.ts';
import type { AskRoom, RoomRole } from './room-role.ts';

type RoomSocket = Socket<MediaToPortal, PortalToMedia>;
/** `away`: the connection was lost, or was never had, and is tried again; media may go on meanwhile. */
export type Connection = 'connecting' | 'joined' | 'away' | 'closed';

export interface RoomConnectionOptions {
  /** Asks the API for a fresh ticket. @throws {ApiProblem} */
  readonly ticket: () => Promise<JoinTicket>;
  readonly role: RoomRole;
  readonly onConnection: (connection: Connection) => void;
  readonly onState: (state: RoomState) => void;
  readonly onHealth?: (health: BroadcastHealth) => void;
  /** The room closed for good: ended by the lecturer, stopped by an administrator. */
  readonly onClosed: (reason: 'ended' | 'stopped') => void;
  /** Refusals that others would bear for a while, and this page need not. */
  readonly givesUpOn?: readonly ProblemCode[];
  /** The API will not let this page in, however often it asks; or not now, and the page has another way. */
  readonly onRefused: (refusal: Problem) => void;
}

/** The API's answers that no further asking changes. */
const FINAL: readonly ProblemCode[] = ['broadcast-ended', 'forbidden', 'not-found', 'not-signed-in'];
const CONNECT_WITHIN_MS = 6_000;
const TICKET_WITHIN_MS = 2_000;

class NotAdmitted extends Error {
  readonly problem: Problem;

  constructor(facts: Problem) {
    super(facts.title);
    this.problem = facts;
  }
}

/**
 * A page's place in a broadcast's room. Joins, and joins again by itself after whatever happened: a lost network, a
 * restarted node (by the resume token, so the API may be away), a moved broadcast (by a new ticket).
 */
export class RoomConnection {
  readonly #options: RoomConnectionOptions;
  readonly #closing = new AbortController();
  #ticket: JoinTicket | undefined;
  #resumeToken: string | undefined;
  #socket: RoomSocket | undefined;

  constructor(options: RoomConnectionOptions) {
    this.#options = options;
    // A clean goodbye, or the node would keep this page's place for its return.
    window.addEventListener('pagehide', () => this.#socket?.close(), { signal: this.#closing.signal });
    // While the API is being asked whether this page may come in; asked for again when it is needed.
    import('socket.io-client').catch(() => undefined);
    void this.#run();
  }

  close(): void {
    if (this.#isClosed()) return;
    this.#closing.abort();
    this.#socket?.close();
    this.#options.role.close();
    this.#options.onConnection('closed');
  }

  #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  async #run(): Promise<void> {
    this.#options.onConnection('connecting');
    for (let failures = 0; !this.#closing.signal.aborted;) {
      try {
        const { gone } = await this.#join(failures);
        failures = 0;
        this.#options.onConnection('joined');
        await gone;
      } catch (cause) {
        if (cause instanceof NotAdmitted) {
          this.close();
          this.#options.onRefused(cause.problem);
          return;
        }
        failures++;
        console.info('the room was not reached; trying again', cause);
      }
      this.#socket?.close();
      if (this.#isClosed()) return;
      this.#options.onConnection('away');
      await pause(waitBefore(failures, Math.random()), this.#closing.signal);
    }
  }

  /** Resolves when the page is in the room and its media flows; `gone` when the socket went, or the media broke. */
  async #join(failures: number): Promise<{ gone: Promise<void> }> {
    const { ticket, token } = await this.#credentials(failures);
    const socket = await this.#connect(ticket, token);
    const { role, onState } = this.#options;
    const ask = askWhileConnected(socket);
    const gone = new Promise<void>((resolve) => {
      socket.once('disconnect', () => resolve());
      role.onBroken = resolve;
    });
    this.#listen(socket);
    const room = await ask('room:join', { direction: role.direction });
    this.#resumeToken = room.resumeToken;
    onState(room.state);
    try {
      await role.joined(ask, room, ticket.iceServers);
    } catch (cause) {
      if (cause instanceof ApiProblem && cause.code === 'codec-not-supported')
        throw new NotAdmitted(cause.problem);
      throw cause;
    }
    return { gone };
  }

  /**
   * The resume token first: it needs no API. After a failure a new ticket, as the broadcast may be on another node by
   * now; then again the token, in turn.
   */
  async #credentials(failures: number): Promise<{ ticket: JoinTicket; token: string }> {
    const resume =
      this.#ticket && this.#resumeToken ? { ticket: this.#ticket, token: this.#resumeToken } : undefined;
    if (resume !== undefined && failures % 2 === 0) return resume;
    try {
      const ticket = this.#options.ticket();
      // An API that neither answers nor refuses must not hold up who could come back without it.
      this.#ticket = await (resume === undefined ? ticket : Promise.race([ticket, noAnswer()]));
      this.#resumeToken = undefined;
      return { ticket: this.#ticket, token: this.#ticket.token };
    } catch (cause) {
      const { givesUpOn = [] } = this.#options;
      if (cause instanceof ApiProblem && [...FINAL, ...givesUpOn].includes(cause.code))
        throw new NotAdmitted(cause.problem);
      if (resume !== undefined) return resume;
      throw cause;
    }
  }

  async #connect(ticket: JoinTicket, token: string): Promise<RoomSocket> {
    const { io } = await import('socket.io-client');
    const socket: RoomSocket = io(ticket.origin ?? '', {
      path: ticket.socketPath,
      auth: { token, requestId: newRequestId() },
      forceNew: true,
      reconnection: false,
      timeout: CONNECT_WITHIN_MS,
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
    });
    this.#socket = socket;
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', (cause: Error & { data?: unknown }) => {
        const refusal = Problem.safeParse(cause.data);
        reject(new ApiProblem(refusal.success ? refusal.data : problem('service-unavailable'), { cause }));
      });
    });
    return socket;
  }

  #listen(socket: RoomSocket): void {
    const { role, onState, onHealth, onClosed } = this.#options;
    socket.on('room:state', onState);
    socket.on('room:producers', (state) => {
      onState(state);
      role.producersChanged().catch((cause: unknown) => {
        console.warn('what is published could not be followed', cause);
        if (socket.connected) role.onBroken();
      });
    });
    socket.on('consumer:closed', ({ consumerId }) => role.consumerClosed(consumerId));
    if (onHealth) socket.on('broadcast:health', onHealth);
    socket.on('room:closed', ({ reason }) => {
      if (reason === 'ended' || reason === 'stopped') {
        this.close();
        onClosed(reason);
      } else {
        // It goes on elsewhere: only a new ticket leads there. A node that goes down may be the one that comes back.
        if (reason === 'moved') this.#resumeToken = undefined;
        socket.close();
      }
    });
  }
}

/** Fails when a ticket should have come. @throws {ApiProblem} `service-unavailable` */
async function noAnswer(): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, TICKET_WITHIN_MS));
  throw new ApiProblem(problem('service-unavailable', 'no ticket in time'));
}

/** A socket that is gone would keep what it is asked for its return, and this one never returns: fails at once instead. */
function askWhileConnected(socket: RoomSocket): AskRoom {
  const ask = asker<PortalToMedia>(socket);
  return (event, request) =>
    socket.connected
      ? ask(event, request)
      : Promise.reject(new ApiProblem(problem('service-unavailable', 'the connection is gone')));
}
