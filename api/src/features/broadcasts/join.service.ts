import { Injectable } from '@nestjs/common';
import type { JoinTicket } from '@yike/contracts/http/broadcasts';
import type { BroadcastId, PlaybackId } from '@yike/contracts/ids';
import { z } from 'zod';
import { BroadcastEnded } from '../../domain/broadcast.ts';
import { DomainError, NotFound } from '../../domain/domain-error.ts';
import type { Actor } from '../../domain/policy/can.ts';
import { type MediaNode, MediaNodesService, NoMediaNode } from '../../media-link/media-nodes.service.ts';
import { TicketSigner } from '../../media-link/ticket-signer.ts';
import { Ids } from '../../platform/ids.ts';
import { Acts } from '../../platform/security/acts.ts';
import { LecturesService } from '../lectures/lectures.service.ts';
import { PlaybackDirectory } from '../playback-media/playback-directory.ts';
import { type BroadcastView, BroadcastsService } from './broadcasts.service.ts';
import { Relays } from './relays.service.ts';

/** Nobody has published yet. */
class BroadcastNotLive extends DomainError {
  readonly code = 'broadcast-not-live';
}

/** The node takes no more viewers; the page goes on with HLS. */
class NodeFull extends DomainError {
  readonly code = 'node-full';
}

const TICKET_SECONDS = 60;
const PeerId = z.uuidv7();
/** Viewers' are given by us: nobody's page can name one of them. */
const studioPeer = (studioId: string): string => `studio:${studioId}`;

export interface JoinRequest {
  readonly as: 'viewer' | 'publisher';
  /** The viewer's own playback session, whose delivery is to be counted. */
  readonly playbackId?: PlaybackId | undefined;
  /** The publisher's own window. */
  readonly studioId?: string | undefined;
}

/** Decides who may enter a room, and signs the ticket for its media node. */
@Injectable()
export class JoinService {
  constructor(
    private readonly broadcasts: BroadcastsService,
    private readonly lectures: LecturesService,
    private readonly playbacks: PlaybackDirectory,
    private readonly nodes: MediaNodesService,
    private readonly tickets: TicketSigner,
    private readonly relays: Relays,
    private readonly acts: Acts,
    private readonly ids: Ids,
  ) {}

  /** @throws NotFound, Forbidden, BroadcastEnded, BroadcastNotLive, NodeFull, NoMediaNode */
  async join(id: BroadcastId, actor: Actor, request: JoinRequest): Promise<JoinTicket> {
    const broadcast = await this.broadcasts.view(id);
    if (broadcast === null) throw new NotFound('there is no such broadcast');
    if (broadcast.state === 'ended') throw new BroadcastEnded('the broadcast has ended');
    const mayPublish = request.as === 'publisher';
    if (mayPublish) await this.assertLecturer(broadcast, actor);
    else if (broadcast.state === 'scheduled') throw new BroadcastNotLive('nobody has published yet');
    if (request.playbackId !== undefined) await this.assertOwnPlayback(request.playbackId, broadcast, actor);
    const node = await this.nodeOf(broadcast);
    if (!mayPublish && node.load >= 1) throw new NodeFull('the media node takes no more viewers');
    const claims = {
      use: 'join' as const,
      broadcastId: id,
      peerId: mayPublish && request.studioId ? studioPeer(request.studioId) : this.ids.next(PeerId),
      ...(request.playbackId !== undefined && { playbackId: request.playbackId }),
      mayPublish,
    };
    const token = await this.tickets.sign(claims, TICKET_SECONDS);
    const iceServers = this.relays.for(claims.peerId);
    return { socketPath: node.socketPath, origin: node.publicOrigin, token, mayPublish, iceServers };
  }

  /** A node that goes down lets nobody in: the broadcast goes on at another one. */
  private async nodeOf(broadcast: BroadcastView): Promise<MediaNode> {
    const node = await this.nodes.byId(broadcast.mediaNode);
    if (node === null) throw new NoMediaNode('its media node is unknown');
    if (!node.isDraining) return node;
    const moved = await this.broadcasts.move(broadcast.id);
    return (await this.nodes.byId(moved.mediaNode)) ?? node;
  }

  private async assertLecturer({ lectureId }: BroadcastView, actor: Actor): Promise<void> {
    const lecture = await this.lectures.facts(lectureId);
    if (lecture === null) throw new NotFound('there is no such lecture');
    this.acts.allow(actor, 'broadcast.publish', { ownerId: lecture.lecturerId });
  }

  /** Another's session would let one person's network earn another's minutes. */
  private async assertOwnPlayback(
    id: PlaybackId,
    broadcast: BroadcastView,
    { userId }: Actor,
  ): Promise<void> {
    const playback = await this.playbacks.byId(id);
    const isOwn = playback?.userId === userId && playback.mode === 'webrtc';
    if (!isOwn || String(playback.lineageId) !== String(broadcast.recordingId)) {
      throw new NotFound('there is no such playback of this broadcast');
    }
  }
}
