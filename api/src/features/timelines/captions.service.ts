import { Inject, Injectable } from '@nestjs/common';
import type { Locale } from '@yike/contracts/http/accounts';
import type { LineageId } from '@yike/contracts/ids';
import type { ObjectStore } from '@yike/storage/object-store';
import { NotFound } from '../../domain/domain-error.ts';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { OBJECT_STORE } from '../../platform/tokens.ts';
import { CaptionsRepository } from './captions.repository.ts';

/** The captions of timelines. */
@Injectable()
export class CaptionsService {
  constructor(
    private readonly captions: CaptionsRepository,
    private readonly unitOfWork: UnitOfWork,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  /** The languages in which each of them can be read, Chinese first; those without captions are not in the map. */
  async languagesOf(ids: readonly LineageId[]): Promise<Map<LineageId, Locale[]>> {
    const languages = new Map<LineageId, Locale[]>();
    for (const { timelineId, language } of await this.captions.ofTimelines(ids, this.unitOfWork.reader)) {
      languages.set(timelineId, [...(languages.get(timelineId) ?? []), language]);
    }
    return languages;
  }

  /** A whole file, as WebVTT. @throws NotFound where there is none of this language */
  async read(id: LineageId, language: Locale): Promise<string> {
    const caption = await this.captions.of(id, language, this.unitOfWork.reader);
    if (caption === null) throw new NotFound('there are no captions of this language');
    return (await this.store.getBuffer(caption.objectKey)).toString('utf8');
  }
}
