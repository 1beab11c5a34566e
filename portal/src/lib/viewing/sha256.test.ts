import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sha256Hex } from './sha256.ts';

const buffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

// FIPS 180-4, examples of NIST.
it.each([
  { text: '', hex: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
  { text: 'abc', hex: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
])('knows the hash of "$text" with and without Web Crypto', async ({ text, hex }) => {
  const bytes = buffer(new TextEncoder().encode(text));
  expect(await sha256Hex(bytes)).toBe(hex);
  expect(await sha256Hex(bytes, null)).toBe(hex);
});

it('agrees with the runtime on any bytes outside secure contexts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      const expected = createHash('sha256').update(bytes).digest('hex');
      expect(await sha256Hex(buffer(bytes), null)).toBe(expected);
    }),
  );
});

it('hashes what the buffer held when it was asked, also when the buffer is handed on at once', async () => {
  const bytes = buffer(new TextEncoder().encode('abc'));
  const hash = sha256Hex(bytes, null);
  structuredClone(bytes, { transfer: [bytes] });
  expect(await hash).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
