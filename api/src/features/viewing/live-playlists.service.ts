import { Injectable } from '@nestjs/common';
import type { BroadcastId, MediaNodeId, PlaybackId } from '@yike/contracts/ids';
import { z } from 'zod';
import { MediaNodesService, NoMediaNode } from '../../media-link/media-nodes.service.ts';
import { TicketSigner } from '../../media-link/ticket-signer.ts';
import { Ids } from '../../platform/ids.ts';

/** As long as the longest lecture: a viewer stays on the address that he has. */
const TICKET_SECONDS = 12 * 3_600;
const PeerId = z.uuidv7();

/** Where the live playlists of a broadcast are, for one session. */
@Injectable()
export class LivePlaylists {
  constructor(
    private readonly nodes: MediaNodesService,
    private readonly tickets: TicketSigner,
    private readonly ids: Ids,
  ) {}

  /**
   * @param playback `isCounted`: each address is to carry the ticket, and the node counts the bytes
   * @throws NoMediaNode
   */
  async address(
    broadcastId: BroadcastId,
    mediaNode: MediaNodeId | null,
    { id: playbackId, isCounted }: { readonly id: PlaybackId; readonly isCounted: boolean },
  ): Promise<string> {
    const node = mediaNode && (await this.nodes.byId(mediaNode));
    if (node === null) throw new NoMediaNode('its media node is unknown');
    const ticket = await this.tickets.sign(
      {
        ...{ use: 'watch', broadcastId, peerId: this.ids.next(PeerId), playbackId, mayPublish: false },
        ...(isCounted && { counted: true }),
      },
      TICKET_SECONDS,
    );
    const place = node.socketPath.replace(/\/socket\.io$/, '');
    return `${node.publicOrigin ?? ''}${place}/hls/${broadcastId}/index.m3u8?ticket=${ticket}`;
  }
}
