import { Module } from '@nestjs/common';
import { SegmentIndex } from './segment-index.ts';
import { TimelineRecorder } from './timeline-recorder.ts';
import { TimelinesRepository } from './timelines.repository.ts';
import { TimelinesService } from './timelines.service.ts';

/** Timelines, their epochs and segments: the index to the manifests in object storage. */
@Module({
  providers: [TimelinesService, SegmentIndex, TimelineRecorder, TimelinesRepository],
  exports: [TimelinesService, SegmentIndex, TimelineRecorder],
})
export class TimelinesModule {}
