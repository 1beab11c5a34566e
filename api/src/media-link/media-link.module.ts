import { Module } from '@nestjs/common';
import { BroadcastsModule } from '../features/broadcasts/broadcasts.module.ts';
import { LecturesModule } from '../features/lectures/lectures.module.ts';
import { LibraryModule } from '../features/library/library.module.ts';
import { TimelinesModule } from '../features/timelines/timelines.module.ts';
import { CompletionService } from './completion.service.ts';
import { EventEffects } from './event-effects.ts';
import { EventInbox } from './event-inbox.ts';
import { InboxCleaner } from './inbox-cleaner.ts';
import { InboxRepository } from './inbox.repository.ts';
import { MediaLinkCheck } from './media-link.check.ts';
import { MediaLinkController } from './media-link.controller.ts';
import { MediaNodesModule } from './media-nodes.module.ts';

/** What media nodes tell us. Deliveries go to `DeliverySink`, which the viewing feature provides to all. */
@Module({
  imports: [MediaNodesModule, BroadcastsModule, LecturesModule, TimelinesModule, LibraryModule],
  controllers: [MediaLinkController],
  providers: [EventInbox, EventEffects, CompletionService, InboxRepository, InboxCleaner, MediaLinkCheck],
})
export class MediaLinkModule {}
