import { Injectable } from '@nestjs/common';
import type { Entered, EnterByCode, Registration } from '@yike/contracts/http/registration';
import type { Locale } from '@yike/contracts/http/accounts';
import { UserId } from '@yike/contracts/ids';
import { type CalendarDay, dayOf } from '../../domain/identity/calendar-day.ts';
import { DOCUMENTS } from '../../domain/identity/documents.ts';
import { maskText } from '../../domain/identity/mask-text.ts';
import { readDisplayName, readRealName } from '../../domain/identity/names.ts';
import { readPhone } from '../../domain/identity/phone.ts';
import { demand } from '../../domain/identity/reading.ts';
import { DocumentTaken, PhoneTaken } from '../../domain/identity/taken.ts';
import { admit, GuardianUnknown, mayBeGuardian } from '../../domain/registration.ts';
import { Clock } from '../../platform/clock.ts';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { Ids } from '../../platform/ids.ts';
import { type RateLimit, RateLimits } from '../../platform/shared/rate-limits.ts';
import { AccountsService, type SignedIn } from '../accounts/accounts.service.ts';
import { hashPassword } from '../accounts/passwords.ts';
import type { SignInOrigin } from '../accounts/sessions.service.ts';
import { OneTimeCodesService } from '../one-time-codes/one-time-codes.service.ts';
import { PersonalDataService } from '../people/personal-data.service.ts';
import type { PersonalDocument } from '../people/sealing.ts';
import { ConsentsRepository } from './consents.repository.ts';
import { Homes } from './homes.ts';
import { PhoneProofs, PROOF_VALID_SECONDS } from './phone-proofs.ts';

/** Whoever has a phone could try whose ID numbers are registered: not many of them. */
const TRIES = { name: 'registration-phone', points: 10, seconds: 3_600 };

/** The browser, its address, and the language that it shows. */
export interface Registrant extends SignInOrigin {
  readonly address: string;
  readonly locale: Locale;
}

/** A registration of which all values are in their one form. */
interface Applicant {
  readonly phone: string;
  readonly name: string;
  readonly displayName: string;
  readonly document: PersonalDocument;
  readonly birth: CalendarDay | null;
}

/** From a phone in hand to a resident by real name. */
@Injectable()
export class RegistrationService {
  private readonly tries: RateLimit;

  constructor(
    limits: RateLimits,
    private readonly codes: OneTimeCodesService,
    private readonly proofs: PhoneProofs,
    private readonly accounts: AccountsService,
    private readonly people: PersonalDataService,
    private readonly homes: Homes,
    private readonly consents: ConsentsRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    this.tries = limits.create(TRIES);
  }

  /**
   * Whoever typed the code has the phone: its owner is signed in, another may register. `token` is for the cookie.
   * @throws IdentityInvalid, CodeWrong, CodeSpent, TooManyRequests
   */
  async enter(given: EnterByCode, from: Registrant): Promise<{ entered: Entered; token: string | null }> {
    const phone = demand('phone', readPhone(given.phone));
    await this.codes.use({ phone, purpose: 'enter' }, given.code, from);
    const userId = await this.people.findByPhone(phone);
    if (userId !== null) {
      const { me, token } = await this.accounts.enter(userId, from);
      return { entered: { kind: 'signed-in', me }, token };
    }
    const phoneProof = await this.proofs.issue(phone);
    return { entered: { kind: 'new', phoneProof, validSeconds: PROOF_VALID_SECONDS }, token: null };
  }

  /**
   * All of it is kept, or nothing.
   * @throws PhoneProofSpent, IdentityInvalid, PhoneTaken, DocumentTaken, ConsentMissing, GuardianNeeded, GuardianUnknown, CodeWrong, CodeSpent,
   * NotFound for a home that is none, TooManyRequests
   */
  async register(given: Registration, from: Registrant): Promise<SignedIn> {
    const today = dayOf(this.clock.nowMs());
    const applicant = await this.read(given, today);
    await this.tries.consume(applicant.phone);
    const groups = admit(
      { ...given, birth: applicant.birth, hasGuardian: given.guardian !== undefined },
      today,
    );
    await this.refuseTaken(applicant);
    await this.homes.assertOne(given.homeOrgUnitId);
    // Last of all, since it uses a code up.
    const guardianId =
      given.guardian === undefined ? null : await this.guardianOf(given.guardian, today, from);
    const passwordHash = given.password === undefined ? null : await hashPassword(given.password);
    const userId = this.ids.next(UserId);
    await this.unitOfWork.run(async (tx) => {
      const { displayName, name, phone, document } = applicant;
      const account = { displayName, locale: from.locale, orgUnitId: given.homeOrgUnitId, passwordHash };
      const now = this.clock.now();
      await this.accounts.create({ id: userId, ...account }, tx);
      await this.people.register(userId, { name, phone, document, groups, guardianId, verifiedAt: now }, tx);
      const givenBy = guardianId ?? userId;
      await this.consents.add(given.consents, { userId, givenBy, givenAt: now }, tx);
    });
    return this.accounts.enter(userId, from);
  }

  private async read(given: Registration, today: CalendarDay): Promise<Applicant> {
    const rules = DOCUMENTS[given.document.type];
    const number = demand('number', rules.read(given.document.number, today));
    return {
      phone: await this.proofs.open(given.phoneProof),
      name: demand('name', readRealName(given.realName)),
      displayName: maskText(demand('name', readDisplayName(given.displayName))),
      document: { type: given.document.type, number },
      birth: rules.birthDate(number),
    };
  }

  /** The indexes have the last word; asking first saves a guardian's code. */
  private async refuseTaken({ phone, document }: Applicant): Promise<void> {
    if ((await this.people.findByPhone(phone)) !== null) throw new PhoneTaken('this phone is registered');
    if ((await this.people.findByNumber(document)) !== null) {
      throw new DocumentTaken('this document is registered');
    }
  }

  private async guardianOf(
    guardian: NonNullable<Registration['guardian']>,
    today: CalendarDay,
    from: Registrant,
  ): Promise<UserId> {
    const phone = demand('phone', readPhone(guardian.phone));
    await this.codes.use({ phone, purpose: 'guardian' }, guardian.code, from);
    const userId = await this.people.findByPhone(phone);
    const person = userId === null ? null : await this.people.whole(userId);
    const document = person?.document ?? null;
    const birth = document === null ? null : DOCUMENTS[document.type].birthDate(document.number);
    if (userId === null || !mayBeGuardian(birth, today)) {
      throw new GuardianUnknown('a guardian is a registered resident and of age');
    }
    return userId;
  }
}
