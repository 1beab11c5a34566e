import { Module } from '@nestjs/common';
import { MediaNodesRepository } from './media-nodes.repository.ts';
import { MediaNodesService } from './media-nodes.service.ts';
import { NodeCommands } from './node-commands.ts';
import { TicketSigner } from './ticket-signer.ts';

/** The way to the media nodes: which there are, commands to them, and tickets for browsers. */
@Module({
  providers: [MediaNodesService, MediaNodesRepository, NodeCommands, TicketSigner],
  exports: [MediaNodesService, NodeCommands, TicketSigner],
})
export class MediaNodesModule {}
