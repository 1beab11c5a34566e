import { Body, Controller } from '@nestjs/common';
import { PlaybackId } from '@yike/contracts/ids';
import {
  beaconBeats,
  closePlayback,
  getPlaybackSummary,
  listViewingSessions,
  type OpenPlayback,
  openPlayback,
  type Playback,
  type ViewingSummary,
} from '@yike/contracts/http/viewing';
import { BeatBatch } from '@yike/contracts/realtime/viewing';
import {
  BodyOf,
  IdParam,
  type QueryIn,
  QueryOf,
  type ReplyOf,
  Serves,
} from '../../platform/http/endpoint.decorators.ts';
import { InvalidRequest } from '../../platform/problems/problems.ts';
import { CurrentUser, type SignedInUser } from '../../platform/security/actor.ts';
import { Does } from '../../platform/security/does.ts';
import { PlaybacksService } from './playbacks.service.ts';
import { ViewingIntake } from './viewing-intake.service.ts';
import { ViewingSummaries } from './viewing-summary.service.ts';

@Controller()
export class PlaybacksController {
  constructor(
    private readonly playbacks: PlaybacksService,
    private readonly intake: ViewingIntake,
    private readonly summaries: ViewingSummaries,
  ) {}

  @Serves(openPlayback)
  @Does('playback.open')
  async open(
    @BodyOf(openPlayback) wanted: OpenPlayback,
    @CurrentUser() user: SignedInUser,
  ): Promise<Playback> {
    await this.intake.countOpened(user.id);
    return this.playbacks.open(user.id, wanted);
  }

  /** The body is JSON as text, since a beacon can send nothing else without asking first. */
  @Serves(beaconBeats)
  @Does('playback.beat')
  async beacon(
    @IdParam('playbackId', PlaybackId) playbackId: PlaybackId,
    @Body() body: unknown,
    @CurrentUser() user: SignedInUser,
  ): Promise<void> {
    const batch = BeatBatch.safeParse(typeof body === 'string' ? jsonOf(body) : body);
    if (!batch.success) throw new InvalidRequest('this is no batch of beats');
    if (batch.data.beats.some((beat) => beat.playbackId !== playbackId)) {
      throw new InvalidRequest('a beat names another session than the path');
    }
    await this.intake.accept(user.id, batch.data.beats);
  }

  @Serves(closePlayback)
  @Does('playback.close')
  close(
    @IdParam('playbackId', PlaybackId) playbackId: PlaybackId,
    @CurrentUser() user: SignedInUser,
  ): Promise<void> {
    return this.playbacks.close(user.id, playbackId);
  }

  @Serves(getPlaybackSummary)
  @Does('playback.read')
  async summary(
    @IdParam('playbackId', PlaybackId) playbackId: PlaybackId,
    @CurrentUser() user: SignedInUser,
  ): Promise<ViewingSummary> {
    return this.summaries.of(await this.playbacks.own(user.id, playbackId));
  }

  @Serves(listViewingSessions)
  @Does('playback.list-mine')
  sessions(
    @QueryOf(listViewingSessions) query: QueryIn<typeof listViewingSessions>,
    @CurrentUser() user: SignedInUser,
  ): Promise<ReplyOf<typeof listViewingSessions>> {
    return this.summaries.sessions(user.id, query);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidRequest('the body is no JSON');
  }
}
