import { Inject } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
} from '@nestjs/websockets';
import { type BeatAck, BeatBatch, type Reply, TakeLease } from '@yike/contracts/realtime/viewing';
import type { Logger } from 'pino';
import { NotSignedIn } from '../../platform/problems/problems.ts';
import type { PortalServer, PortalSocket } from '../../platform/realtime/portal-socket.adapter.ts';
import { userRoom } from '../../platform/realtime/portal-sockets.ts';
import { replyTo } from '../../platform/realtime/reply.ts';
import type { SignedInUser } from '../../platform/security/actor.ts';
import { Does } from '../../platform/security/does.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { PlaybacksService } from './playbacks.service.ts';
import { ViewingIntake } from './viewing-intake.service.ts';

/** Beats and the lease, from the pages of signed-in residents. Every message is answered. */
@WebSocketGateway()
export class ViewingGateway {
  @WebSocketServer()
  private readonly server!: PortalServer;

  constructor(
    private readonly intake: ViewingIntake,
    private readonly playbacks: PlaybacksService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  @SubscribeMessage('viewing:beat')
  @Does('playback.beat')
  beat(@ConnectedSocket() socket: PortalSocket, @MessageBody() message: unknown): Promise<Reply<BeatAck>> {
    return replyTo(this.log, BeatBatch, message, ({ beats }) => this.intake.take(userOf(socket).id, beats));
  }

  @SubscribeMessage('lease:take')
  @Does('playback.take-lease')
  takeLease(
    @ConnectedSocket() socket: PortalSocket,
    @MessageBody() message: unknown,
  ): Promise<Reply<{ since: string }>> {
    return replyTo(this.log, TakeLease, message, async ({ playbackId, insteadOf }) => {
      const { id } = userOf(socket);
      await this.intake.countLease(id);
      const { since, lost } = await this.playbacks.takeLease(id, playbackId, insteadOf);
      // The older device is one of this resident's sockets: each knows its own session.
      if (lost !== null) this.server.to(userRoom(id)).emit('lease:lost', lost);
      return { since };
    });
  }
}

function userOf({ data: { user } }: PortalSocket): SignedInUser {
  if (user === null) throw new NotSignedIn('sign in to play');
  return user;
}
