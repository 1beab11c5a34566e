import { Module } from '@nestjs/common';
import { MediaNodesRepository } from './media-nodes.repository.ts';
import { MediaNodesService } from './media-nodes.service.ts';
import { NodeCommands } from './node-commands.ts';

/** The way to the media nodes: which there are, and commands to them. */
@Module({
  providers: [MediaNodesService, MediaNodesRepository, NodeCommands],
  exports: [MediaNodesService, NodeCommands],
})
export class MediaNodesModule {}
