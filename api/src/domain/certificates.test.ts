import { CertificateNumber } from '@yike/contracts/http/certificates';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { certificateNumber, maskName, NUMBER_BYTES } from './certificates.ts';

it('every number has the shape of the contract', () => {
  const anyBytes = fc.uint8Array({ minLength: NUMBER_BYTES, maxLength: NUMBER_BYTES });
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      fc.pre(bytes.filter((byte) => byte < 240).length >= 10);
      expect(CertificateNumber.safeParse(certificateNumber(2026, bytes)).success).toBe(true);
    }),
  );
});

it('every sign is equally likely', () => {
  const each = Uint8Array.from({ length: 240 }, (_, byte) => byte);
  const signs = Array.from({ length: 24 }, (_, i) =>
    certificateNumber(2026, each.subarray(i * 10)).slice(8),
  ).join('');
  const counts = new Set(Array.from(new Set(signs), (sign) => signs.split(sign).length - 1));
  expect([...counts]).toEqual([8]);
});

it('bytes that are all unfair are refused', () => {
  expect(() => certificateNumber(2026, new Uint8Array(NUMBER_BYTES).fill(255))).toThrow(RangeError);
});

it.each([
  ['王小英', '王*英'],
  ['李明', '李*'],
  ['欧阳小英', '欧**英'],
  ['王', '王*'],
  [' 王小英 ', '王*英'],
  ['𠮷田花', '𠮷*花'],
  ['Ada Lovelace', 'A** L*******'],
  ['X', 'X*'],
])('%s is shown as %s', (name, masked) => {
  expect(maskName(name)).toBe(masked);
});
