import { Inject, Injectable } from '@nestjs/common';
import { MediaEvent, type MediaEventReply } from '@yike/contracts/control/events';
import { EventId } from '@yike/contracts/ids';
import type { Logger } from 'pino';
import { z } from 'zod';
import { DomainError } from '../domain/domain-error.ts';
import { Clock } from '../platform/clock.ts';
import { UnitOfWork } from '../platform/database/unit-of-work.ts';
import { Metrics } from '../platform/health/metrics.ts';
import { TryLater } from '../platform/problems/problems.ts';
import { LOGGER } from '../platform/tokens.ts';
import { EventEffects } from './event-effects.ts';
import { InboxRepository } from './inbox.repository.ts';

/** As loose as can be: one event that is wrong must not keep back the others of its batch. */
export const LooseEventBatch = z.strictObject({
  events: z
    .array(z.looseObject({ id: EventId, type: z.string().max(64) }))
    .min(1)
    .max(500),
});
/** Types that may become a label. */
const TYPES: ReadonlySet<string> = new Set(MediaEvent.options.map(({ shape }) => shape.type.value));
type LooseEvent = z.infer<typeof LooseEventBatch>['events'][number];

/**
 * Takes events of media nodes, at least once and in any order: each in a transaction of its own, with its id, so that the
 * second time changes nothing. What can never be taken is parked; what cannot be taken now stays with the node.
 */
@Injectable()
export class EventInbox {
  constructor(
    private readonly inbox: InboxRepository,
    private readonly effects: EventEffects,
    private readonly unitOfWork: UnitOfWork,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async take(events: readonly LooseEvent[]): Promise<MediaEventReply> {
    const reply: MediaEventReply = { accepted: [], refused: [] };
    for (const event of events) {
      const outcome = await this.takeOne(event);
      this.count(event, outcome.is);
      if (outcome.is === 'accepted') reply.accepted.push(event.id);
      if (outcome.is === 'refused') reply.refused.push({ id: event.id, reason: outcome.reason });
    }
    return reply;
  }

  private count({ type: said, atMs }: LooseEvent, outcome: string): void {
    const type = TYPES.has(said) ? said : 'other';
    this.metrics.mediaEvents.inc({ type, outcome });
    if (outcome === 'accepted' && typeof atMs === 'number') {
      this.metrics.mediaEventLag.observe({ type }, Math.max(0, this.clock.nowMs() - atMs) / 1000);
    }
  }

  private async takeOne(
    loose: LooseEvent,
  ): Promise<{ is: 'accepted' | 'postponed' } | { is: 'refused'; reason: string }> {
    try {
      const parsed = MediaEvent.safeParse(loose);
      if (!parsed.success) return await this.park(loose, z.prettifyError(parsed.error).slice(0, 1000));
      await this.apply(parsed.data);
      return { is: 'accepted' };
    } catch (error) {
      if (error instanceof DomainError && !(error instanceof TryLater))
        return this.park(loose, error.message);
      this.log.warn(
        { err: error, eventId: loose.id, type: loose.type },
        'an event of a media node has to wait',
      );
      return { is: 'postponed' };
    }
  }

  private async apply(event: MediaEvent): Promise<void> {
    const effect = await this.effects.prepare(event);
    const isNew = await this.unitOfWork.run(async (tx) => {
      if (!(await this.inbox.take(event, tx))) return false;
      await effect.apply(tx);
      return true;
    });
    if (isNew) await effect.afterCommit();
  }

  private async park(event: LooseEvent, reason: string): Promise<{ is: 'refused'; reason: string }> {
    await this.inbox.park(
      event.id,
      { type: event.type, refusal: reason, payload: event },
      this.unitOfWork.reader,
    );
    this.log.error({ eventId: event.id, type: event.type, reason }, 'an event of a media node was parked');
    return { is: 'refused', reason };
  }
}
