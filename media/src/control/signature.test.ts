import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deriveKey, sign, verifySignature } from './signature.ts';

const key = deriveKey('a secret of at least thirty-two bytes', 'yike/control');
const parts = { method: 'PUT', path: '/control/broadcasts/1?x=%2F', body: '{"state":"open"}' };
const now = 1_790_000_000_000;
const signed = sign(key, parts, now);

describe('a signature', () => {
  it('is the HMAC that the contract says', () => {
    const text = `${now}.PUT./control/broadcasts/1?x=%2F.{"state":"open"}`;
    expect(signed).toBe(`t=${now},v1=${createHmac('sha256', key).update(text).digest('hex')}`);
  });

  it('is the same over bytes and text', () =>
    expect(sign(key, { ...parts, body: Buffer.from(parts.body) }, now)).toBe(signed));

  it.each([
    { name: 'at once', change: {}, atMs: now, verdict: 'valid' },
    { name: 'a minute later', change: {}, atMs: now + 60_000, verdict: 'valid' },
    { name: 'a minute and 1 ms later', change: {}, atMs: now + 60_001, verdict: 'expired' },
    { name: 'from a clock one minute ahead', change: {}, atMs: now - 60_000, verdict: 'valid' },
    { name: 'from a clock further ahead', change: {}, atMs: now - 60_001, verdict: 'expired' },
    { name: 'with another body', change: { body: '{"state":"closed"}' }, atMs: now, verdict: 'wrong' },
    { name: 'with another path', change: { path: '/control/broadcasts/2' }, atMs: now, verdict: 'wrong' },
    { name: 'with another method', change: { method: 'GET' }, atMs: now, verdict: 'wrong' },
  ])('$name is $verdict', ({ change, atMs, verdict }) =>
    expect(verifySignature(key, { ...parts, ...change }, signed, atMs)).toBe(verdict),
  );

  it.each([
    { name: 'nothing', header: undefined },
    { name: 'an empty header', header: '' },
    { name: 'a short code', header: `t=${now},v1=abcd` },
    { name: 'upper case', header: signed.toUpperCase() },
    { name: 'a time that is no number', header: signed.replace(String(now), 'NaN') },
    { name: 'something behind it', header: `${signed},v1=00` },
  ])('$name is malformed', ({ header }) =>
    expect(verifySignature(key, parts, header, now)).toBe('malformed'),
  );

  it('of another key is wrong', () => {
    const other = deriveKey('a secret of at least thirty-two bytes', 'yike/join');
    expect(verifySignature(other, parts, signed, now)).toBe('wrong');
  });

  it('cannot be given another time', () => {
    const moved = signed.replace(String(now), String(now + 1));
    expect(verifySignature(key, parts, moved, now + 1)).toBe('wrong');
  });
});
