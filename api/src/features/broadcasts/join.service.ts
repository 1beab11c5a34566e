import { Inject, Injectable } from '@nestjs/common';
import { KEY_INFO } from '@yike/contracts/control/commands';
import type { JoinTicket } from '@yike/contracts/http/broadcasts';
import type { BroadcastId, PlaybackId, UserId } from '@yike/contracts/ids';
import type { TicketClaims } from '@yike/contracts/signaling/room';
import { SignJWT } from 'jose';
import { z } from 'zod';
import type { ApiConfig } from '../../config.ts';
import { BroadcastEnded } from '../../domain/broadcast.ts';
import { DomainError, Forbidden, NotFound } from '../../domain/domain-error.ts';
import { MediaNodesService, NoMediaNode } from '../../media-link/media-nodes.service.ts';
import { Clock } from '../../platform/clock.ts';
import { deriveKey } from '../../platform/crypto/secrets.ts';
import { Ids } from '../../platform/ids.ts';
import { CONFIG } from '../../platform/tokens.ts';
import { LecturesService } from '../lectures/lectures.service.ts';
import { PlaybackDirectory } from '../playback-media/playback-directory.ts';
import { type BroadcastView, BroadcastsService } from './broadcasts.service.ts';

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

export interface JoinRequest {
  readonly as: 'viewer' | 'publisher';
  /** The viewer's own playback session, whose delivery is to be counted. */
  readonly playbackId?: PlaybackId | undefined;
}

/** Decides who may enter a room, and signs the ticket for its media node. */
@Injectable()
export class JoinService {
  private readonly key: Buffer;

  constructor(
    @Inject(CONFIG) config: ApiConfig,
    private readonly broadcasts: BroadcastsService,
    private readonly lectures: LecturesService,
    private readonly playbacks: PlaybackDirectory,
    private readonly nodes: MediaNodesService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    this.key = deriveKey(config.MEDIA_NODE_SECRET, KEY_INFO.join);
  }

  /** @throws NotFound, Forbidden, BroadcastEnded, BroadcastNotLive, NodeFull, NoMediaNode */
  async join(id: BroadcastId, userId: UserId, request: JoinRequest): Promise<JoinTicket> {
    const broadcast = await this.broadcasts.view(id);
    if (broadcast === null) throw new NotFound('there is no such broadcast');
    if (broadcast.state === 'ended') throw new BroadcastEnded('the broadcast has ended');
    const mayPublish = request.as === 'publisher';
    if (mayPublish) await this.assertLecturer(broadcast, userId);
    else if (broadcast.state === 'scheduled') throw new BroadcastNotLive('nobody has published yet');
    if (request.playbackId !== undefined) await this.assertOwnPlayback(request.playbackId, broadcast, userId);
    const node = await this.nodes.byId(broadcast.mediaNode);
    if (node === null) throw new NoMediaNode('its media node is unknown');
    if (!mayPublish && node.load >= 1) throw new NodeFull('the media node takes no more viewers');
    const token = await this.sign({
      use: 'join',
      broadcastId: id,
      peerId: this.ids.next(PeerId),
      ...(request.playbackId !== undefined && { playbackId: request.playbackId }),
      mayPublish,
    });
    return { socketPath: node.socketPath, origin: node.publicOrigin, token, mayPublish };
  }

  private async assertLecturer({ lectureId }: BroadcastView, userId: UserId): Promise<void> {
    const lecture = await this.lectures.facts(lectureId);
    if (lecture?.lecturerId !== userId) throw new Forbidden('only its lecturer may publish');
  }

  /** Another's session would let one person's network earn another's minutes. */
  private async assertOwnPlayback(id: PlaybackId, broadcast: BroadcastView, userId: UserId): Promise<void> {
    const playback = await this.playbacks.byId(id);
    const isOwn = playback?.userId === userId && playback.mode === 'webrtc';
    if (!isOwn || String(playback.lineageId) !== String(broadcast.recordingId)) {
      throw new NotFound('there is no such playback of this broadcast');
    }
  }

  private sign(claims: Omit<TicketClaims, 'exp'>): Promise<string> {
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(Math.floor(this.clock.nowMs() / 1000) + TICKET_SECONDS)
      .sign(this.key);
  }
}
