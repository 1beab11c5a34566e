import { CONSENT_VERSIONS, type Consent, type ConsentText } from '@yike/contracts/http/registration';
import { describe, expect, it } from 'vitest';
import { admit, ConsentMissing, groupsByAge, GuardianNeeded, mayBeGuardian } from './registration.ts';

const TODAY = '2026-11-22';
const consentTo = (...texts: ConsentText[]): Consent[] =>
  texts.map((text) => ({ text, version: CONSENT_VERSIONS[text] }));
const grownUp = {
  birth: '1980-01-01',
  groups: [],
  consents: consentTo('terms', 'privacy'),
  hasGuardian: false,
};
const child = { ...grownUp, birth: '2012-01-01', consents: consentTo('terms', 'privacy', 'minor') };

describe('groups by age', () => {
  it.each([
    { name: 'the day before 18', birth: '2008-11-23', groups: ['minor'] },
    { name: '18 today', birth: '2008-11-22', groups: [] },
    { name: 'the day before 60', birth: '1966-11-23', groups: [] },
    { name: '60 today', birth: '1966-11-22', groups: ['elderly'] },
    { name: 'no day of birth', birth: null, groups: [] },
  ])('$name: $groups', ({ birth, groups }) => expect(groupsByAge(birth, TODAY)).toEqual(groups));
});

describe('a registration', () => {
  it('is admitted with the groups that were named and those of the age', () => {
    expect(admit({ ...grownUp, birth: '1950-01-01', groups: ['farmer', 'farmer', 'minor'] }, TODAY)).toEqual([
      'farmer',
      'elderly',
    ]);
  });

  it('needs the present version of each text', () => {
    const old: Consent[] = [...consentTo('terms'), { text: 'privacy', version: '2020-01-01' }];
    const refused = () => admit({ ...grownUp, consents: old }, TODAY);
    expect(refused).toThrow(ConsentMissing);
    expect(refused).toThrow(/privacy/);
  });

  it.each([
    { name: 'a child alone', facts: child, refusal: GuardianNeeded },
    {
      name: 'a child whose guardian agreed to nothing',
      facts: { ...child, hasGuardian: true, consents: consentTo('terms', 'privacy') },
      refusal: ConsentMissing,
    },
  ])('$name is refused', ({ facts, refusal }) => expect(() => admit(facts, TODAY)).toThrow(refusal));

  it('takes a child with a guardian who agrees', () => {
    expect(admit({ ...child, hasGuardian: true }, TODAY)).toEqual(['minor']);
  });
});

it.each([
  { birth: '2008-11-22', may: true },
  { birth: '2008-11-23', may: false },
  { birth: null, may: false },
])('born $birth may be a guardian: $may', ({ birth, may }) => expect(mayBeGuardian(birth, TODAY)).toBe(may));
