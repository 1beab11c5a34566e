import { Global, Module } from '@nestjs/common';
import { DeliverySink } from '../../media-link/delivery-sink.ts';
import { MediaNodesModule } from '../../media-link/media-nodes.module.ts';
import { BankModule } from '../bank/bank.module.ts';
import { ViewingTotalsPort } from '../bank/viewing-totals.ts';
import { BroadcastsModule } from '../broadcasts/broadcasts.module.ts';
import { LecturesModule } from '../lectures/lectures.module.ts';
import { LibraryModule } from '../library/library.module.ts';
import { ProgressPort } from '../library/progress-port.ts';
import { PlaybackDirectory } from '../playback-media/playback-directory.ts';
import { SegmentRequestSink } from '../playback-media/segment-request-sink.ts';
import { TimelinesModule } from '../timelines/timelines.module.ts';
import { BeatRecorder } from './beat-recorder.service.ts';
import { BeatsRepository } from './beats.repository.ts';
import { CoveragesRepository } from './coverages.repository.ts';
import { Deliveries } from './deliveries.service.ts';
import { DueCompletions } from './due-completions.service.ts';
import { EvaluationService } from './evaluation.service.ts';
import { EvidenceRepository } from './evidence.repository.ts';
import { JudgingService } from './judging.service.ts';
import { LeasesRepository } from './leases.repository.ts';
import { LivePlaylists } from './live-playlists.service.ts';
import { PlaybackGrants } from './playback-grants.service.ts';
import { PlaybacksController } from './playbacks.controller.ts';
import { PlaybacksRepository } from './playbacks.repository.ts';
import { PlaybacksService } from './playbacks.service.ts';
import { ProgressService } from './progress.service.ts';
import { Proofs } from './proofs.service.ts';
import { SegmentRequests } from './segment-requests.service.ts';
import { SessionEvidence } from './session-evidence.service.ts';
import { VerdictsRepository } from './verdicts.repository.ts';
import { ViewingFigures } from './viewing-figures.service.ts';
import { ViewingGateway } from './viewing.gateway.ts';
import { ViewingIntake } from './viewing-intake.service.ts';
import { ViewingSummaries } from './viewing-summary.service.ts';
import { ViewingSweeper } from './viewing-sweeper.ts';
import { ViewingTotalsService } from './viewing-totals.service.ts';

/** Viewing time: sessions, the lease, beats, evidence, coverage. Global, since it provides what other features only ask for. */
@Global()
@Module({
  imports: [LibraryModule, TimelinesModule, MediaNodesModule, BroadcastsModule, LecturesModule, BankModule],
  controllers: [PlaybacksController],
  providers: [
    ...[PlaybacksService, JudgingService, BeatRecorder, EvaluationService, ViewingIntake, ViewingSummaries],
    ...[DueCompletions],
    ...[ViewingGateway, ViewingSweeper, ViewingFigures],
    ...[PlaybacksRepository, LeasesRepository, BeatsRepository, EvidenceRepository, VerdictsRepository],
    ...[CoveragesRepository, SegmentRequests, Proofs, SessionEvidence, LivePlaylists],
    { provide: PlaybackDirectory, useClass: PlaybackGrants },
    { provide: SegmentRequestSink, useExisting: SegmentRequests },
    { provide: DeliverySink, useClass: Deliveries },
    { provide: ProgressPort, useClass: ProgressService },
    { provide: ViewingTotalsPort, useClass: ViewingTotalsService },
  ],
  exports: [
    PlaybackDirectory,
    SegmentRequestSink,
    DeliverySink,
    ProgressPort,
    ViewingTotalsPort,
    ViewingFigures,
  ],
})
export class ViewingModule {}
