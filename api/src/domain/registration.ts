import {
  type Consent,
  CONSENT_VERSIONS,
  type ConsentText,
  type ResidentGroup,
} from '@yike/contracts/http/registration';
import { DomainError } from './domain-error.ts';
import { ageOn, type CalendarDay } from './identity/calendar-day.ts';

/** Majority: Civil Code of the PRC, article 17. */
const OF_AGE = 18;
/** Law on the Protection of the Rights and Interests of the Elderly, article 2. */
const ELDERLY_FROM = 60;

/** What a registration says that rules look at. */
export interface RegistrationFacts {
  /** Null where the document does not tell; then nobody is taken for a minor. */
  readonly birth: CalendarDay | null;
  readonly groups: readonly ResidentGroup[];
  readonly consents: readonly Consent[];
  readonly hasGuardian: boolean;
}

/** The present text of each of these must be agreed to. */
export class ConsentMissing extends DomainError {
  readonly code = 'consent-missing';
  override readonly issues;

  constructor(texts: readonly ConsentText[]) {
    super(`consent is missing: ${texts.join(', ')}`);
    this.issues = texts.map((text) => ({ path: 'consents', message: text }));
  }
}

/** A minor registers together with a guardian. */
export class GuardianNeeded extends DomainError {
  readonly code = 'guardian-needed';
}

/** A guardian is a registered resident and of age. */
export class GuardianUnknown extends DomainError {
  readonly code = 'guardian-unknown';
}

/**
 * The groups that a registration is kept with.
 * @throws ConsentMissing, GuardianNeeded
 */
export function admit(facts: RegistrationFacts, today: CalendarDay): ResidentGroup[] {
  const isMinor = facts.birth !== null && ageOn(today, facts.birth) < OF_AGE;
  if (isMinor && !facts.hasGuardian) throw new GuardianNeeded('a minor registers together with a guardian');
  const needed: ConsentText[] = isMinor ? ['terms', 'privacy', 'minor'] : ['terms', 'privacy'];
  const missing = needed.filter((text) => !facts.consents.some((given) => isPresent(given, text)));
  if (missing.length > 0) throw new ConsentMissing(missing);
  return [
    ...new Set([
      ...facts.groups.filter((group) => group !== 'minor' && group !== 'elderly'),
      ...groupsByAge(facts.birth, today),
    ]),
  ];
}

/** What follows from the day of birth. */
export function groupsByAge(birth: CalendarDay | null, today: CalendarDay): ResidentGroup[] {
  if (birth === null) return [];
  const age = ageOn(today, birth);
  if (age < OF_AGE) return ['minor'];
  return age >= ELDERLY_FROM ? ['elderly'] : [];
}

/** Whether this person may stand for a minor. */
export const mayBeGuardian = (birth: CalendarDay | null, today: CalendarDay): boolean =>
  birth !== null && ageOn(today, birth) >= OF_AGE;

const isPresent = ({ text, version }: Consent, wanted: ConsentText): boolean =>
  text === wanted && version === CONSENT_VERSIONS[wanted];
