import { Controller } from '@nestjs/common';
import {
  type Broadcast,
  endBroadcast,
  getBroadcast,
  joinBroadcast,
  type JoinTicket,
  startBroadcast,
  stopBroadcast,
  undoEndBroadcast,
} from '@yike/contracts/http/broadcasts';
import { BroadcastId, LectureId } from '@yike/contracts/ids';
import type { z } from 'zod';
import { BodyOf, IdParam, Serves } from '../../platform/http/endpoint.decorators.ts';
import { CurrentUser, Public, Roles, SignedIn, type SignedInUser } from '../../platform/security/audience.ts';
import { BroadcastsService } from './broadcasts.service.ts';
import { JoinService } from './join.service.ts';

@Controller()
export class BroadcastsController {
  constructor(
    private readonly broadcasts: BroadcastsService,
    private readonly joins: JoinService,
  ) {}

  @Serves(startBroadcast)
  @Roles('lecturer')
  start(
    @IdParam('lectureId', LectureId) id: LectureId,
    @CurrentUser() user: SignedInUser,
  ): Promise<Broadcast> {
    return this.broadcasts.start(id, user.id);
  }

  @Serves(getBroadcast)
  @Public()
  get(@IdParam('broadcastId', BroadcastId) id: BroadcastId): Promise<Broadcast> {
    return this.broadcasts.get(id);
  }

  @Serves(joinBroadcast)
  @SignedIn()
  join(
    @IdParam('broadcastId', BroadcastId) id: BroadcastId,
    @BodyOf(joinBroadcast) request: z.output<typeof joinBroadcast.body>,
    @CurrentUser() user: SignedInUser,
  ): Promise<JoinTicket> {
    return this.joins.join(id, user.id, request);
  }

  @Serves(endBroadcast)
  @Roles('lecturer')
  end(
    @IdParam('broadcastId', BroadcastId) id: BroadcastId,
    @BodyOf(endBroadcast) { now }: z.output<typeof endBroadcast.body>,
    @CurrentUser() user: SignedInUser,
  ): Promise<Broadcast> {
    return this.broadcasts.commandAs(user.id, id, { do: 'end', now });
  }

  @Serves(undoEndBroadcast)
  @Roles('lecturer')
  undoEnd(
    @IdParam('broadcastId', BroadcastId) id: BroadcastId,
    @CurrentUser() user: SignedInUser,
  ): Promise<Broadcast> {
    return this.broadcasts.commandAs(user.id, id, { do: 'undo-end' });
  }

  @Serves(stopBroadcast)
  @Roles('admin')
  stop(
    @IdParam('broadcastId', BroadcastId) id: BroadcastId,
    @BodyOf(stopBroadcast) { reason }: z.output<typeof stopBroadcast.body>,
    @CurrentUser() user: SignedInUser,
  ): Promise<Broadcast> {
    return this.broadcasts.stop(id, { by: user.id, reason });
  }
}
