import { Injectable } from '@nestjs/common';
import type { CodeSent } from '@yike/contracts/http/codes';
import type { StepUp } from '@yike/contracts/http/sessions';
import { DomainError } from '../../domain/domain-error.ts';
import type { SignedInUser } from '../../platform/security/actor.ts';
import { AccountsService } from '../accounts/accounts.service.ts';
import { SessionsService } from '../accounts/sessions.service.ts';
import { OneTimeCodesService, type Origin } from '../one-time-codes/one-time-codes.service.ts';
import { PersonalDataService } from '../people/personal-data.service.ts';

/** This account has no phone: its password is asked for. */
class NoPhone extends DomainError {
  readonly code = 'no-phone';
}

/** The second proof that whole personal data, exports and grants of roles ask for. */
@Injectable()
export class StepUpService {
  constructor(
    private readonly codes: OneTimeCodesService,
    private readonly people: PersonalDataService,
    private readonly accounts: AccountsService,
    private readonly sessions: SessionsService,
  ) {}

  /** To one's own phone. @throws NoPhone, TooManyRequests, MessageNotSent */
  async sendCode(user: SignedInUser, from: Origin): Promise<CodeSent> {
    return this.codes.send({ phone: await this.phoneOf(user), purpose: 'step-up' }, from);
  }

  /** @throws WrongCredentials, NoPhone, CodeWrong, CodeSpent, TooManyRequests */
  async confirm(user: SignedInUser, given: StepUp, from: Pick<Origin, 'address'>): Promise<void> {
    if ('password' in given) await this.accounts.checkPassword(user.id, given.password, from.address);
    else await this.codes.use({ phone: await this.phoneOf(user), purpose: 'step-up' }, given.code, from);
    await this.sessions.stepUp(user.sessionId);
  }

  private async phoneOf({ id }: SignedInUser): Promise<string> {
    const phone = await this.people.reveal(id, 'phone');
    if (phone === null) throw new NoPhone('this account has no phone');
    return phone;
  }
}
