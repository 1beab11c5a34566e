import { Body, Controller, HttpCode, Param, Post, Put } from '@nestjs/common';
import { NodeHeartbeat, type NodeHeartbeatReply } from '@yike/contracts/control/commands';
import type { MediaEventReply } from '@yike/contracts/control/events';
import { MediaNodeId } from '@yike/contracts/ids';
import type { z } from 'zod';
import { BroadcastsService } from '../features/broadcasts/broadcasts.service.ts';
import { InvalidRequest } from '../platform/problems/problems.ts';
import { Does } from '../platform/security/does.ts';
import { EventInbox, LooseEventBatch } from './event-inbox.ts';
import { MediaNodesService } from './media-nodes.service.ts';

/** What media nodes say. */
@Controller('/api/internal')
@Does('node.report')
export class MediaLinkController {
  constructor(
    private readonly nodes: MediaNodesService,
    private readonly broadcasts: BroadcastsService,
    private readonly inbox: EventInbox,
  ) {}

  @Put('/media-nodes/:nodeId')
  async heartbeat(
    @Param('nodeId', { schema: MediaNodeId }) nodeId: MediaNodeId,
    @Body({ schema: NodeHeartbeat }) heartbeat: NodeHeartbeat,
  ): Promise<NodeHeartbeatReply> {
    if (heartbeat.nodeId !== nodeId) throw new InvalidRequest('the path names another node than the body');
    await this.nodes.heard(heartbeat);
    return { wanted: await this.broadcasts.wantedOn(nodeId) };
  }

  @Post('/media-events')
  @HttpCode(200)
  events(
    @Body({ schema: LooseEventBatch }) batch: z.infer<typeof LooseEventBatch>,
  ): Promise<MediaEventReply> {
    return this.inbox.take(batch.events);
  }
}
