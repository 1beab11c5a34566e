import { createHash, hkdfSync, randomBytes } from 'node:crypto';

/** 32 random bytes as 43 characters of base64url: a session cookie, a playback token. */
export const randomToken = (): string => randomBytes(32).toString('base64url');

/** What the database keeps of a token. Tokens are random, so a plain hash is enough. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/** A 32-byte key for one use, by HKDF-SHA256 without salt (RFC 5869). */
export const deriveKey = (secret: string, info: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', info, 32));
