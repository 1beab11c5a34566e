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
import { CurrentUser, type SignedInUser } from '../../platform/security/actor.ts';
import { Does } from '../../platform/security/does.ts';
import { BroadcastsService } from './broadcasts.service.ts';
import { JoinService } from './join.service.ts';

@Controller()
export class BroadcastsController {
  constructor(
    private readonly broadcasts: BroadcastsService,
    private readonly joins: JoinService,
  ) {}

  @Serves(startBroadcast)
  @Does('broadcast.start')
  start(
    @IdParam('lectureId', LectureId) id: LectureId,
    @CurrentUser() user: SignedInUser,
  ): Promise<Broadcast> {
    return this.broadcasts.start(id, user);
  }

  @Serves(getBroadcast)
  @Does('broadcast.read')
  get(@IdParam('broadcastId', BroadcastId) id: BroadcastId): Promise<Broadcast> {
    return this.broadcasts.get(id);
  }

  @Serves(joinBroadcast)
  @Does('broadcast.join')
  join(
    @IdParam('broadcastId', BroadcastId) id: BroadcastId,
    @BodyOf(joinBroadcast) request: z.output<typeof joinBroadcast.body>,
    @CurrentUser() user: SignedInUser,
  ): Promise<JoinTicket> {
    return this.joins.join(id, user, request);
  }

  @Serves(endBroadcast)
  @Does('broadcast.end')
  end(
    @IdParam('broadcastId', BroadcastId) id: BroadcastId,
    @BodyOf(endBroadcast) { now }: z.output<typeof endBroadcast.body>,
    @CurrentUser() user: SignedInUser,
  ): Promise<Broadcast> {
    return this.broadcasts.commandAs(user, 'broadcast.end', id, { do: 'end', now });
  }

  @Serves(undoEndBroadcast)
  @Does('broadcast.undo-end')
  undoEnd(
    @IdParam('broadcastId', BroadcastId) id: BroadcastId,
    @CurrentUser() user: SignedInUser,
  ): Promise<Broadcast> {
    return this.broadcasts.commandAs(user, 'broadcast.undo-end', id, { do: 'undo-end' });
  }

  @Serves(stopBroadcast)
  @Does('broadcast.stop')
  stop(
    @IdParam('broadcastId', BroadcastId) id: BroadcastId,
    @BodyOf(stopBroadcast) { reason }: z.output<typeof stopBroadcast.body>,
    @CurrentUser() user: SignedInUser,
  ): Promise<Broadcast> {
    return this.broadcasts.stop(user, id, reason);
  }
}
