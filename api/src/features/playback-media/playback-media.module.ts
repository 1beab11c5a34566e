import { Module } from '@nestjs/common';
import { TimelinesModule } from '../timelines/timelines.module.ts';
import { KnownPlaybacks } from './known-playbacks.ts';
import { PlaybackMediaController } from './playback-media.controller.ts';
import { PlaybackMediaService } from './playback-media.service.ts';

/** Playlists and segments. `PlaybackDirectory` and `SegmentRequestSink` come from the viewing feature, which provides them to all. */
@Module({
  imports: [TimelinesModule],
  controllers: [PlaybackMediaController],
  providers: [PlaybackMediaService, KnownPlaybacks],
})
export class PlaybackMediaModule {}
