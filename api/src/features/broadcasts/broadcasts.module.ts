import { Module } from '@nestjs/common';
import { MediaNodesModule } from '../../media-link/media-nodes.module.ts';
import { LecturesModule } from '../lectures/lectures.module.ts';
import { TimelinesModule } from '../timelines/timelines.module.ts';
import { BroadcastNewsFeed } from './broadcast-news.feed.ts';
import { BroadcastNewsGateway } from './broadcast-news.gateway.ts';
import { BroadcastTicker } from './broadcast-ticker.ts';
import { BroadcastsController } from './broadcasts.controller.ts';
import { BroadcastsRepository } from './broadcasts.repository.ts';
import { BroadcastsService } from './broadcasts.service.ts';
import { JoinService } from './join.service.ts';
import { Relays } from './relays.service.ts';

/** The live side of lectures. Joining asks `PlaybackDirectory`, which the viewing feature provides to all. */
@Module({
  imports: [LecturesModule, TimelinesModule, MediaNodesModule],
  controllers: [BroadcastsController],
  providers: [
    BroadcastsService,
    BroadcastsRepository,
    JoinService,
    Relays,
    BroadcastNewsFeed,
    BroadcastNewsGateway,
    BroadcastTicker,
  ],
  exports: [BroadcastsService],
})
export class BroadcastsModule {}
