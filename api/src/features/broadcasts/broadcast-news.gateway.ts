import { Inject, type OnModuleDestroy } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import { type BroadcastNews, FollowBroadcast, type Reply } from '@yike/contracts/realtime/viewing';
import type { Logger } from 'pino';
import type { Subscription } from 'rxjs';
import type { PortalServer, PortalSocket } from '../../platform/realtime/portal-socket.adapter.ts';
import { replyTo } from '../../platform/realtime/reply.ts';
import { Does } from '../../platform/security/does.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { BroadcastNewsFeed } from './broadcast-news.feed.ts';
import { BroadcastsService } from './broadcasts.service.ts';

const roomOf = (broadcastId: string): string => `broadcast:${broadcastId}`;

/** Anyone may follow how a broadcast stands. */
@WebSocketGateway()
export class BroadcastNewsGateway implements OnGatewayInit<PortalServer>, OnModuleDestroy {
  private subscription: Subscription | undefined;

  constructor(
    private readonly broadcasts: BroadcastsService,
    private readonly feed: BroadcastNewsFeed,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  afterInit(server: PortalServer): void {
    this.subscription = this.feed.news.subscribe((news) => {
      server.to(roomOf(news.broadcastId)).emit('broadcast:news', news);
    });
  }

  onModuleDestroy(): void {
    this.subscription?.unsubscribe();
  }

  @SubscribeMessage('broadcast:follow')
  @Does('broadcast.follow')
  follow(
    @ConnectedSocket() socket: PortalSocket,
    @MessageBody() message: unknown,
  ): Promise<Reply<BroadcastNews>> {
    return replyTo(this.log, FollowBroadcast, message, async ({ broadcastId }) => {
      const news = await this.broadcasts.news(broadcastId);
      await socket.join(roomOf(broadcastId));
      return news;
    });
  }
}
