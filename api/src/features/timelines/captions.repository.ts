import { Injectable } from '@nestjs/common';
import type { Locale } from '@yike/contracts/http/accounts';
import type { LineageId } from '@yike/contracts/ids';
import { In } from 'typeorm';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { CaptionEntity } from './caption.entity.ts';

@Injectable()
export class CaptionsRepository {
  ofTimelines(ids: readonly LineageId[], tx: Tx): Promise<CaptionEntity[]> {
    return tx.find(CaptionEntity, { where: { timelineId: In(ids) }, order: { language: 'DESC' } });
  }

  of(timelineId: LineageId, language: Locale, tx: Tx): Promise<CaptionEntity | null> {
    return tx.findOneBy(CaptionEntity, { timelineId, language });
  }

  /** Of a language there is one file; a new one takes its place. */
  async put(caption: Pick<CaptionEntity, keyof CaptionEntity>, tx: Tx): Promise<void> {
    await tx.upsert(CaptionEntity, caption, ['timelineId', 'language']);
  }
}
