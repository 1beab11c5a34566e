import { Injectable } from '@nestjs/common';
import type { OrgUnitId } from '@yike/contracts/ids';
import { readPhone } from '../../domain/identity/phone.ts';
import { demand } from '../../domain/identity/reading.ts';
import type { Action } from '../../domain/policy/actions.ts';
import type { SignedInUser } from '../../platform/security/actor.ts';
import { AccountsService } from '../accounts/accounts.service.ts';
import { hashPassword } from '../accounts/passwords.ts';
import { SessionsService } from '../accounts/sessions.service.ts';
import { type AdministrativeAct, AdministrativeActs } from '../audit/administrative-acts.ts';
import { OneTimeCodesService } from '../one-time-codes/one-time-codes.service.ts';
import { PersonalDataService } from '../people/personal-data.service.ts';
import { Homes } from './homes.ts';

/** What a person changes of who they are. Each change is verified, and stands in the audit log. */
@Injectable()
export class OwnIdentityService {
  constructor(
    private readonly accounts: AccountsService,
    private readonly sessions: SessionsService,
    private readonly people: PersonalDataService,
    private readonly homes: Homes,
    private readonly codes: OneTimeCodesService,
    private readonly acts: AdministrativeActs,
  ) {}

  /** @throws StepUpNeeded, IdentityInvalid, CodeWrong, CodeSpent, PhoneTaken, TooManyRequests */
  async changePhone(
    user: SignedInUser,
    given: { readonly phone: string; readonly code: string },
    address: string,
  ): Promise<void> {
    const phone = demand('phone', readPhone(given.phone));
    await this.codes.use({ phone, purpose: 'new-phone' }, given.code, { address });
    const act = await this.actOf(user, 'identity.change-phone');
    await this.acts.perform(act, async (tx) => {
      const before = await this.people.reveal(user.id, 'phone', tx);
      await this.people.changePhone(user.id, phone, tx);
      return { before: { phone: before }, after: { phone }, result: undefined };
    });
  }

  /** @throws NotFound for a home that is no community */
  async changeHome(user: SignedInUser, homeOrgUnitId: OrgUnitId): Promise<void> {
    await this.homes.assertOne(homeOrgUnitId);
    const act = await this.actOf(user, 'identity.change-home');
    await this.acts.perform(act, async (tx) => {
      await this.accounts.move(user.id, homeOrgUnitId, tx);
      return { before: { home: act.orgUnitId }, after: { home: homeOrgUnitId }, result: undefined };
    });
  }

  /** @throws StepUpNeeded */
  async changePassword(user: SignedInUser, password: string): Promise<void> {
    const passwordHash = await hashPassword(password);
    const act = await this.actOf(user, 'identity.change-password');
    await this.acts.perform(act, async (tx) => {
      await this.accounts.setPassword(user.id, passwordHash, tx);
      return { result: undefined };
    });
    await this.sessions.endOthers(user);
  }

  private async actOf(user: SignedInUser, action: Action): Promise<AdministrativeAct> {
    const orgUnitId = await this.accounts.homeOf(user.id);
    return {
      ...{ actor: user, action, orgUnitId },
      subject: { kind: 'person', id: user.id },
      thing: { ownerId: user.id },
    };
  }
}
