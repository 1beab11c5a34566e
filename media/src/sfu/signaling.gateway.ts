import { Inject } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import {
  ConnectTransport,
  Consume,
  ConsumerRef,
  CreateTransport,
  type JoinedRoom,
  JoinRoom,
  Produce,
  ProducerRef,
  type Reply,
} from '@yike/contracts/signaling/room';
import type { z } from 'zod';
import { Broadcasts } from '../control/broadcasts.ts';
import { LOG, type Log } from '../platform/logger.ts';
import { Refusal } from '../platform/refusal.ts';
import { answer, readBody } from './answer.ts';
import type { Peer } from './peer.ts';
import type { Room } from './room.ts';
import { SignalingDoor } from './signaling.door.ts';
import { linkOf, type SignalingServer, type SignalingSocket } from './signaling.socket.ts';
import { Tickets } from './tickets.ts';

/** A page whose socket is gone keeps its place this long; WebRTC goes on without it. */
const RESUME_GRACE_MS = 10_000;
/** Reasons of socket.io that mean the end, not an accident: the page left, or we threw it out. */
const FINAL = ['client namespace disconnect', 'server namespace disconnect'];

/** The pages' way to their room. Each request is checked, done in order, and always answered. */
@WebSocketGateway()
export class SignalingGateway
  implements
    OnGatewayInit<SignalingServer>,
    OnGatewayConnection<SignalingSocket>,
    OnGatewayDisconnect<SignalingSocket>
{
  readonly #broadcasts: Broadcasts;
  readonly #tickets: Tickets;
  readonly #door: SignalingDoor;
  readonly #log: Log;

  constructor(broadcasts: Broadcasts, tickets: Tickets, door: SignalingDoor, @Inject(LOG) log: Log) {
    this.#broadcasts = broadcasts;
    this.#tickets = tickets;
    this.#door = door;
    this.#log = log;
  }

  afterInit(server: SignalingServer): void {
    this.#door.guard(server);
  }

  handleConnection(socket: SignalingSocket): void {
    this.#door.watch(socket);
  }

  handleDisconnect({ data }: SignalingSocket, reason?: string): void {
    data.peer?.detach(data.link, FINAL.includes(reason ?? '') ? 0 : RESUME_GRACE_MS);
  }

  @SubscribeMessage('room:join')
  join(@ConnectedSocket() socket: SignalingSocket, @MessageBody() body: unknown): Promise<Reply<JoinedRoom>> {
    return answer(() => {
      const request = readBody(JoinRoom, body);
      return this.#join(socket, request);
    }, this.#log);
  }

  @SubscribeMessage('transport:create')
  createTransport(@ConnectedSocket() socket: SignalingSocket, @MessageBody() body: unknown) {
    return this.#answer(socket, CreateTransport, body, ({ direction }, peer) =>
      peer.createTransport(direction),
    );
  }

  @SubscribeMessage('transport:connect')
  connectTransport(@ConnectedSocket() socket: SignalingSocket, @MessageBody() body: unknown) {
    return this.#answer(socket, ConnectTransport, body, ({ transportId, dtlsParameters }, peer) =>
      peer.connectTransport(transportId, dtlsParameters),
    );
  }

  @SubscribeMessage('producer:create')
  produce(@ConnectedSocket() socket: SignalingSocket, @MessageBody() body: unknown) {
    return this.#answer(socket, Produce, body, (request, peer, room) => room.produce(peer, request));
  }

  @SubscribeMessage('producer:pause')
  pauseProducer(@ConnectedSocket() socket: SignalingSocket, @MessageBody() body: unknown) {
    return this.#answer(socket, ProducerRef, body, async ({ producerId }, peer) => {
      await peer.producer(producerId).pause();
      return null;
    });
  }

  @SubscribeMessage('producer:resume')
  resumeProducer(@ConnectedSocket() socket: SignalingSocket, @MessageBody() body: unknown) {
    return this.#answer(socket, ProducerRef, body, async ({ producerId }, peer) => {
      await peer.producer(producerId).resume();
      return null;
    });
  }

  @SubscribeMessage('producer:close')
  closeProducer(@ConnectedSocket() socket: SignalingSocket, @MessageBody() body: unknown) {
    return this.#answer(socket, ProducerRef, body, ({ producerId }, peer) => {
      peer.producer(producerId).close();
      return Promise.resolve(null);
    });
  }

  @SubscribeMessage('consumer:create-all')
  consumeAll(@ConnectedSocket() socket: SignalingSocket, @MessageBody() body: unknown) {
    return this.#answer(socket, Consume, body, ({ transportId, rtpCapabilities }, peer, room) =>
      peer.consumeAll(transportId, rtpCapabilities, room.producers),
    );
  }

  @SubscribeMessage('consumer:resume')
  resumeConsumer(@ConnectedSocket() socket: SignalingSocket, @MessageBody() body: unknown) {
    return this.#answer(socket, ConsumerRef, body, ({ consumerId }, peer) => peer.resumeConsumer(consumerId));
  }

  /** Requests of a peer that has joined, one after another. */
  #answer<S extends z.ZodType, T>(
    { data }: SignalingSocket,
    schema: S,
    body: unknown,
    work: (request: z.infer<S>, peer: Peer, room: Room) => Promise<T>,
  ): Promise<Reply<T>> {
    return answer(async () => {
      const request = readBody(schema, body);
      const { peer, claims } = data;
      if (!peer || peer.isClosed) throw new Refusal('wrong-state', 'join the room first');
      return peer.inOrder(() => work(request, peer, this.#broadcasts.roomFor(claims.broadcastId)));
    }, this.#log);
  }

  async #join(socket: SignalingSocket, { direction }: z.infer<typeof JoinRoom>): Promise<JoinedRoom> {
    const { data } = socket;
    if (data.hasAskedToJoin) throw new Refusal('wrong-state', 'joined already');
    if (direction === 'send' && !data.claims.mayPublish)
      throw new Refusal('forbidden', 'viewers do not send');
    data.hasAskedToJoin = true;
    data.link = linkOf(socket);
    try {
      const room = this.#broadcasts.roomFor(data.claims.broadcastId);
      const { peer, resumed } = await room.join(data.claims, data.link);
      data.peer = peer;
      if (socket.disconnected) peer.detach(data.link, RESUME_GRACE_MS);
      const [routerRtpCapabilities, resumeToken, transport] = await Promise.all([
        room.routerRtpCapabilities(),
        this.#tickets.issueResume(data.claims),
        direction && !resumed ? peer.inOrder(() => peer.createTransport(direction)) : undefined,
      ]);
      return {
        routerRtpCapabilities,
        resumeToken,
        resumed,
        state: room.state,
        ...(transport && { transport }),
      };
    } catch (error) {
      data.hasAskedToJoin = false;
      throw error;
    }
  }
}
