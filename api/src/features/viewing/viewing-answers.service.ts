import { Injectable } from '@nestjs/common';
import type { ViewingSummary } from '@yike/contracts/http/viewing';
import type { PlaybackId } from '@yike/contracts/ids';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { Gather } from '../../platform/gather.ts';
import { LeasesRepository } from './leases.repository.ts';
import { PlaybacksRepository } from './playbacks.repository.ts';
import { ViewingSummaries } from './viewing-summary.service.ts';

/** What a page is told when its beats are committed. */
export interface ViewingAnswer {
  readonly summary: ViewingSummary | null;
  readonly holdsLease: boolean;
}

/** Beats are committed together; what their pages are told is read together, too. */
@Injectable()
export class ViewingAnswers {
  readonly #gathered = new Gather((ids: readonly PlaybackId[]) => this.#answerAll(ids));

  constructor(
    private readonly playbacks: PlaybacksRepository,
    private readonly leases: LeasesRepository,
    private readonly summaries: ViewingSummaries,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Of a session whose beats were taken: it is the asking resident's own. */
  of(playbackId: PlaybackId): Promise<ViewingAnswer> {
    return this.#gathered.ask(playbackId);
  }

  async #answerAll(ids: readonly PlaybackId[]): Promise<ViewingAnswer[]> {
    const tx = this.unitOfWork.reader;
    const [found, holders] = await Promise.all([this.playbacks.byIds(ids, tx), this.leases.holders(ids, tx)]);
    const playbacks = [...found.values()];
    const summaries = await this.summaries.ofMany(playbacks);
    const summaryOf = new Map(playbacks.map(({ id }, index) => [id, summaries[index] ?? null]));
    return ids.map((id) => ({ summary: summaryOf.get(id) ?? null, holdsLease: holders.has(id) }));
  }
}
