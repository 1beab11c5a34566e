import { newId, UserId } from '@yike/contracts/ids';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AesGcmCipher } from './aes-gcm-cipher.ts';
import { masterKeysOf } from './master-keys.ts';
import { SealBroken } from './personal-data-cipher.ts';

const OLD = 'the old secret of thirty-two characters';
const NEW = 'the new secret of thirty-two characters';
const cipherWith = (secrets: string, index = 'an index'): AesGcmCipher =>
  new AesGcmCipher(masterKeysOf(secrets), index);
const cipher = cipherWith(OLD);
const userId = newId(UserId);
const other = newId(UserId);
const place = { userId, field: 'phone' } as const;
const key = cipher.newDataKey();

it('opens what it has sealed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (plain) => {
      const sealed = cipher.seal(key, plain, place);
      expect(cipher.open(key, sealed, place)).toBe(plain);
    }),
  );
});

it('seals the same value differently each time, and says by the first byte how', () => {
  const [first, second] = [cipher.seal(key, '13812345678', place), cipher.seal(key, '13812345678', place)];
  expect(first).not.toEqual(second);
  expect(first[0]).toBe(1);
  expect(first.toString('latin1')).not.toContain('138');
});

describe('does not open', () => {
  const sealed = cipher.seal(key, '13812345678', place);
  it.each([
    { name: 'in another field', open: () => cipher.open(key, sealed, { userId, field: 'number' }) },
    { name: 'in another row', open: () => cipher.open(key, sealed, { userId: other, field: 'phone' }) },
    { name: 'with another key', open: () => cipher.open(cipher.newDataKey(), sealed, place) },
    {
      name: 'of another version',
      open: () => cipher.open(key, Buffer.from([2, ...sealed.subarray(1)]), place),
    },
    { name: 'cut off', open: () => cipher.open(key, sealed.subarray(0, 20), place) },
    { name: 'empty', open: () => cipher.open(key, Buffer.alloc(0), place) },
    { name: "another person's key", open: () => cipher.unwrap(cipher.wrap(key, userId), other) },
    {
      name: 'a key by a master that is gone',
      open: () => cipherWith(NEW).unwrap(cipher.wrap(key, userId), userId),
    },
  ])('$name', ({ open }) => expect(open).toThrow(SealBroken));

  it('when any one bit was changed', () => {
    fc.assert(
      fc.property(fc.nat(sealed.length * 8 - 1), (bit) => {
        const changed = Buffer.from(sealed);
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(() => cipher.open(key, changed, place)).toThrow(SealBroken);
      }),
    );
  });
});

it('wraps by the first master key and unwraps by any', () => {
  const wrapped = cipher.wrap(key, userId);
  const rotated = cipherWith(`${NEW},\n${OLD}\n`);
  expect(rotated.unwrap(wrapped, userId)).toEqual(key);
  const again = rotated.wrap(key, userId);
  expect(again.masterKeyId).toBe(cipherWith(NEW).currentMasterKeyId);
  expect(again.masterKeyId).not.toBe(wrapped.masterKeyId);
  expect(cipherWith(NEW).unwrap(again, userId)).toEqual(key);
});

it('finds equal values of one kind, under one index key', () => {
  expect(cipher.index('phone', '13812345678')).toEqual(cipherWith(NEW).index('phone', '13812345678'));
  expect(cipher.index('phone', '1')).not.toEqual(cipher.index('mainland-id', '1'));
  expect(cipher.index('phone', '1')).not.toEqual(cipherWith(OLD, 'another').index('phone', '1'));
});

it('needs a master key', () => expect(() => masterKeysOf(' ,\n')).toThrow(RangeError));
