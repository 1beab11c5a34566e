import { Module } from '@nestjs/common';
import { CaptionsRepository } from './captions.repository.ts';
import { CaptionsService } from './captions.service.ts';
import { SegmentIndex } from './segment-index.ts';
import { TimelineRecorder } from './timeline-recorder.ts';
import { TimelinesRepository } from './timelines.repository.ts';
import { TimelinesService } from './timelines.service.ts';

/** Timelines, their epochs, segments and captions: the index to what lies in object storage. */
@Module({
  providers: [
    ...[TimelinesService, SegmentIndex, TimelineRecorder, TimelinesRepository],
    ...[CaptionsService, CaptionsRepository],
  ],
  exports: [TimelinesService, SegmentIndex, TimelineRecorder, CaptionsService],
})
export class TimelinesModule {}
