import { expect, it } from 'vitest';
import { maskPhone, readPhone } from './phone.ts';

it.each([
  { typed: '13812345678', value: '13812345678' },
  { typed: ' 138 1234 5678 ', value: '13812345678' },
  { typed: '138-1234-5678', value: '13812345678' },
  { typed: '１３８１２３４５６７８', value: '13812345678' },
  { typed: '+86 138 1234 5678', value: '13812345678' },
  { typed: '＋86-13812345678', value: '13812345678' },
  { typed: '0086 13812345678', value: '13812345678' },
  { typed: '8613812345678', value: '13812345678' },
  { typed: '\u202A13812345678\u202C', value: '13812345678' },
  { typed: '13000000000', value: '13000000000' },
  { typed: '19999999999', value: '19999999999' },
])('$typed is $value', ({ typed, value }) => expect(readPhone(typed)).toEqual({ value }));

it.each([
  { typed: '', fault: 'phone-length' },
  { typed: '1381234567', fault: 'phone-length' },
  { typed: '138123456789', fault: 'phone-length' },
  { typed: '+85291234567', fault: 'phone-length' },
  { typed: '01012345678', fault: 'phone-not-mobile' },
  { typed: '12812345678', fault: 'phone-not-mobile' },
  { typed: '1381234567a', fault: 'phone-characters' },
  { typed: '一三八12345678', fault: 'phone-characters' },
  { typed: '13812345678; DROP TABLE users', fault: 'phone-characters' },
])('$typed: $fault', ({ typed, fault }) => expect(readPhone(typed)).toEqual({ fault }));

it('shows three digits and four', () => expect(maskPhone('13812345678')).toBe('138****5678'));
