import { createHash } from 'node:crypto';
import { deriveKey } from '../secrets.ts';

/** Wraps the keys of persons. */
export interface MasterKey {
  /** A fingerprint of the key, to be kept beside what it wraps: 16 hexadecimal digits. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** The first wraps new keys; all of them open. */
export type MasterKeys = readonly [MasterKey, ...MasterKey[]];

/** The secrets in `PERSONAL_DATA_KEYS`: separated by commas or line ends, the present one first. */
export const masterSecrets = (setting: string): string[] =>
  setting
    .split(/[,\r\n]/)
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');

/** @throws RangeError where the setting has no secret in it */
export function masterKeysOf(setting: string): MasterKeys {
  const [current, ...others] = masterSecrets(setting).map(masterKeyOf);
  if (current === undefined) throw new RangeError('there is no master key');
  return [current, ...others];
}

function masterKeyOf(secret: string): MasterKey {
  const key = deriveKey(secret, 'yike/personal-data/master');
  const fingerprint = createHash('sha256').update('yike/master-key-id').update(key).digest('hex');
  return { id: fingerprint.slice(0, 16), key };
}
