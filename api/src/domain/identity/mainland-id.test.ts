import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DOCUMENTS } from './documents.ts';
import { checkSign, readMainlandId } from './mainland-id.ts';

const TODAY = '2026-11-22';
/** The number that these 17 digits belong to. */
const whole = (digits: string): string => digits + checkSign(digits);

it.each([
  { name: 'of the standard itself', typed: '11010519491231002X', value: '11010519491231002X' },
  { name: 'with a digit at the end', typed: whole('44052419800101001'), value: '440524198001010013' },
  { name: 'a small x', typed: '11010519491231002x', value: '11010519491231002X' },
  { name: 'full-width', typed: '１１０１０５１９４９１２３１００２ｘ', value: '11010519491231002X' },
  { name: 'with spaces', typed: ' 110105 19491231 002X ', value: '11010519491231002X' },
  { name: 'a wrong check sign', typed: '110105194912310021', fault: 'number-checksum' },
  { name: 'two digits changed places', typed: '11010519491231020X', fault: 'number-checksum' },
  { name: 'an x in the middle', typed: '1101051949123100X2', fault: 'number-characters' },
  { name: 'letters', typed: '11010519491231OO2X', fault: 'number-characters' },
  { name: '15 digits', typed: '110105491231002', fault: 'number-fifteen' },
  { name: '17 digits', typed: '11010519491231002', fault: 'number-length' },
  { name: '19 digits', typed: '110105194912310020X', fault: 'number-length' },
  { name: 'nothing', typed: '', fault: 'number-length' },
  { name: 'no province', typed: whole('10010519491231002'), fault: 'number-region' },
  { name: 'a residence permit', typed: whole('81000019900101001'), value: whole('81000019900101001') },
  { name: 'a 13th month', typed: whole('11010519491331002'), fault: 'number-birth-date' },
  { name: '30 February', typed: whole('11010519490230002'), fault: 'number-birth-date' },
  {
    name: '29 February of a leap year',
    typed: whole('11010520000229002'),
    value: whole('11010520000229002'),
  },
  { name: '29 February of a common year', typed: whole('11010519000229002'), fault: 'number-birth-date' },
  { name: 'the last day of 1899', typed: whole('11010518991231002'), fault: 'number-birth-date' },
  { name: 'the first day of 1900', typed: whole('11010519000101002'), value: whole('11010519000101002') },
  { name: 'born today', typed: whole('11010520261122002'), value: whole('11010520261122002') },
  { name: 'born tomorrow', typed: whole('11010520261123002'), fault: 'number-birth-in-future' },
])('$name', ({ typed, value, fault }) =>
  expect(readMainlandId(typed, TODAY)).toEqual(fault === undefined ? { value } : { fault }),
);

describe('beside another implementation', () => {
  // CommonJS without types; its own list of counties is larger than ours of provinces, so only counties that it knows are tried.
  const Validator = createRequire(import.meta.url)('id-validator') as new () => {
    isValid(id: string): boolean;
  };
  const validator = new Validator();
  const digits = fc
    .tuple(
      fc.constantFrom('110105', '440305', '510104', '330106', '650102'),
      fc.date({ min: new Date('1920-01-01'), max: new Date('2020-12-31'), noInvalidDate: true }),
      fc.integer({ min: 1, max: 999 }),
    )
    .map(([region, born, order]) => {
      const day = born.toISOString().slice(0, 10).replaceAll('-', '');
      return `${region}${day}${String(order).padStart(3, '0')}`;
    });

  it('both take the same numbers', () => {
    fc.assert(
      fc.property(digits, fc.constantFrom(...Array.from('0123456789X')), (seventeen, sign) => {
        const isTaken = 'value' in readMainlandId(seventeen + sign, TODAY);
        expect(isTaken).toBe(validator.isValid(seventeen + sign));
      }),
    );
  });

  it('one slip of a digit is always noticed', () => {
    fc.assert(
      fc.property(digits, fc.nat(16), fc.integer({ min: 1, max: 9 }), (seventeen, at, by) => {
        const slipped = String((Number(seventeen[at]) + by) % 10);
        const number = seventeen.slice(0, at) + slipped + seventeen.slice(at + 1) + checkSign(seventeen);
        expect(readMainlandId(number, TODAY)).toHaveProperty('fault');
      }),
    );
  });
});

it('tells the day of birth, and shows seven characters', () => {
  const rules = DOCUMENTS['mainland-id'];
  expect(rules.birthDate('11010519491231002X')).toBe('1949-12-31');
  expect(rules.mask('44010519491231002X')).toBe('440***********002X');
});
