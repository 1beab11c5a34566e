import { Injectable } from '@nestjs/common';
import type { UserId } from '@yike/contracts/ids';
import { DomainError } from '../../domain/domain-error.ts';
import { Clock } from '../../platform/clock.ts';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import type { SignedInUser } from '../../platform/security/actor.ts';
import { SessionsService } from '../accounts/sessions.service.ts';
import { AdministrativeActs } from '../audit/administrative-acts.ts';
import { PersonalDataService } from '../people/personal-data.service.ts';
import { OwnRecordsRepository } from './own-records.repository.ts';

/** A minor's registration rests on this person. */
export class IsGuardian extends DomainError {
  readonly code = 'is-guardian';
}

/** Ends an account for good. */
@Injectable()
export class DeletionService {
  constructor(
    private readonly people: PersonalDataService,
    private readonly records: OwnRecordsRepository,
    private readonly sessions: SessionsService,
    private readonly acts: AdministrativeActs,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** @throws StepUpNeeded, IsGuardian */
  async deleteOwn(user: SignedInUser): Promise<void> {
    await this.assertNoGuardian(user.id);
    const { id: orgUnitId } = await this.records.homeOf(user.id, this.unitOfWork.reader);
    const subject = { kind: 'person', id: user.id };
    const act = {
      actor: user,
      action: 'account.delete-mine',
      orgUnitId,
      subject,
      thing: { ownerId: user.id },
    } as const;
    const forgetSessions = await this.acts.perform(act, async (tx) => {
      const result = await this.sessions.endAll(user.id, tx);
      await this.people.erase(user.id, this.clock.now(), tx);
      return { result };
    });
    forgetSessions();
  }

  private async assertNoGuardian(userId: UserId): Promise<void> {
    const wards = await this.people.countMinorsOf(userId, this.clock.now());
    if (wards > 0) throw new IsGuardian(`${wards} minors are registered under this person`);
  }
}
