import { Injectable } from '@nestjs/common';
import type { PlaybackId } from '@yike/contracts/ids';
import { hashToken } from '../../platform/crypto/secrets.ts';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { PlaybackDirectory, type PlaybackGrant } from '../playback-media/playback-directory.ts';
import { type Playback, PlaybacksRepository } from './playbacks.repository.ts';

/** What open sessions let their residents read. */
@Injectable()
export class PlaybackGrants extends PlaybackDirectory {
  constructor(
    private readonly playbacks: PlaybacksRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {
    super();
  }

  async byToken(token: string): Promise<PlaybackGrant | null> {
    return grantOf(await this.playbacks.byTokenHash(hashToken(token), this.unitOfWork.reader));
  }

  async byId(playbackId: PlaybackId): Promise<PlaybackGrant | null> {
    const found = await this.playbacks.byIds([playbackId], this.unitOfWork.reader);
    return grantOf(found.get(playbackId) ?? null);
  }
}

function grantOf(playback: Playback | null): PlaybackGrant | null {
  if (playback?.closedAtMs !== null) return null;
  const { id, userId, lineageId, mode, cut, openedAtMs } = playback;
  return { playbackId: id, userId, lineageId, mode, cut, openedAtMs };
}
