import { Body, Controller, Get, Param, Put, UseGuards } from '@nestjs/common';
import { BroadcastCommand, type BroadcastStatus } from '@yike/contracts/control/commands';
import { Refusal } from '../platform/refusal.ts';
import { Broadcasts } from './broadcasts.ts';
import { SignedRequestGuard } from './signed-request.guard.ts';

/** The API's commands. Idempotent: the wanted state is said, not the change. */
@Controller('control/broadcasts')
@UseGuards(SignedRequestGuard)
export class ControlController {
  readonly #broadcasts: Broadcasts;

  constructor(broadcasts: Broadcasts) {
    this.#broadcasts = broadcasts;
  }

  @Put(':broadcastId')
  async apply(@Param('broadcastId') broadcastId: string, @Body() body: unknown): Promise<BroadcastStatus> {
    const command = BroadcastCommand.parse(body);
    if (command.broadcastId !== broadcastId)
      throw new Refusal('invalid-request', 'the path names another broadcast');
    await this.#broadcasts.apply(command);
    return this.status(broadcastId);
  }

  @Get(':broadcastId')
  status(@Param('broadcastId') broadcastId: string): BroadcastStatus {
    const status = this.#broadcasts.status(broadcastId);
    if (!status) throw new Refusal('not-found');
    return status;
  }
}
